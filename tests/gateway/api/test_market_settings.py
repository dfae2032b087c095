"""The settings of a market over HTTP: a file in, the same file out, and an event between them."""

import json

import httpx

from contracts.market import MarketConfigured
from contracts.market_file import SETTINGS_TEMPLATE, parse_settings
from services.gateway.deps import Deps
from tests.gateway import world

TEXT = '# mine\npseudo_sellers = ["other"]\n\n[[tariff]]\nsince = 2026-01-01\ncommission = 0.15\n'


async def put(http: httpx.AsyncClient, deps: Deps, text: str, times: int = 1) -> httpx.Response:
    """Set the settings for the n-th time, and have the journal write what was told of them."""
    answer = await http.put("/v1/markets/shop/settings", content=text.encode())
    await deps.outbox.drained()
    if answer.is_success:
        await world.write(deps, *(await world.taken(deps.bus, "journal", times))[-1:])
    return answer


async def test_what_is_got_can_be_put_and_is_got_again(http: httpx.AsyncClient, deps: Deps):
    """From the template on, byte for byte; the newest one counts."""
    await world.market(deps)
    template = await http.get("/v1/markets/shop/settings")
    assert (template.text, template.headers["Content-Type"]) == (
        SETTINGS_TEMPLATE.read_text("utf-8"),
        "application/toml",
    )

    for times, text in enumerate((template.text, TEXT, f"{TEXT}# и ещё\n"), 1):
        assert (await put(http, deps, text, times)).status_code == 202
        assert (await http.get("/v1/markets/shop/settings")).content == text.encode()


async def test_settings_are_an_event_of_the_gateways_own(http: httpx.AsyncClient, deps: Deps):
    """It holds all that is set, its run is done as soon as it is written, and analysis hears it."""
    await world.market(deps)

    answer = await put(http, deps, TEXT)

    [told] = await world.taken(deps.bus, "analysis", 1)
    assert (told.key, told.id) == ("market.configured", answer.json()["id"])
    assert MarketConfigured.from_json(told.body) == MarketConfigured(
        market="shop", settings=parse_settings(TEXT), text=TEXT
    )
    run = (await http.get(answer.headers["Location"])).json()
    assert (run["kind"], run["state"], run["market"]) == ("market.configured", "done", "shop")


async def test_settings_that_cannot_be_used_change_nothing(http: httpx.AsyncClient, deps: Deps):
    """The answer is what the reader of the file says; an unknown market is told with the known ones."""
    await world.market(deps)

    bad = await put(http, deps, TEXT.replace("0.15", "15"))
    binary = await http.put("/v1/markets/shop/settings", content=b"\xff\xfe")
    large = await http.put("/v1/markets/shop/settings", content=b"#" * 65_537)
    nowhere = [await http.get("/v1/markets/toys/settings"), await http.put("/v1/markets/toys/settings", content=b"")]

    assert [answer.status_code for answer in (bad, binary, large, *nowhere)] == [422, 422, 413, 404, 404]
    assert bad.json()["type"] == "/problems/bad-settings"
    assert "line 6, [[tariff]] commission = 15 cannot be used" in bad.json()["detail"]
    assert await deps.store.count("requests", {}) == 0


async def test_the_largest_file_fits_into_an_event(http: httpx.AsyncClient, deps: Deps):
    """A worker takes 256 KiB of an event, and this is told as well as any other."""
    await world.market(deps)
    row = '[[tariff]]\nsince=2026-01-01\nniche="{:04}"\n'
    text = "".join(map(row.format, range(500))) + "\n" * 65_536

    answer = await put(http, deps, text[:65_536])

    assert answer.status_code == 202
    request = await deps.store.get("requests", answer.json()["id"])
    assert len(json.dumps(request["arguments"]).encode()) < 256 * 1024


async def test_a_repeat_with_its_key_is_told_once(http: httpx.AsyncClient, deps: Deps):
    """The same key and file are one choice; another file under it is refused."""
    await world.market(deps)
    headers = {"Idempotency-Key": "k"}

    first, second, other = [
        await http.put("/v1/markets/shop/settings", content=text.encode(), headers=headers)
        for text in (TEXT, TEXT, f"{TEXT}#")
    ]

    assert first.json()["id"] == second.json()["id"]
    assert other.status_code == 422
