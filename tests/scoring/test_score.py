"""The scores of one niche: points that add up, gates, intervals, and no number without evidence."""

import subprocess
import sys
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.analysis import AnalysisCompleted
from contracts.model import TERMS, GateRule, Mix, Weights
from contracts.score import Score
from services.scoring.score import OtherMarketError, opportunity_score, scored
from tests.scoring.niches import ENOUGH, OPEN_GATES, REFERENCE, niche, spiking, weights

SHIPPED = weights()
BEST = {"forecast_growth": 1.0, "momentum_4w": 1.0, "level": 0.0, "revenue_per_listing": 1.0}

raws = st.dictionaries(st.sampled_from(TERMS), st.none() | st.floats(-0.5, 1.5))
facts = st.fixed_dictionaries({"sellers": st.floats(0, 9), "hhi": st.floats(0, 1), "newcomer_share": st.floats(0, 1)})
weighed = st.dictionaries(st.sampled_from(TERMS), st.floats(-1, 1).map(lambda value: round(value, 2)), min_size=1)
models = st.builds(
    lambda growth, entry, one, other, cap: weights(
        growth=growth | {"level": 0.5},
        entry=entry | {"level": 0.5},
        opportunity=Mix(growth=one, entry=other),
        gates=(
            GateRule(name="sellers", fact="sellers", min=3, cap=cap),
            GateRule(name="hhi", fact="hhi", max=0.6, cap=33.3),
        ),
    ),
    weighed,
    weighed,
    st.floats(0, 3),
    st.floats(0.1, 3),
    st.floats(0, 100),
)


def score(event: AnalysisCompleted, model: Weights = SHIPPED) -> Score:
    """The score in the market where each raw value is its own percentile."""
    return opportunity_score(event, model, REFERENCE)


@given(raws, facts, models)
def test_the_waterfall_sums_exactly(terms: dict[str, float | None], known: dict[str, float], model: Weights) -> None:
    """Base, terms and gates are the opportunity score to the last bit, whatever the weights, terms and caps."""
    found = score(niche(terms, ENOUGH | known), model)

    if found.opportunity is not None:
        assert found.base is not None
        total = found.base + sum(term.points for term in found.terms) + sum(gate.points for gate in found.gates)
        assert total == found.opportunity.score
        assert sum(abs(term.weight) for term in found.terms) == pytest.approx(1.0)
        assert all(gate.points <= 0 for gate in found.gates)


@given(raws, facts, models)
def test_every_interval_contains_its_score(
    terms: dict[str, float | None], known: dict[str, float], model: Weights
) -> None:
    """All three scores lie between 0 and 100, within their intervals."""
    found = score(niche(terms, ENOUGH | known), model)

    for each in (found.growth, found.entry, found.opportunity):
        assert each is None or 0 <= each.lo <= each.score <= each.hi <= 100


@given(st.sampled_from(sorted(BEST)), st.floats(0, 1), st.floats(0, 1))
def test_more_of_a_term_moves_the_score_its_way(name: str, one: float, other: float) -> None:
    """More growth, momentum and revenue per listing never lower the score; a larger level never raises it."""
    low, high = sorted((one, other))
    less, more = (score(niche({name: value})).opportunity for value in (low, high))

    assert less is not None
    assert more is not None
    assert (less.score >= more.score) if name == "level" else (less.score <= more.score)


def test_a_niche_in_the_middle_of_its_market_has_fifty_points() -> None:
    """Nothing is added and nothing is taken off."""
    found = score(niche())

    assert found.opportunity is not None
    assert found.opportunity.score == 50.0
    assert {term.points for term in found.terms} == {0.0}


def test_the_best_niche_has_a_hundred_points_and_is_to_be_entered() -> None:
    """The two sides weigh half each, and the level counts against."""
    found = score(niche(BEST, spread=0.0))

    assert found.opportunity is not None
    assert (found.opportunity.score, found.verdict, found.confidence) == (100.0, "enter", "high")
    assert {term.name: (term.group, round(term.weight, 9)) for term in found.terms if term.weight} == {
        "forecast_growth": ("growth", 0.2),
        "momentum_4w": ("growth", 0.2),
        "level": ("growth", -0.1),
        "revenue_per_listing": ("entry", 0.5),
    }


def test_a_crowded_niche_is_capped_and_to_be_avoided() -> None:
    """One seller holds all: the gate is the last bar of the waterfall, and the interval stops at its cap."""
    found = score(niche(BEST, ENOUGH | OPEN_GATES | {"hhi": 0.9}))

    assert found.opportunity is not None
    assert (found.opportunity.score, found.opportunity.hi, found.verdict) == (40.0, 40.0, "avoid")
    assert [gate.points for gate in found.gates] == [0.0, -60.0, 0.0]
    assert found.growth is not None
    assert found.growth.score == 100.0


def test_a_gate_whose_fact_is_unknown_caps_nothing_and_lowers_confidence() -> None:
    """Not knowing the sellers is a doubt, no verdict."""
    found = score(niche(BEST, ENOUGH))

    assert found.opportunity is not None
    assert found.opportunity.score == 100.0
    assert [gate.passed for gate in found.gates] == [None, None, None]
    assert (found.confidence, found.doubts) == ("medium", ("unknown_gates",))


