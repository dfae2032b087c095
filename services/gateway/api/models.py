"""Models: the weights and gates that niches are scored by, as files that a person can edit."""

import asyncio

from fastapi import Request, Response

from contracts.message import FileRef, Input, Shape
from contracts.model import ModelActivated, parse_weights
from contracts.weights_file import WeightsError
from services.gateway.accept import Accepted, accept, claim, told
from services.gateway.deps import Here
from services.gateway.find import asked_market, known_file
from services.gateway.problems import ProblemError, unfit
from services.gateway.routes import JsonBody, Key, Routes

router = Routes(prefix="/v1/models", tags=["models"])
_LARGEST = 256 * 1024
_TOML = {"application/toml": {"schema": {"type": "string"}}}


class Model(Shape):
    """A model that lies in the file store; `id` is of its weights, whatever its comments say."""

    model: FileRef
    id: str


class Activation(Input):
    """Which model a market is scored by from now on."""

    market: str
    model: FileRef


@router.post("", status_code=201, openapi_extra={"requestBody": {"required": True, "content": _TOML}})
async def send_model(deps: Here, request: Request) -> Model:
    """Send a model: the body is a TOML file of weights and gates as it is.

    It changes nothing until it is activated, or named in an analysis or a backtest.
    """
    body = await request.body()
    if len(body) > _LARGEST:
        detail = f"A model is a page of text; this has {len(body)} bytes (at most {_LARGEST}). Is it the right file?"
        raise ProblemError(413, "model-too-large", "Model too large", detail)
    try:
        weights = parse_weights(body.decode())
    except (WeightsError, UnicodeDecodeError) as exc:
        raise unfit("bad-model", str(exc), title="The model cannot be read") from exc
    model = await asyncio.to_thread(deps.files.put, "models", body, ".toml")
    return Model(model=model, id=weights.id)


@router.post("/activate", status_code=202)
async def activate_model(deps: Here, response: Response, choice: JsonBody[Activation], key: Key = None) -> Accepted:
    """Score a market by another model from now on; its niches are analysed again."""
    await asked_market(deps, choice.market)
    known_file(deps, choice.model, "/model", "/v1/models")
    claimed = await claim(deps, key, "model.activated", choice)
    event = ModelActivated(market=choice.market, model=choice.model)
    accepted = await accept(deps, claimed, told(event, market=choice.market))
    response.headers["Location"] = f"/v1/runs/{accepted.id}"
    return accepted
