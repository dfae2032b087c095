"""Finding what an address or a body names; what does not exist is answered with what does."""

from collections.abc import Iterable, Mapping

from contracts.message import FileRef
from services.chassis.errors import NotYetWritten
from services.chassis.store import Document
from services.gateway.deps import Deps
from services.gateway.problems import ProblemError, not_found, unfit

_NAMED = 10


async def market_of(deps: Deps, market: str) -> Document:
    """The market that an address names, or a 404 that lists the known ones."""
    document = await deps.store.get("markets", market)
    if document is None:
        raise not_found("market", await _no_market(deps, market))
    return document


async def asked_market(deps: Deps, market: str, pointer: str = "/market") -> Document:
    """The market that a body names, or a 422."""
    document = await deps.store.get("markets", market)
    if document is None:
        raise unfit("market-not-found", await _no_market(deps, market), pointer, title="Market not found")
    return document


async def the_market(deps: Deps, market: str | None) -> Document:
    """The market that a list is of: the one that is named, or the only one there is."""
    if market is not None:
        return await market_of(deps, market)
    markets = await deps.store.find("markets", limit=_NAMED)
    if len(markets) == 1:
        return markets[0]
    if not markets:
        raise not_found("market", await _no_market(deps, None))
    detail = f"There are several markets, and this list is of one: add ?market= with one of {_names(markets)}."
    raise unfit("market-not-named", detail, "/query/market", title="Which market?")


async def niche_of(deps: Deps, niche_id: str) -> Document:
    """The niche that an address names, or a 404."""
    document = await deps.store.get("niches", niche_id)
    if document is None:
        markets = await deps.store.find("markets", limit=_NAMED)
        market = markets[0]["_id"] if len(markets) == 1 else "M"
        raise not_found(
            "niche",
            f"There is no niche with the id {niche_id!r}. `scout niche list --market {market}` or "
            f"GET /v1/niches?market={market} lists them (markets: {_names(markets)}).",
        )
    return document


async def asked_niches(deps: Deps, market: str, asked: Mapping[str, str]) -> list[Document]:
    """The niches that a body asks for (pointer to id), each once; raises a 422 that points at those it cannot have."""
    found = await deps.store.get_many("niches", asked.values())
    places = [place for place, one in asked.items() if one not in found or found[one]["market"] != market]
    if places:
        detail = (
            f"{len(places)} of {len(asked)} ids are no niche of the market {market}, so nothing was started. "
            f"`scout niche list --market {market}` or GET /v1/niches?market={market} lists them."
        )
        raise unfit("niche-not-found", detail, *places, title="Niche not found")
    return [found[one] for one in dict.fromkeys(asked.values())]


def known_file(deps: Deps, ref: FileRef | None, pointer: str, route: str) -> None:
    """Refuse a body that names a file which is not there; `route` is where to send it first."""
    if ref is None:
        return
    try:
        size = deps.files.path(ref).stat().st_size
    except (NotYetWritten, ValueError, OSError):
        size = None
    if size != ref.size or ref.sha256 not in ref.key:
        detail = f"There is no such file as {ref.key}. Send it first with POST {route}, and pass what that answers."
        raise unfit("file-not-found", detail, pointer, title="File not found")


async def unfinished(deps: Deps, run_id: str, kind: str, noun: str, route: str) -> ProblemError:
    """The 404 for what a run has not made: it is under way, it failed, or there is no such run."""
    run = await deps.store.get("runs", run_id) or await deps.store.get("requests", run_id)
    if run is None or run["kind"] != kind:
        return not_found(noun, f"There is no {noun} of the run {run_id!r}. GET {route} lists them.")
    state = run.get("state", "accepted")
    if state == "failed":
        return not_found(noun, f"The run ended without a {noun}: {run.get('reason', 'no reason is known')}", run_id)
    if state == "done":
        return not_found(noun, f"The {noun} of this run was cleaned up. Ask for it again with POST {route}.", run_id)
    return not_found(noun, f"The {noun} is not finished: its run is {state}. GET /v1/runs/{run_id} tells when.", run_id)


async def _no_market(deps: Deps, market: str | None) -> str:
    markets = await deps.store.find("markets", limit=_NAMED)
    which = "There is no market" if market is None else f"There is no market {market!r}"
    if not markets:
        return f"{which}: nothing was imported yet. Import a table of sales with `scout import` or POST /v1/imports."
    return f"{which}. Known: {_names(markets)}."


def _names(markets: Iterable[Document]) -> str:
    return ", ".join(market["_id"] for market in markets) or "none yet"
