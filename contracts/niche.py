"""A niche: a set of competing products that a seller could join."""

from typing import Literal

from contracts.message import Event, Shape, scout_id

NicheKind = Literal["category", "subject", "query", "custom"]


def niche_id(market: str, kind: NicheKind, path: str) -> str:
    """The id of a niche: the same market, kind and path always give the same one."""
    return scout_id(market, kind, path)


class Niche(Shape):
    """A niche of one market. `path` names it inside the market (`Grocery/Tea`), `name` is what a person reads."""

    id: str
    market: str
    kind: NicheKind
    path: str
    name: str
    keywords: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    watched: bool = False


class Market(Shape):
    """A marketplace as one user sees it. `grain` says whether its observations are of days or of weeks."""

    id: str
    name: str
    currency: str
    timezone: str
    grain: Literal["day", "week"]
    first_day: str
    last_day: str
    niches: int
    imports: int


class NicheWatched(Event):
    """A person put a niche on the watch list, or took it off (`watched` false)."""

    niche_id: str
    market: str
    watched: bool
