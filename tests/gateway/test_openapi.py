from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from services.gateway.app import create_app
from services.gateway.deps import Deps

FILES = {
    "/v1/imports/{import_id}/rejected",
    "/v1/exports/{run_id}/file",
    "/v1/runs/{run_id}/stream",
    "/v1/markets/{market}/settings",
}


@pytest.fixture
def document(deps: Deps) -> dict[str, Any]:
    """The description of the API."""
    return create_app(deps).openapi()


def routes(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every route of it, by its address."""
    for address, methods in document["paths"].items():
        for route in methods.values():
            yield address, route


def references(value: Any) -> Iterator[str]:
    """Every reference anywhere in it."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


async def test_the_description_is_served_as_openapi_3_1(http: httpx.AsyncClient, document):
    """Programs find it at its usual address."""
    served = (await http.get("/openapi.json")).json()

    assert served == document
    assert served["openapi"].startswith("3.1.")


def test_every_route_says_what_it_does_and_what_it_answers(document):
    """A summary, a tag that is explained, and the shape of the answer; files say their media type."""
    explained = {tag["name"] for tag in document["tags"]}
    for address, route in routes(document):
        assert route["summary"], address
        assert set(route["tags"]) <= explained, address
        [success] = [answer for status, answer in route["responses"].items() if status.startswith("2")]
        if address not in FILES:
            assert "$ref" in success["content"]["application/json"]["schema"], address
        else:
            assert success["content"], address


def test_every_route_may_answer_a_problem(document):
    """An error's body has one shape, whatever the route."""
    for address, route in routes(document):
        assert "422" not in route["responses"], address
        assert "application/problem+json" in route["responses"]["default"]["content"], address


def test_every_reference_leads_somewhere(document):
    """A generator of clients finds every shape that it is told of."""
    schemas = document["components"]["schemas"]
    missing = {one for one in references(document) if one.removeprefix("#/components/schemas/") not in schemas}

    assert missing == set()


def test_every_operation_has_an_id_of_its_own(document):
    """Generated clients name their functions by it."""
    ids = [route["operationId"] for _, route in routes(document)]

    assert len(ids) == len(set(ids))


def test_bodies_are_described_and_closed(document):
    """What a person sends has a schema that forbids fields nobody knows."""
    schemas = document["components"]["schemas"]
    bodies = {
        content["schema"]["$ref"].rpartition("/")[2]
        for _, route in routes(document)
        for content in route.get("requestBody", {}).get("content", {}).values()
        if "$ref" in content["schema"]
    }

    assert {"AnalyzeParams", "BulkAnalyses", "Upload", "ReportRequest", "BacktestParams", "Redrive"} <= bodies
    open_ = {name for name in bodies if schemas[name].get("additionalProperties", True)}
    assert open_ == {"AgentStatus"}  # an event's shape, tolerant so that an older office understands a newer house
