import numpy as np
import pytest
import ruptures

from services.analysis.changepoints import SHORTEST, Step, changepoints, cuts, partition
from tests.analysis.test_trend_test import wandering


def sales(size: tuple[int, int], seed: int = 7, related: float = 0.0) -> np.ndarray:
    """Weeks about 100, most within a third of it."""
    noise = wandering(size, related, seed) * np.sqrt(1 - related**2)
    return np.asarray(100 * np.exp(0.3 * noise))


def share(found: tuple[tuple[Step, ...], ...]) -> float:
    """How many series have a step."""
    return float(np.mean([bool(steps) for steps in found]))


@pytest.mark.parametrize("seed", range(12))
def test_levels_are_those_of_ruptures(seed: int) -> None:
    """The same bounds as its Pelt with squared error, for the same penalty and shortest level."""
    random = np.random.default_rng(seed)
    weeks = int(random.integers(14, 120))
    values = np.repeat(random.normal(0, 2, size=8), 15)[:weeks] + random.normal(size=weeks)
    penalty = float(random.choice([3.0, 8.0, 20.0]))
    _, before = partition(values[None], np.array([penalty]), SHORTEST)

    theirs = ruptures.Pelt(model="l2", min_size=SHORTEST, jump=1).fit(values).predict(penalty)
    assert [*cuts(before[0], weeks), weeks] == theirs


def test_a_doubling_is_found_in_its_week() -> None:
    """Ten a week, then twenty: one step, with the mean before and after."""
    assert changepoints(np.array([[10.0] * 12 + [20.0] * 12])) == ((Step(at=12, before=10.0, after=20.0),),)


def test_unknown_weeks_are_left_out() -> None:
    """A step is told on the calendar, whatever is missing before it."""
    weeks = np.array([np.nan] * 3 + [10.0] * 6 + [np.nan] * 2 + [10.0] * 6 + [20.0] * 12)

    assert changepoints(weeks[None]) == ((Step(at=17, before=10.0, after=20.0),),)


def test_noise_has_no_steps() -> None:
    """Under one in fifty of a year's independent weeks, one in thirty of few counts; wandering has one in seven."""
    assert share(changepoints(sales((1000, 52)))) < 0.02
    assert share(changepoints(np.random.default_rng(3).poisson(3, (1000, 52)).astype(float))) < 0.035
    assert share(changepoints(sales((1000, 52), related=0.5))) < 0.2


def test_a_real_step_is_mostly_found() -> None:
    """Of niches that double under a noise of 30 % a week, four in five, most within three weeks of it."""
    doubled = sales((500, 52))
    doubled[:, 26:] *= 2
    found = changepoints(doubled)

    assert share(found) > 0.78
    assert np.mean([any(abs(step.at - 26) <= 3 for step in steps) for steps in found]) > 0.75


def test_one_week_is_no_level() -> None:
    """Ten times the usual in a single week moves nothing."""
    spiked = sales((500, 52))
    spiked[:, 20] *= 10

    assert share(changepoints(spiked)) < 0.04


def test_a_trend_is_not_a_stair() -> None:
    """A series that rises along a line has no steps."""
    line = 100 + 3 * np.arange(52.0)
    rising = line * (sales((500, 52)) / 100) ** 0.5

    assert share(changepoints(rising)) < 0.12
    assert changepoints(line[None]) == ((),)


@pytest.mark.parametrize(
    "values",
    [
        np.zeros((2, 0)),
        np.zeros((2, 60)),
        np.full((2, 60), np.nan),
        np.full((2, 60), 7.0),
        np.arange(22.0).reshape(2, 11),
    ],
)
def test_what_is_short_or_steady_has_no_steps(values: np.ndarray) -> None:
    """Twelve known weeks that are not all equal are the least."""
    assert changepoints(values) == ((), ())


def test_a_series_in_a_batch_has_the_steps_it_has_alone() -> None:
    """Whatever stands beside it."""
    batch = sales((30, 130))
    batch[::3, 60:] *= 3
    batch[1, :80] = np.nan
    batch[2] = 0.0

    assert changepoints(batch) == tuple(changepoints(row[None])[0] for row in batch)
