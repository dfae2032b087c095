import json
from collections.abc import Iterator
from typing import Any

import httpx

from contracts.catalog import EVENTS


def files(value: Any) -> Iterator[str]:
    """The files that a document refers to."""
    if isinstance(value, dict):
        reference = value.get("$ref")
        if isinstance(reference, str) and not reference.startswith("#"):
            yield reference
        for inner in value.values():
            yield from files(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from files(inner)


async def test_the_asyncapi_document_is_served_with_all_that_it_refers_to(http: httpx.AsyncClient) -> None:
    """A generator that starts at /asyncapi.json finds every schema."""
    document = (await http.get("/asyncapi.json")).json()

    assert document["asyncapi"] == "3.1.0"
    for reference in set(files(document)):
        answer = await http.get(f"/{reference}")
        assert answer.status_code == 200, reference
        assert answer.headers["content-type"] == "application/schema+json"
        assert json.loads(answer.content)["$schema"]


async def test_an_unknown_schema_is_not_found(http: httpx.AsyncClient) -> None:
    """The error says where they are listed."""
    answer = await http.get("/schemas/analysis.complete.json")

    assert answer.status_code == 404
    assert "/asyncapi.json" in answer.json()["detail"]


async def test_the_catalog_says_what_is_open_to_others(http: httpx.AsyncClient) -> None:
    """The same flag that the broker's permissions are made of."""
    items = (await http.get("/v1/events/catalog")).json()["items"]

    assert {item["key"] for item in items if item["outside"]} == {key for key, row in EVENTS.items() if row.outside}
