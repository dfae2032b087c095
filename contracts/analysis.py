"""An analysis: everything computed about one niche from what was known as of one day."""

from datetime import date
from typing import Literal

from pydantic import Field

from contracts.competition import Competition, Entrants
from contracts.demand import Demand, Snapshot, WeekPoint
from contracts.economics import Economics, Own
from contracts.forecast import Forecast, Tier
from contracts.message import Event, Failed, FileRef, Input, Shape
from contracts.price import Price, Unmet
from contracts.quality import Quality
from contracts.text import Lang, Text

OpportunityKind = Literal["price_gap", "rating_gap", "stock_out", "season"]


class AnalyzeParams(Input):
    """How to analyse a niche: `as_of` absent means the last full day of its market; `horizon` is in weeks.

    `tier` deep takes minutes instead of milliseconds and forecasts better. `own` is what the seller knows (absent: what
    the market's settings say).
    """

    as_of: date | None = None
    horizon: int = Field(default=8, ge=1, le=26)
    lang: tuple[Lang, ...] = ("ru", "en")
    tier: Tier = "fast"
    own: Own | None = None
    model: FileRef | None = None


class Term(Shape):
    """One thing measured, as scoring hears it; `raw` is in `unit`, absent where it could not be computed."""

    name: str
    raw: float | None = None
    unit: str


class RedFlag(Shape):
    """A reason to be careful: the measured `value` is beyond `limit`."""

    code: str
    value: float
    limit: float


class Opportunity(Shape):
    """A concrete opening: `where` names it, `size` is the money a week in it, `evidence` what a reader can check.

    `where` is a range of prices (price gap), a rating (rating gap), a count of products (stock-out) or an ISO week of
    the year (season).
    """

    kind: OpportunityKind
    where: str
    size: float
    evidence: dict[str, float]


class Analysis(Shape):
    """Everything computed about one niche from what was known as of one day."""

    id: str
    run_id: str
    niche_id: str
    niche_name: str
    market: str
    currency: str
    as_of: date
    params: AnalyzeParams
    inputs: tuple[str, ...] = ()
    quality: Quality
    snapshots: tuple[Snapshot, ...] = ()
    series: tuple[WeekPoint, ...] = ()
    demand: Demand | None = None
    forecast: Forecast
    competition: Competition | None = None
    price: Price | None = None
    unmet: Unmet | None = None
    economics: Economics | None = None
    entrants: Entrants | None = None
    opportunities: tuple[Opportunity, ...] = ()
    opportunities_count: int = 0
    red_flags: tuple[RedFlag, ...] = ()
    terms: tuple[Term, ...] = ()
    draws: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    facts: dict[str, float] = Field(default_factory=dict)
    texts: tuple[Text, ...] = ()


class AnalysisCompleted(Event):
    """A niche was analysed: all that scoring needs. `series` holds the whole `Analysis` as JSON.

    `draws` gives the bootstrap values of each term (200 where the niche has sales enough; the n-th values of all terms
    belong to one draw), `model` the weights to score with (absent: the shipped ones).
    """

    analysis_id: str
    run_id: str
    niche_id: str
    niche_name: str
    market: str
    currency: str
    as_of: date
    terms: tuple[Term, ...]
    draws: dict[str, tuple[float, ...]] = Field(default_factory=dict)
    facts: dict[str, float] = Field(default_factory=dict)
    flags: tuple[RedFlag, ...] = ()
    quality_flags: tuple[str, ...] = ()
    opportunities_count: int = 0
    model: FileRef | None = None
    reference: FileRef
    series: FileRef


class AnalysisFailed(Failed):
    """A niche could not be analysed."""

    niche_id: str
    market: str


class AnalysisExpired(Event):
    """An old analysis is to go, with the file of its series; `reports` are the keys of the reports made from it."""

    analysis_id: str
    niche_id: str
    series: FileRef | None = None
    reports: tuple[str, ...] = ()


class AnalysesCleaned(Event):
    """The clean-up of old analyses is over; `deleted` of them were told to go."""

    deleted: int
