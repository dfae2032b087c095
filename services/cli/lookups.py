"""Finding what a person means: the only market, a niche by its name."""

from typing import Any
from uuid import UUID

from services.cli.client import Api, at
from services.cli.errors import CliError, ExitCode
from services.cli.texts import say

_SHOWN = 5


async def the_market(api: Api, name: str | None) -> dict[str, Any]:
    """The market of this name, or the only one; raises `CliError` that lists the markets there are."""
    if name is not None:
        market: dict[str, Any] = await api.get(at("markets", name))
        return market
    markets = await api.items("/v1/markets")
    if not markets:
        raise CliError(
            ExitCode.NOT_FOUND, say("error.no_market"), say("error.no_market.why"), say("error.no_market.do")
        )
    if len(markets) > 1:
        names = ", ".join(market["id"] for market in markets)
        raise CliError(
            ExitCode.USAGE,
            say("error.which_market"),
            say("error.which_market.why", names=names),
            say("error.which_market.do", name=markets[0]["id"]),
        )
    return markets[0]


async def niche_id(api: Api, given: str, market: str | None) -> str:
    """The id of a niche given by id, by its own code (its path) or by name; raises `CliError` with the nearest ones."""
    if _is_id(given):
        return given
    found = await api.items("/v1/niches", q=given, market=market) if given.strip() else []
    own = [niche for niche in found if niche["path"] == given]
    same = [niche for niche in found if niche["name"].casefold() == given.casefold()]
    candidates = (own if len(own) == 1 else same) or found
    if len(candidates) == 1:
        return str(candidates[0]["id"])
    if not candidates:
        raise CliError(
            ExitCode.NOT_FOUND, say("error.no_niche", name=given), say("error.no_niche.why"), say("error.no_niche.do")
        )
    names = "\n".join(map(_named, candidates[:_SHOWN]))
    more = len(candidates) - _SHOWN
    names += f"\n{say('error.more', n=more)}" if more > 0 else ""
    raise CliError(
        ExitCode.USAGE, say("error.which_niche", name=given, n=len(candidates)), names, say("error.which_niche.do")
    )


def _named(niche: dict[str, Any]) -> str:
    """A niche with all that tells it from another one of its name."""
    told = niche["market"] if niche["path"] == niche["name"] else f"{niche['path']}, {niche['market']}"
    return f"{niche['id']}  {niche['name']} ({told})"


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
