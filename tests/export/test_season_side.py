from contracts.demand import Season
from services.analysis import season as computed
from services.export.season_side import CLEAR, week_of_year
from services.export.words import Voice
from tests.export.analysed import analysis, demand
from tests.export.reported import facts, part, report


def test_a_season_tells_its_best_week() -> None:
    """The week's number means little to a person without its month."""
    section = part(report("ru"), "season")

    assert section.title == "Сезон лучше всего, когда идёт неделя 47 (ноя): 1,8\u00a0× к средней неделе"
    assert facts(section) == {"strength": 0.71, "peak": 47, "peak_ratio": 1.84, "trough": 8}


def test_the_months_are_compared_with_the_mean_one() -> None:
    """Twelve rows, each named."""
    rows = part(report(), "months").rows

    assert [row["month"] for row in rows] == [str(month) for month in range(1, 13)]
    assert rows[10]["index"] == 1.52


def test_a_weak_season_is_not_told_as_one() -> None:
    """A best week of pure noise is the best of chance; the limit is the one that flags and openings go by."""
    season = demand().season
    assert isinstance(season, Season)
    weak = demand().model_copy(update={"season": season.model_copy(update={"strength": CLEAR - 0.01})})

    assert part(report(demand=weak), "season").title == "No clear season: its strength is 0.39"
    assert computed.CLEAR == CLEAR


def test_every_week_of_the_longest_year_has_a_month() -> None:
    """Week 53 is one of December."""
    assert [week_of_year(week, Voice("en", "USD")) for week in (1, 53)] == ["week 1 (Jan)", "week 53 (Dec)"]


def test_under_two_years_the_season_is_unknown() -> None:
    """It is said with the reason, in both tables."""
    short = analysis().demand
    assert short is not None
    of = report("ru", demand=short.model_copy(update={"season": None}))

    assert part(of, "season").empty == part(of, "months").empty
    assert part(of, "season").empty.startswith("Сезон: неизвестно.")
