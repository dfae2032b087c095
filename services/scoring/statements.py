"""What a backtest means, in plain sentences: what holds, what does not, and what was not tested."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contracts.backtest import Ablation, Outcome, Placebo, Statement, TableRow
from contracts.panel import Leakage
from services.scoring.sentences import sentence

OUTCOMES: tuple[Outcome, ...] = ("growth", "entry")
OWN = ("growth", "entry", "opportunity")
SUSPICIOUS = 0.5
"""Rho from which a fixed rule is too good to be believed unchecked; the honest one reached 0.25 to 0.32."""


@dataclass(frozen=True, slots=True)
class Judged:
    """All that a backtest found out."""

    horizon: int
    launched: int
    table: Sequence[TableRow]
    ablation: Sequence[Ablation]
    placebo: Sequence[Placebo]
    leakage: Leakage
    leaks: bool
    purged: bool


def statements(of: Judged) -> tuple[Statement, ...]:
    """The verdict: both claims, what they are ahead of, what each term is worth, and the checks."""
    return (*_claims(of), *_against(of.table), *_worth(of.ablation), *_checks(of), sentence("gates.untested"))


def _claims(of: Judged) -> Iterator[Statement]:
    for outcome in OUTCOMES:
        row = next((row for row in of.table if row.score == row.outcome == outcome), None)
        if row is None:
            yield sentence(f"{outcome}.untested", launched=of.launched)
            continue
        known = [cut.rho for cut in row.per_cut if cut.rho is not None]
        code = "holds" if row.lo > 0 else "reversed" if row.hi < 0 else "open"
        yield sentence(
            f"{outcome}.{code}",
            holds=row.lo > 0,
            horizon=of.horizon,
            rho=row.rho,
            lo=row.lo,
            hi=row.hi,
            hit=row.hit,
            bottom=row.bottom_hit,
            positive=sum(rho > 0 for rho in known),
            cuts=len(known),
            n=row.n,
        )
        if row.rho >= SUSPICIOUS:
            yield sentence("suspicious", outcome=outcome, rho=row.rho)


def _against(table: Sequence[TableRow]) -> Iterator[Statement]:
    """Which baselines Scout's own scores are ahead of, by paired draws, and which they are not."""
    for outcome in OUTCOMES:
        found: dict[str, list[str]] = {"ahead": [], "level": [], "behind": []}
        for row in table:
            if row.outcome != outcome or row.score in OWN or row.ahead_lo is None or row.ahead_hi is None:
                continue
            found["ahead" if row.ahead_lo > 0 else "behind" if row.ahead_hi < 0 else "level"].append(row.score)
        for code, names in found.items():
            if names:
                holds = {"ahead": True, "behind": False}.get(code)
                yield sentence(f"against.{code}", holds=holds, outcome=outcome, scores=", ".join(names))


def _worth(taken: Sequence[Ablation]) -> Iterator[Statement]:
    for each in taken:
        if each.loss is None or each.lo is None or each.hi is None:
            continue
        code = "helps" if each.lo > 0 else "hurts" if each.hi < 0 else "unproved"
        yield sentence(
            f"term.{code}",
            holds=each.helps,
            outcome=each.outcome,
            term=each.term,
            loss=each.loss,
            lo=each.lo,
            hi=each.hi,
        )


def _checks(of: Judged) -> Iterator[Statement]:
    yield sentence(
        "leakage.failed" if of.leaks else "leakage.passed",
        holds=not of.leaks,
        cells=of.leakage.cells,
        difference=of.leakage.max_difference,
    )
    yield sentence("purge.passed" if of.purged else "purge.failed", holds=of.purged)
    for each in of.placebo:
        yield sentence(
            "placebo.passed" if each.passed else "placebo.failed",
            holds=each.passed,
            outcome=each.outcome,
            seeds=each.seeds,
            largest=each.largest,
            limit=each.limit,
        )
