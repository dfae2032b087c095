"""A small market of made-up niches, as the journal keeps its rows."""

from datetime import date
from math import log, sin
from typing import Any

from contracts.analysis import RedFlag
from contracts.score import Estimate, Evidence, Gate, OpportunityScored, Points, Score, Verdict

AS_OF = date(2017, 11, 5)
NAMES = (
    "Berries", "Turkey", "Infant formula", "Smoked meats", "Tomatoes", "Citrus", "Seasonal", "Floral, fresh cut",
    "Nuts", "Onions", "Seafood, fresh", "Sugars, sweeteners", "Чай листовой", "Cheese", "Yoghurt", "Frozen pizza",
    "Candles", "Eggs", "Ice cream", "Cat food", "Soap", "Tea", "Rice", "Bread", "Apples",
)  # fmt: skip
FLAGS = (
    RedFlag(code="spike", value=0.634, limit=0.5),
    RedFlag(code="few_sellers_hold_most", value=0.931, limit=0.9),
    RedFlag(code="falling_turnover", value=-0.27, limit=-0.2),
    RedFlag(code="small_turnover", value=38.4, limit=51.27),
)


def document(event: OpportunityScored) -> dict[str, Any]:
    """A row of the collection `leaderboard` as the journal derives it."""
    score = event.score
    row = {
        "_id": score.niche_id,
        "market": score.market,
        "name": score.niche_name,
        "as_of": score.as_of.isoformat(),
        "seq": 7,
        "event_id": "e",
        "analysis_id": score.analysis_id,
        "verdict": score.verdict,
        "opportunity": score.opportunity.score if score.opportunity else None,
        "growth": score.growth.score if score.growth else None,
        "entry": score.entry.score if score.entry else None,
    }
    return row | event.model_dump(mode="json", exclude_none=True)


def estimate(score: float, below: float, above: float) -> Estimate:
    """A score with its interval."""
    return Estimate(score=score, lo=max(0.0, score - below), hi=min(100.0, score + above))


def evidence(weeks: float) -> tuple[Evidence, ...]:
    """What a score stands on."""
    return (
        Evidence(fact="weeks", value=weeks, least=16.0, enough=weeks >= 16),
        Evidence(fact="active_share", value=0.977, least=0.6, enough=True),
    )


def event(number: int, name: str, verdict: Verdict | None = None, currency: str = "USD") -> OpportunityScored:
    """The score of the number-th niche; numbers count down from a high opportunity to a low one."""
    growth, entry = 97.3 - 2.9 * number - 9 * sin(number), 93.8 - 3.1 * number + 7 * sin(2 * number)
    whole = (growth + entry) / 2
    gated = number % 9 == 8
    cap = 40.0
    opportunity = min(whole, cap) if gated else whole
    gates = (
        Gate(name="sellers", value=3.0 + number, limit=3.0, cap=cap, passed=True),
        Gate(
            name="hhi",
            at_least=False,
            value=0.81 if gated else 0.1 + number / 60,
            limit=0.6,
            cap=cap,
            passed=not gated,
            points=opportunity - whole,
        ),
        Gate(name="newcomer_share", limit=0.5, at_least=False, cap=cap),
    )
    return OpportunityScored(
        score=Score(
            id=f"score-{number}",
            analysis_id=f"analysis-{number}",
            niche_id=f"niche-{number}",
            niche_name=name,
            market="demo",
            run_id="run",
            as_of=AS_OF,
            model="3f2a91",
            growth=estimate(growth, 3 + number % 5, 2.5),
            entry=estimate(entry, 1.5, 2 + number % 3),
            opportunity=estimate(opportunity, 2 + number % 4, 1.75),
            verdict=verdict or ("enter" if opportunity > 80 else "watch" if opportunity > 45 else "avoid"),
            confidence=("high", "medium", "low")[number % 3],
            terms=(
                Points(
                    name="forecast_growth", group="growth", raw=log(1.431), unit="log ratio", normalised=0.93,
                    weight=0.2, points=growth * 0.25 - 12.5,
                ),
                Points(
                    name="momentum_4w", group="growth", raw=log(1.46), unit="log ratio", normalised=0.88,
                    weight=0.2, points=growth * 0.2 - 10,
                ),
                Points(name="level", group="growth", raw=log(253.9), unit="log money", normalised=0.31, weight=-0.1,
                       points=growth * 0.05 - 2.5),
                Points(name="revenue_per_listing", group="entry", raw=log(50.77), unit="log money", normalised=0.9,
                       weight=0.5, points=entry / 2 - 25),
                Points(name="momentum_8w", group="growth", raw=log(2.79), unit="log ratio", normalised=0.98, weight=0.0,
                       points=0.0),
                Points(name="concentration", group="entry", unit="hhi", weight=0.0, points=0.0),
            ),
            gates=gates,
            base=50.0,
            evidence=evidence(44.0),
            doubts=(("short_history", "wide_interval")[: number % 3]),
        ),
        currency=currency,
        revenue_8w=5220.55 / (number + 1),
        sellers=float(3 + number),
        hhi=0.1 + number / 60,
        flags=FLAGS[: number % 3],
        opportunities_count=number % 2,
    )  # fmt: skip


def insufficient(number: int, name: str) -> OpportunityScored:
    """A niche of which too little is known; a score that was computed all the same must not be shown."""
    scored = event(number, name, "insufficient")
    return scored.model_copy(
        update={
            "score": scored.score.model_copy(
                update={"reasons": ("weeks", "growth_terms"), "evidence": evidence(7.0), "opportunity": None}
            ),
            "sellers": None,
            "hhi": None,
        }
    )


def rows(currency: str = "USD") -> list[dict[str, Any]]:
    """A market of 27 niches, two of them without a score, in no order."""
    events = [event(number, name, currency=currency) for number, name in enumerate(NAMES)]
    events += [insufficient(60, "Roses"), insufficient(61, "=HYPERLINK(1)")]
    return [document(each) for each in (*events[10:], *events[:10])]
