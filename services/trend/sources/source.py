"""What a source of trends is: something that gives one niche's series up to a day."""

from datetime import date, datetime
from functools import cached_property
from typing import Protocol

import polars as pl

from contracts.niche import Niche
from contracts.trend import Trend


class SourceError(Exception):
    """A source has no trend for a niche; the text says what, why and what to do."""


class Observations:
    """A market's observations for sources that read them; `frame` has every row of the market."""

    def __init__(self, frame: pl.DataFrame) -> None:
        self.frame = frame

    @cached_property
    def days(self) -> pl.Series:
        """Every day that the market has an observation of, sorted."""
        return self.frame.filter("has_data")["day"].unique().sort()

    @cached_property
    def _niches(self) -> dict[tuple[object, ...], pl.DataFrame]:
        return self.frame.partition_by("niche_id", as_dict=True)

    def of_niche(self, niche_id: str) -> pl.DataFrame:
        """The rows of one niche; none if the market does not know it."""
        return self._niches.get((niche_id,), self.frame.clear())


class Source(Protocol):
    """One source of trends: `name` tells it from others, `unit` says what it counts.

    A source that asks over HTTP waits in `fetch` and keeps its own limits and retries; one that reads the market's
    own table answers from `observations`.
    """

    @property
    def name(self) -> str: ...

    @property
    def unit(self) -> str: ...

    async def fetch(self, niche: Niche, observations: Observations, until: date, now: datetime) -> Trend:
        """The trend of a niche up to and with the day `until`, told at `now`; raises `SourceError`."""
