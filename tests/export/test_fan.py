from datetime import date
from itertools import pairwise

import pytest

from services.export.demand_side import demand
from services.export.fan import NARROW, fan, fans, nice_step
from services.export.words import Voice
from tests.export.analysed import analysis
from tests.export.examples import AS_OF

ENGLISH = Voice("en", "USD")


def corners(line: str) -> list[tuple[float, float]]:
    """The points of a line."""
    return [(float(x), float(y)) for x, y in (point.split(",") for point in line.split())]


def test_the_bands_open_from_the_last_known_week() -> None:
    """Median and bands begin where the history ends, the wider band around the narrower."""
    chart = fan(demand(analysis(), ENGLISH), ENGLISH, AS_OF)

    assert chart is not None
    end = corners(chart.history)[-1]
    assert corners(chart.median)[0] == end
    assert [level for level, _ in chart.bands] == [95, 80, 50]
    assert {corners(line)[0] for _, line in chart.bands} == {end}
    assert chart.known == pytest.approx(end[0], abs=0.1)


def test_everything_stays_inside_the_picture() -> None:
    """Both sizes hold the highest value and all labels."""
    for chart in fans(demand(analysis(), ENGLISH), ENGLISH, AS_OF):
        points = corners(chart.history) + [each for _, line in chart.bands for each in corners(line)]
        assert all(chart.left <= x <= chart.right and chart.top <= y <= chart.bottom for x, y in points)
        assert all(chart.top <= label.at <= chart.bottom for label, _ in chart.ends)


def test_labels_do_not_cover_each_other() -> None:
    """Where bands are narrow, their names move apart."""
    narrow = analysis()
    points = tuple(
        point.model_copy(
            update={
                "bands": tuple(band.model_copy(update={"lo": point.p50, "hi": point.p50 + 0.1}) for band in point.bands)
            }
        )
        for point in narrow.forecast.points
    )
    narrow = narrow.model_copy(update={"forecast": narrow.forecast.model_copy(update={"points": points})})

    chart = fan(demand(narrow, ENGLISH), ENGLISH, AS_OF, NARROW)

    assert chart is not None
    places = [label.at for label, _ in chart.ends]
    assert len(places) == 4
    assert all(after - before >= 13 for before, after in pairwise(places))


def test_the_scale_starts_at_zero_with_few_round_lines() -> None:
    """At most five lines and the ground; the first is zero."""
    chart = fan(demand(analysis(), ENGLISH), ENGLISH, AS_OF)

    assert chart is not None
    assert chart.grid[0].text == "$0"
    assert len(chart.grid) <= 6


@pytest.mark.parametrize(("rough", "step"), [(0.0, 1.0), (0.3, 0.5), (182.0, 200.0), (21.0, 25.0), (7.0, 10.0)])
def test_grid_steps_are_round(rough: float, step: float) -> None:
    """1, 2, 2.5 or 5 times a power of ten."""
    assert nice_step(rough) == step


def test_a_single_week_is_no_line() -> None:
    """It is left to its table."""
    short = analysis().model_copy(update={"series": analysis().series[:1]})

    assert fans(demand(short, ENGLISH), ENGLISH, date(2017, 1, 8)) == ()


def test_a_history_without_a_forecast_is_drawn_alone() -> None:
    """No band and no median is invented."""
    plain = analysis()
    plain = plain.model_copy(update={"forecast": plain.forecast.model_copy(update={"points": ()})})

    chart = fan(demand(plain, ENGLISH), ENGLISH, AS_OF)

    assert chart is not None
    assert (chart.bands, chart.median, chart.ends) == ((), "", ())


def test_a_band_far_above_everything_else_is_cut_off_and_said_to_go_on() -> None:
    """One wide band must not press history and median flat; an arrowhead tells that it leaves the scale."""
    of = analysis()
    points = tuple(
        point.model_copy(
            update={
                "bands": tuple(
                    band.model_copy(update={"hi": 100 * band.hi}) if band.level == 95 else band for band in point.bands
                )
            }
        )
        for point in of.forecast.points
    )
    wide = of.model_copy(update={"forecast": of.forecast.model_copy(update={"points": points})})

    plain = fan(demand(of, ENGLISH), ENGLISH, AS_OF)
    chart = fan(demand(wide, ENGLISH), ENGLISH, AS_OF)

    assert plain is not None
    assert chart is not None
    peak = min(y for _, y in corners(chart.history))
    assert peak < chart.bottom - (plain.bottom - min(y for _, y in corners(plain.history))) / 4
    assert min(y for _, y in corners(dict(chart.bands)[95])) == pytest.approx(chart.top)
    assert [label.text for label, _ in chart.ends if "▲" in label.text] == ["95\N{NO-BREAK SPACE}% ▲"]
    assert not any("▲" in label.text for label, _ in plain.ends)