def test_a_term_that_is_not_known_leaves_its_weight_to_the_others() -> None:
    """It is named, its weight is nothing, and the rest of its side counts for all of it."""
    found = score(niche({"forecast_growth": None, "momentum_4w": 1.0, "level": 0.0}))

    by_name = {term.name: term for term in found.terms}
    assert found.growth is not None
    assert found.growth.score == pytest.approx(100, abs=0.01)
    assert (by_name["forecast_growth"].raw, by_name["forecast_growth"].weight) == (None, 0.0)
    assert by_name["momentum_4w"].weight == pytest.approx(1 / 3)
    assert (found.missing, found.doubts, found.confidence) == (("forecast_growth",), ("missing_terms",), "medium")


@pytest.mark.parametrize(
    ("event", "reasons"),
    [
        (niche(facts=ENOUGH | {"weeks": 15.0}), ("weeks",)),
        (
            niche(facts=ENOUGH | {"active_share": 0.5, "products_with_sales": 0.0}),
            ("active_share", "products_with_sales"),
        ),
        (niche(facts=OPEN_GATES), ("weeks", "active_share", "products_with_sales")),
        (niche({"revenue_per_listing": None}), ("entry_terms",)),
        (niche(dict.fromkeys(TERMS)), ("revenue_8w", "growth_terms", "entry_terms")),
    ],
)
def test_too_little_evidence_gives_no_number_at_all(event: AnalysisCompleted, reasons: tuple[str, ...]) -> None:
    """Insufficient is neither 50 nor 0: no score, no points, and each reason by name."""
    found = score(event)

    assert (found.verdict, found.reasons, found.confidence) == ("insufficient", reasons, "low")
    assert (found.growth, found.entry, found.opportunity, found.base) == (None, None, None, None)
    assert {term.points for term in found.terms} | {gate.points for gate in found.gates} == {0.0}


def test_a_side_that_does_not_count_need_not_be_known() -> None:
    """Who weighs growth alone gets a score for a niche whose entry is unknown."""
    found = score(niche({"revenue_per_listing": None}), weights(opportunity=Mix(growth=1, entry=0)))

    assert found.opportunity is not None
    assert found.entry is None
    assert found.opportunity.score == 50.0


def test_a_term_that_the_market_has_no_quantiles_of_is_not_known() -> None:
    """A raw value without its market says nothing."""
    bare = REFERENCE.model_copy(update={"terms": {"momentum_4w": REFERENCE.terms["momentum_4w"]}})
    found = opportunity_score(niche(), weights(opportunity=Mix(growth=1, entry=0)), bare)

    assert found.missing == ("forecast_growth", "level", "revenue_per_listing")


def test_without_draws_nobody_is_told_to_enter() -> None:
    """The interval is then the whole scale, and the confidence low."""
    found = score(niche(BEST, draws={}))

    assert found.opportunity is not None
    assert (found.opportunity.lo, found.opportunity.hi) == (0.0, 100.0)
    assert (found.verdict, found.confidence, found.doubts) == ("watch", "low", ("no_interval",))


def test_the_draws_of_all_terms_are_mixed_draw_by_draw() -> None:
    """Terms that move together give a wider interval than terms that cancel out."""
    together = score(niche(spread=0.3))
    base = niche(spread=0.3)
    turned = base.draws | {"revenue_per_listing": base.draws["revenue_per_listing"][::-1]}
    apart = score(niche(draws=turned))

    assert together.opportunity is not None
    assert apart.opportunity is not None
    assert together.opportunity.hi - together.opportunity.lo > 2 * (apart.opportunity.hi - apart.opportunity.lo)


def test_a_score_is_known_by_its_analysis_and_model() -> None:
    """The same again has the same id; other weights or another reference give another."""
    first, again, other = score(niche()), score(niche()), score(niche(), weights(gates=()))

    assert first == again
    assert len({first.id, other.id}) == len({first.model, other.model}) == 2


def test_a_niche_is_never_measured_against_another_market() -> None:
    """The message says what happened and what to do."""
    with pytest.raises(
        OtherMarketError, match=r"of the market bazaar, the reference of shop: .*; analyse the niche again"
    ):
        score(niche(market="bazaar"))


def test_the_event_carries_what_a_leaderboard_shows() -> None:
    """Facts that are not known are absent, not zero."""
    event = niche(facts=OPEN_GATES | {"revenue_8w": 2031.0}, flags=spiking(), opportunities_count=2)
    told = scored(event, score(event))

    assert (told.revenue_8w, told.sellers, told.hhi, told.currency) == (2031.0, 12.0, 0.2, "USD")
    assert (told.flags, told.opportunities_count) == (spiking(), 2)
    assert scored(niche(facts=ENOUGH), told.score).sellers is None
    assert told.score.as_of == date(2017, 11, 5)


def test_scoring_loads_no_number_library() -> None:
    """The worker's main process scores, and must not start the threads that such a library brings."""
    code = "import sys, services.scoring.score; print(sorted({'numpy', 'scipy', 'polars'} & set(sys.modules)))"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
