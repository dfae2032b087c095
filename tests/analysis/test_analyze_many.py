"""Many niches at once: each gets what it gets alone."""

import dataclasses

import pytest

from contracts.analysis import AnalyzeParams
from contracts.forecast import Forecast
from contracts.market import MarketSettings
from services.analysis.analysis import Question, analyze, analyze_many
from tests.analysis import rows

WEEKS = 30


def market() -> dict[str, list[dict[str, object]]]:
    """Niches of very different kinds."""
    shop = rows.shop(WEEKS, niche_id="shop")
    return {
        "shop": shop,
        "half": rows.shop(WEEKS // 2, niche_id="half"),
        "one": rows.series([50.0 + week for week in range(WEEKS)], niche_id="one"),
        "bad": [{**row, "niche_id": "bad", "units": -1.0} for row in shop[:40]]
        + rows.series([3.0] * 20, niche_id="bad"),
        "empty": [],
    }


def asked(niche: str, **fields: object) -> Question:
    """The question of one niche."""
    _, question = rows.question(WEEKS, **fields)
    return dataclasses.replace(question, niche=question.niche.model_copy(update={"id": niche}))


@pytest.mark.parametrize("settings", [MarketSettings(), MarketSettings(pseudo_sellers=("s1", "s"))])
def test_a_niche_gets_among_many_what_it_gets_alone(settings: MarketSettings) -> None:
    """To the last byte, whatever its neighbours are, with pseudo sellers or without."""
    niches = market()
    background, _ = rows.question(WEEKS, settings=settings)
    together = analyze_many(
        rows.frame([row for records in niches.values() for row in records]),
        background,
        [asked(name) for name in niches],
    )

    for (name, records), found in zip(niches.items(), together, strict=True):
        assert found.to_json() == analyze(rows.frame(records), background, asked(name)).to_json()


def test_nobody_asked_for_has_no_answer() -> None:
    """No question, no analysis and no error."""
    background, _ = rows.question(WEEKS)

    assert list(analyze_many(rows.frame(rows.shop(WEEKS)), background, [])) == []


def test_horizons_and_tiers_are_those_of_each_question() -> None:
    """Two horizons in one batch, and a deep forecast that is made by who was given for it."""
    background, _ = rows.question(WEEKS)
    frame = rows.frame([row for records in market().values() for row in records])
    deep = Forecast(tier="deep", horizon=4, reason="short_history")
    short, long, made = analyze_many(
        frame,
        background,
        [
            asked("shop", params=AnalyzeParams(horizon=3)),
            asked("one", params=AnalyzeParams(horizon=12)),
            asked("half", params=AnalyzeParams(horizon=4), deep=lambda *_: deep),
        ],
    )

    assert (len(short.forecast.points), len(long.forecast.points)) == (3, 12)
    assert made.forecast == deep


def test_pseudo_sellers_belong_to_nobody() -> None:
    """What they sold is demand, but no seller's: the bounds of concentration part, and a flag says why."""
    frame = rows.frame(rows.shop(WEEKS))
    plain = analyze(frame, *rows.question(WEEKS))
    marked = analyze(frame, *rows.question(WEEKS, settings=MarketSettings(pseudo_sellers=("s1",))))

    assert marked.demand == plain.demand
    assert plain.competition is not None
    assert marked.competition is not None
    assert (plain.competition.sellers, marked.competition.sellers) == (6, 5)
    assert marked.competition.hhi_lo is not None
    assert marked.competition.hhi_hi is not None
    assert marked.competition.hhi_lo < marked.competition.hhi_hi
    assert "pseudo_sellers" in marked.quality.flags
