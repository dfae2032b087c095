"""What an analysis stands on."""

from datetime import date

from pydantic import Field

from contracts.message import Shape


class BadRow(Shape):
    """A row that was left out, as the source told it: `why` is a code of `Quality.dropped`.

    `value` is what was wrong in it and `limit` what it was held against (a price and its product's median, a revenue
    and price times units); both absent where nothing is compared.
    """

    why: str
    product: str
    seller: str | None = None
    day: date
    value: float | None = None
    limit: float | None = None


class Quality(Shape):
    """What the analysis stands on, and what was shown but left out of it.

    `days` counts distinct days (or weeks, where the source is weekly) with a row, `weeks` full weeks of the market,
    `freshness` is the age in days of the market's newest data as of the analysis, `missing` counts weeks without one
    row since the niche's first, `dropped` counts rows by reason and `examples` are a few of each reason, `flags` are
    codes.
    """

    days: int
    weeks: int
    rows: int
    products: int
    sellers: int | None = None
    sources: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    freshness: int | None = None
    missing: int = 0
    dropped: dict[str, int] = Field(default_factory=dict)
    examples: tuple[BadRow, ...] = ()
    flags: tuple[str, ...] = ()
