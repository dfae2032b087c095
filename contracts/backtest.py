"""A backtest: what the scores of past days were worth, beside what a child would have guessed."""

from datetime import date
from typing import Literal

from pydantic import Field

from contracts.message import Event, FileRef, Sha256, Shape
from contracts.panel import Leakage

Outcome = Literal["growth", "entry"]
"""What a score is compared with: the niche's growth of revenue, or a newcomer's revenue in its first eight weeks."""


class CutRho(Shape):
    """Spearman's rho at one cut, `n` pairs; `day` is the last day that the scores knew of."""

    cut: int
    day: date
    rho: float | None = None
    n: int


class TableRow(Shape):
    """How well one score foretold one outcome; `lo` and `hi` are the ends of a 95 % interval (bootstrap over niches).

    `hit` is, for growth, the share of the score's top tenth that landed in the true top quarter (`chance` 0.25), and
    for entry the share of launches in its top tenth that beat the cut's median launch (`chance` 0.5); `bottom_hit` is
    the same for its bottom tenth. `ahead` is the rho of Scout's own score less this one's, from the same draws.
    """

    score: str
    outcome: Outcome
    rho: float
    lo: float
    hi: float
    hit: float
    hit_lo: float
    hit_hi: float
    bottom_hit: float
    chance: float
    ndcg: float | None = None
    n: int
    per_cut: tuple[CutRho, ...]
    ahead: float | None = None
    ahead_lo: float | None = None
    ahead_hi: float | None = None


class Ablation(Shape):
    """What a term is worth: rho of the term alone, of the score without it, and what is lost without it (95 %)."""

    term: str
    outcome: Outcome
    weight: float
    alone: float | None = None
    without: float | None = None
    loss: float | None = None
    lo: float | None = None
    hi: float | None = None
    helps: bool | None = None


class Placebo(Shape):
    """Rho of the score with outcomes shuffled within each cut: nothing may be found, in either direction."""

    outcome: Outcome
    seeds: int
    mean: float
    largest: float
    limit: float
    passed: bool


class Statement(Shape):
    """One sentence of the verdict: `code` and `params` for those who write their own, and the text in two languages.

    `holds` absent: not tested.
    """

    code: str
    holds: bool | None = None
    params: dict[str, float | str] = Field(default_factory=dict)
    en: str
    ru: str


class Backtest(Shape):
    """The scores of a market at past cuts, computed from the past alone, against what then happened.

    `model` names the weights by their sha256, `panel` and `launches` the data by theirs. `passed`: each claim that
    could be tested holds, at least one could, and every check passed.
    """

    id: str
    market: str
    level: str | None = None
    horizon: int
    seed: int
    draws: int
    cuts: tuple[int, ...]
    niches: int
    rows: int
    launched: int
    model: Sha256
    panel: Sha256
    launches: Sha256
    table: tuple[TableRow, ...]
    ablation: tuple[Ablation, ...] = ()
    placebo: tuple[Placebo, ...] = ()
    leakage: Leakage
    purged: bool
    verdict: tuple[Statement, ...]
    passed: bool


class ScoreBacktested(Event):
    """The scores of a market were tested against what happened; `backtest` holds the whole `Backtest` as JSON.

    `n` counts pairs of niche and cut, `launched` newcomers, `top_decile_win` the share of the newcomers in the entry
    score's top tenth that beat the median one.
    """

    market: str
    level: str | None = None
    horizon: int
    backtest: FileRef
    cuts: int
    n: int
    launched: int = 0
    growth_rho: float | None = None
    growth_lo: float | None = None
    growth_hi: float | None = None
    growth_hit: float | None = None
    entry_rho: float | None = None
    entry_lo: float | None = None
    entry_hi: float | None = None
    top_decile_win: float | None = None
    passed: bool
