"""Markets: what was imported, by marketplace, and what a person says of each."""

from typing import Annotated

from fastapi import Query, Request, Response

from contracts.market import MarketConfigured
from contracts.market_file import SETTINGS_TEMPLATE, SettingsError, parse_settings
from contracts.niche import Market
from services.gateway.accept import Accepted, accept, claim, told
from services.gateway.deps import Here
from services.gateway.find import market_of
from services.gateway.pages import ListQuery, Page, counted, cut
from services.gateway.problems import ProblemError, unfit
from services.gateway.routes import Key, Routes, read

router = Routes(prefix="/v1/markets", tags=["markets"])
_LARGEST = 64 * 1024
"""Bytes of settings: an event has room for 256 KiB, and holds them as they were written and as they were read."""
_MEDIA_TYPE = "application/toml"
_TOML = {"content": {_MEDIA_TYPE: {"schema": {"type": "string"}}}}


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


@router.get("/{market}/settings", response_class=Response, responses={200: {"description": "A TOML file.", **_TOML}})
async def get_settings(deps: Here, market: str) -> Response:
    """Get the settings of a market: the TOML file as it was sent last.

    Where none was sent it is a template, which sets nothing and says what can be set.
    """
    await market_of(deps, market)
    where = {"type": "market.configured", "market": market}
    found = await deps.store.find("events", where, sort=(("time", -1), ("_id", -1)), limit=1)
    text = MarketConfigured.from_json(found[0]["body"]).text if found else SETTINGS_TEMPLATE.read_text("utf-8")
    return Response(text, media_type=_MEDIA_TYPE)


@router.put("/{market}/settings", status_code=202, openapi_extra={"requestBody": {"required": True, **_TOML}})
async def put_settings(deps: Here, request: Request, response: Response, market: str, key: Key = None) -> Accepted:
    """Set the settings of a market: the body is a TOML file as it is, and takes the place of the one before.

    The watched niches of the market are analysed again.
    """
    await market_of(deps, market)
    body = await request.body()
    if len(body) > _LARGEST:
        detail = f"Settings are a page of text; this has {len(body)} bytes (at most {_LARGEST}). Is it the right file?"
        raise ProblemError(413, "settings-too-large", "Settings too large", detail)
    try:
        text = body.decode()
        event = MarketConfigured(market=market, settings=parse_settings(text), text=text)
    except (SettingsError, UnicodeDecodeError) as exc:
        raise unfit("bad-settings", str(exc), title="The settings cannot be read") from exc
    claimed = await claim(deps, key, f"market.configured {market}", event)
    accepted = await accept(deps, claimed, told(event, market=market))
    response.headers["Location"] = f"/v1/runs/{accepted.id}"
    return accepted
