"""The scores of one niche from its analysis: a pure function, in points that add up."""

from collections.abc import Mapping, Sequence

from contracts.analysis import AnalysisCompleted, Term
from contracts.message import scout_id
from contracts.model import Reference, Weights, model_id
from contracts.score import Estimate, Evidence, Gate, OpportunityScored, Score
from services.scoring.estimate import BASE, capped, estimate
from services.scoring.gates import evidence, gates
from services.scoring.sides import Side, side
from services.scoring.verdict import confidence, doubts, verdict


class OtherMarketError(ValueError):
    """A niche was to be measured against the reference of another market."""


def opportunity_score(event: AnalysisCompleted, weights: Weights, reference: Reference) -> Score:
    """Score a niche by weights against its market's reference.

    A term that is not known is left out and the others of its side weigh more. Too little evidence, or a side that
    counts and has no known term, gives `insufficient` without any score. Raises `OtherMarketError`.
    """
    if reference.market != event.market:
        raise OtherMarketError(
            f"the niche is of the market {event.market}, the reference of {reference.market}: it would be compared "
            "with strangers; analyse the niche again"
        )
    measured = {term.name: term for term in event.terms}
    sides = _sides(measured, weights, reference)
    level = measured["level"].raw if "level" in measured else None
    shown = evidence(weights.evidence, event.facts, level, reference)
    reasons = _reasons(sides, shown)
    growth = entry = opportunity = before = None
    drawn: list[list[float]] = []
    if not reasons:
        drawn = [each.drawn(event.draws, reference) for each in sides]
        growth, entry = (each.score(of) if each.shares else None for each, of in zip(sides, drawn, strict=True))
        before = BASE + sum(each.total(each.part) for each in sides)
    doors = gates(weights.gates, event.facts, before)
    if before is not None:
        opportunity = _opportunity(before, sides, drawn, doors)
    missing = tuple(dict.fromkeys(name for each in sides for name in each.missing))
    why = _doubts(event, opportunity, missing, doors, drawn=any(drawn))
    sha256 = event.reference.sha256
    model = model_id(weights, sha256)
    return Score(
        id=scout_id(event.analysis_id, model),
        analysis_id=event.analysis_id,
        niche_id=event.niche_id,
        niche_name=event.niche_name,
        market=event.market,
        run_id=event.run_id,
        as_of=event.as_of,
        model=model,
        growth=growth,
        entry=entry,
        opportunity=opportunity,
        verdict=verdict(opportunity, doors, weights.verdict),
        confidence=confidence(why) if opportunity else "low",
        base=BASE if opportunity else None,
        terms=tuple(term for each in sides for term in each.terms(measured, sha256, scored=not reasons)),
        gates=doors,
        evidence=shown,
        missing=missing,
        doubts=why,
        reasons=reasons,
    )


def scored(event: AnalysisCompleted, score: Score) -> OpportunityScored:
    """The score as an event, with what a leaderboard's row shows beside it."""
    return OpportunityScored(
        score=score,
        currency=event.currency,
        revenue_8w=event.facts.get("revenue_8w"),
        sellers=event.facts.get("sellers"),
        hhi=event.facts.get("hhi"),
        flags=event.flags,
        opportunities_count=event.opportunities_count,
    )


def _sides(measured: Mapping[str, Term], weights: Weights, reference: Reference) -> tuple[Side, Side]:
    mix = weights.opportunity
    part = mix.growth / (mix.growth + mix.entry)
    return (
        side("growth", part, weights.growth, measured, reference),
        side("entry", 1 - part, weights.entry, measured, reference),
    )


def _reasons(sides: Sequence[Side], shown: Sequence[Evidence]) -> tuple[str, ...]:
    little = dict.fromkeys(each.fact for each in shown if not each.enough)
    return (*little, *(f"{each.group}_terms" for each in sides if each.part and not each.shares))


def _opportunity(
    before: float, sides: Sequence[Side], drawn: Sequence[Sequence[float]], doors: Sequence[Gate]
) -> Estimate:
    """Both sides mixed draw by draw (a side without draws stands still), under the caps of the gates that failed."""
    length = min((len(of) for of in drawn if of), default=0)
    still = BASE + sum(each.total(each.part) for each, of in zip(sides, drawn, strict=True) if not of)
    moving = [(each.part, of) for each, of in zip(sides, drawn, strict=True) if of]
    found = estimate(before, [still + sum(part * of[draw] for part, of in moving) for draw in range(length)])
    for door in doors:
        if door.passed is False:
            found = capped(found, door.cap)
    return found


def _doubts(
    event: AnalysisCompleted,
    opportunity: Estimate | None,
    missing: Sequence[str],
    doors: Sequence[Gate],
    *,
    drawn: bool,
) -> tuple[str, ...]:
    if opportunity is None:
        return ()
    return doubts(
        opportunity,
        drawn=drawn,
        missing=missing,
        gates=doors,
        quality_flags=event.quality_flags,
        red_flags=[flag.code for flag in event.flags],
    )
