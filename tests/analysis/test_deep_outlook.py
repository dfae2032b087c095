"""The deep forecast of one niche: stages, honesty, and niches and markets of any badness."""

import numpy as np
import pytest

from contracts.forecast import Forecast
from services.analysis import deep_outlook as module
from services.analysis.deep_outlook import BLOCK, deep_outlook
from services.analysis.forecasting.deep import SMOOTHERS
from services.analysis.outlook import HISTORY, outlooks

RNG = np.random.default_rng(4)
WEEKS = 40
MARKET = np.exp(RNG.normal(5, 1, (40, 1)) + RNG.normal(0, 0.3, (40, WEEKS)))


def outlook(weekly: np.ndarray, market: np.ndarray = MARKET, horizon: int = 4) -> Forecast:
    """The deep forecast of a niche of these weeks."""
    return deep_outlook(weekly, market, range(2000, 2000 + len(weekly)), horizon, lambda _: None)


def made_at_origins(monkeypatch: pytest.MonkeyPatch, weekly: np.ndarray, market: np.ndarray) -> np.ndarray:
    """What was forecast at every origin [origins, horizon]."""
    seen: list[np.ndarray] = []
    kept = module.told

    def told(y: np.ndarray, made: np.ndarray, *rest: object) -> list[Forecast]:
        seen.append(made[0])
        return kept(y, made, *rest)  # type: ignore[arg-type] # what it was called with

    with monkeypatch.context() as patched:
        patched.setattr(module, "told", told)
        outlook(weekly, market)
    return seen[0]


def test_a_forecast_says_what_it_is_and_how_it_held() -> None:
    """Points with bands, the members, the errors and the coverage of all past origins."""
    stages: list[str] = []
    found = deep_outlook(MARKET[0], MARKET, range(2000, 2000 + WEEKS), 4, stages.append)

    assert stages == ["learn", "judge", "forecast"]
    assert (found.tier, found.horizon, found.members, found.reason) == (
        "deep",
        4,
        (*SMOOTHERS, "boosting_adjusted"),
        None,
    )
    assert found.folds == WEEKS - HISTORY
    assert [band.level for band in found.points[0].bands] == [50, 80, 95]
    assert [part.level for part in found.coverage] == [50, 80, 95]
    assert found.mase is not None
    assert 0.3 < found.mase < 1


def test_what_the_market_teaches_helps() -> None:
    """On niches whose jumps all fall back, its past errors are about those of the fast tier or smaller."""
    fast = outlooks(MARKET[:3], range(WEEKS), 4)
    deep = [outlook(row) for row in MARKET[:3]]

    assert sum(one.mase or 0 for one in deep) < 1.1 * sum(one.mase or 0 for one in fast)


@pytest.mark.parametrize("later", [0.0, 1e9, np.nan])
def test_an_origin_sees_no_later_week_of_the_niche_or_its_market(monkeypatch: pytest.MonkeyPatch, later: float) -> None:
    """Whatever happens after an origin, to the niche or to others, it forecast the same, to the last bit."""
    known = 30
    other = MARKET.copy()
    other[:, known:] = later
    before = made_at_origins(monkeypatch, MARKET[0], MARKET)
    after = made_at_origins(monkeypatch, other[0], other)

    judged = known - HISTORY + 1
    assert len(before) == WEEKS - HISTORY + 1 > judged > BLOCK
    np.testing.assert_array_equal(before[:judged], after[:judged])
    assert not np.array_equal(before[judged:], after[judged:])


def test_a_niche_need_not_be_among_its_market() -> None:
    """Its own series is learnt from too; an empty market leaves what its own can teach, here the smoothers."""
    found = outlook(MARKET[0], MARKET[1:])
    alone = outlook(MARKET[0], np.zeros((0, WEEKS)))

    assert len(found.points) == 4
    assert alone.members == SMOOTHERS
    assert len(alone.points) == 4


@pytest.mark.parametrize(
    ("weekly", "reason"),
    [
        (np.zeros(WEEKS), "no_sales"),
        (np.full(WEEKS, np.nan), "no_sales"),
        (np.zeros(0), "no_sales"),
        (np.concatenate([np.zeros(30), np.ones(10)]), "short_history"),
    ],
)
def test_what_cannot_be_forecast_says_why(weekly: np.ndarray, reason: str) -> None:
    """No points and a reason, the same as the fast tier's, before anything is learnt."""
    found = outlook(weekly, MARKET[:, : len(weekly)])

    assert (found.tier, found.points, found.reason, found.mase) == ("deep", (), reason, None)


BAD = {
    "constant": np.full(WEEKS, 7.0),
    "died": np.concatenate([MARKET[0, :20], np.zeros(20)]),
    "intermittent": np.where(np.arange(WEEKS) % 3 == 0, 5.0, 0.0),
    "gaps": np.where(np.arange(WEEKS) % 7 < 2, np.nan, MARKET[0]),
    "unknown now": np.where(np.arange(WEEKS) > 36, np.nan, MARKET[0]),
    "started late": np.where(np.arange(WEEKS) < 25, 0.0, MARKET[0]),
    "huge": 1e100 * MARKET[0],
    "tiny": 1e-100 * MARKET[0],
    "returns": np.where(np.arange(WEEKS) % 5 == 4, -3.0, MARKET[0]),
}


@pytest.mark.parametrize("weekly", BAD.values(), ids=BAD)
def test_bad_series_have_a_forecast_that_is_a_number(weekly: np.ndarray) -> None:
    """Gaps, zeros, a late start, a death, any size: points of at least zero, each within its bands."""
    found = outlook(weekly)

    assert len(found.points) == 4
    for point in found.points:
        assert np.isfinite(point.p50)
        assert all(0 <= band.lo <= point.p50 <= band.hi < np.inf for band in point.bands)
    assert found.mase is None or np.isfinite(found.mase)


def test_a_bad_market_teaches_nothing_bad() -> None:
    """Niches that never sold, are not known, stand still or are of another size leave the forecast a number."""
    market = np.vstack([np.zeros(WEEKS), np.full(WEEKS, np.nan), np.full(WEEKS, 3.0), 1e100 * MARKET[1], *MARKET[2:]])

    assert all(np.isfinite(point.p50) for point in outlook(MARKET[0], market).points)
