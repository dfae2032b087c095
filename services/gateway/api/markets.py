"""Markets: what was imported, by marketplace."""

from typing import Annotated

from fastapi import Query

from contracts.niche import Market
from services.gateway.deps import Here
from services.gateway.find import market_of
from services.gateway.pages import ListQuery, Page, counted, cut
from services.gateway.routes import Routes, read

router = Routes(prefix="/v1/markets", tags=["markets"])


@router.get("")
async def list_markets(deps: Here, query: Annotated[ListQuery, Query()]) -> Page[Market]:
    """List the markets that have observations."""
    found = await deps.store.find("markets", limit=query.limit + 1, skip=counted(query))
    shown, cursor = cut(found, query)
    return Page[Market](items=tuple(read(Market, document) for document in shown), next=cursor)


@router.get("/{market}")
async def get_market(deps: Here, market: str) -> Market:
    """Get a market: its currency, its time zone, and the days that are observed."""
    return read(Market, await market_of(deps, market))
