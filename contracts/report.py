"""A report: what a person takes away, as a file."""

from datetime import date, datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from contracts.message import Event, Failed, FileRef, Input, Shape
from contracts.score import Verdict

ReportKind = Literal["leaderboard", "niche"]
ReportFormat = Literal["xlsx", "csv", "json", "html"]
Lang = Literal["en", "ru"]


class ReportRequest(Input):
    """What to export: a market's leaderboard, or one niche whole.

    The other fields cut a leaderboard: `limit` to its first rows (0 takes all), `min_opportunity` (0 to 100) to
    scores from there on, `verdicts` to these (empty: any).
    """

    kind: ReportKind = "leaderboard"
    market: str = Field(min_length=1)
    niche_id: str | None = None
    format: ReportFormat = "xlsx"
    lang: Lang = "en"
    limit: int = Field(default=0, ge=0)
    min_opportunity: float | None = Field(default=None, ge=0, le=100)
    verdicts: tuple[Verdict, ...] = ()

    @model_validator(mode="after")
    def _of_something(self) -> Self:
        if self.kind == "niche" and not self.niche_id:
            raise ValueError("a report of kind niche needs niche_id: the niche that it is about")
        return self


class Report(Shape):
    """A finished report; after `expires` its file is deleted."""

    id: str
    run_id: str
    kind: ReportKind
    market: str
    niche_ids: tuple[str, ...] = ()
    as_of: date | None = None
    format: ReportFormat
    lang: Lang
    filename: str
    file: FileRef
    expires: datetime


class ReportExported(Event):
    """A report lies in the file store."""

    report: Report


class ReportFailed(Failed):
    """A report could not be made."""

    market: str
    kind: ReportKind
