"""What a person says of a market: who is no seller, what the marketplace takes, and what only the seller knows."""

from pydantic import Field

from contracts.economics import Own, Tariff
from contracts.message import Event, Input


class MarketSettings(Input):
    """What a person says of a market, in one file (`scout market settings`).

    `pseudo_sellers` are names that stand for no seller (a catch-all, a code for loose goods): their sales count, but
    belong to nobody. `tariffs` are what the marketplace takes; the newest one that has begun and fits the niche best
    counts. `own` is what the seller knows for all niches; an analysis may be asked with other values.
    """

    pseudo_sellers: tuple[str, ...] = Field(default=(), max_length=1000)
    tariffs: tuple[Tariff, ...] = Field(default=(), max_length=500)
    own: Own = Own()


class MarketConfigured(Event):
    """A person changed the settings of a market; these are all of them. `text` is the file as it was written."""

    market: str
    settings: MarketSettings
    text: str
