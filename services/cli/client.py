"""The way to the gateway: a running house by its URL, or this process's own house. Above this file they are one."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx
import structlog

from services.chassis.errors import HouseInUse
from services.chassis.house_lock import HouseLock
from services.chassis.settings import Settings
from services.cli.errors import CliError, ExitCode, of_problem
from services.cli.texts import language, say

if TYPE_CHECKING:
    from services.cli.embedded import House

log = structlog.get_logger()

_TIMEOUT = httpx.Timeout(60, connect=5)
_PAGE = 500
_CHUNK = 1 << 20
_ERROR, _SERVER_ERROR = 400, 500


class Api:
    """The HTTP API. Every method raises `CliError` when the answer is an error or nobody answers."""

    def __init__(self, http: httpx.AsyncClient, where: str, settings: Settings) -> None:
        self._http = http
        self.where = where
        self.settings = settings

    async def get(self, path: str, **params: Any) -> Any:
        """The JSON of a resource; parameters that are `None` are left out."""
        return (await self.send("GET", path, params=_known(params))).json()

    async def items(self, path: str, limit: int = 0, **params: Any) -> list[dict[str, Any]]:
        """The items of a list over all its pages, at most `limit` of them (0: all)."""
        found: list[dict[str, Any]] = []
        cursor = None
        while True:
            page = await self.get(
                path, cursor=cursor, limit=min(limit - len(found) if limit else _PAGE, _PAGE), **params
            )
            found += page["items"]
            cursor = page.get("next")
            if cursor is None or (limit and len(found) >= limit):
                return found[:limit] if limit else found

    async def post(self, path: str, body: object = None, key: str | None = None) -> Any:
        """Ask for work; with the idempotency `key`, what was asked before is answered as before."""
        headers = {"Idempotency-Key": key} if key else {}
        return (await self.send("POST", path, json={} if body is None else body, headers=headers)).json()

    async def put(self, path: str, body: object) -> Any:
        """Say what something is to be."""
        response = await self.send("PUT", path, json=body)
        return response.json() if response.content else None

    async def delete(self, path: str, **params: Any) -> Any:
        """Have something deleted, and answer what is left of it."""
        return (await self.send("DELETE", path, params=_known(params))).json()

    async def upload(self, path: Path) -> Any:
        """Send a file, piece by piece."""
        return (await self.send("POST", f"/v1/files?filename={quote(path.name)}", content=_pieces(path))).json()

    async def post_text(self, path: str, text: str) -> Any:
        """Send text as it is."""
        return (await self.send("POST", path, content=text.encode())).json()

    async def send(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Send a request and read the whole answer."""
        try:
            response = await self._http.request(method, path, **request)
        except httpx.TimeoutException as exc:
            raise self._down(say("error.down.slow")) from exc
        except (httpx.TransportError, httpx.InvalidURL) as exc:
            raise self._down(str(exc) or type(exc).__name__) from exc
        if response.status_code < _ERROR:
            return response
        log.debug("the api answered with an error", method=method, path=path, status=response.status_code)
        problem = _problem(response)
        if not problem and response.status_code < _SERVER_ERROR:
            raise self._down(say("error.down.stranger", status=response.status_code))
        raise of_problem(response.status_code, problem)

    def _down(self, why: str) -> CliError:
        return _down(self.where, why)


def _down(where: str, why: str) -> CliError:
    return CliError(ExitCode.SERVICE_DOWN, say("error.down", url=where), why, say("error.down.do"))


@asynccontextmanager
async def connect(settings: Settings) -> AsyncIterator[Api]:
    """Open the way: `SCOUT_URL` if it is set, else the house that serves the folder, else a house in this process.

    Raises `CliError` when the folder's house runs a single command, so that nobody can join it.
    """
    async with AsyncExitStack() as stack:
        url, transport = settings.url or HouseLock(settings.home).serving(), None
        if url is None:
            try:
                house = await stack.enter_async_context(new_house(settings))
                transport = httpx.ASGITransport(house.app, raise_app_exceptions=False)
            except HouseInUse as exc:
                if (url := exc.url) is None:
                    raise in_use(exc, settings) from exc
        try:
            client = httpx.AsyncClient(
                transport=transport,
                base_url=url or "http://scout",
                timeout=_TIMEOUT,
                headers={"Accept-Language": language()},
                trust_env=settings.url is not None,  # a proxy is for what is far away
            )
        except httpx.InvalidURL as exc:
            raise _down(str(url), str(exc)) from exc
        yield Api(await stack.enter_async_context(client), url or str(settings.home), settings)


def at(*parts: str) -> str:
    """The address of a resource; what a person typed is one part of it, whatever it holds."""
    return "/v1/" + "/".join(quote(part, safe="") for part in parts)


def new_house(settings: Settings) -> "House":
    """The whole house of this process, not yet opened; only who opens one imports it."""
    from services.cli.embedded import House  # noqa: PLC0415 - it imports every service

    return House(settings)


def in_use(exc: HouseInUse, settings: Settings) -> CliError:
    """Why the folder cannot be had: somebody holds it, or it cannot be written."""
    if isinstance(exc.__cause__, OSError):
        why = exc.__cause__.strerror or str(exc.__cause__)
        return CliError(ExitCode.CONFLICT, say("error.home", home=settings.home), why, say("error.home.do"))
    why = say("error.busy.serves", url=exc.url) if exc.url else say("error.busy.command")
    return CliError(ExitCode.CONFLICT, say("error.busy", home=settings.home), why, say("error.busy.do"))


def _known(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value is not None}


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    with path.open("rb") as file:
        while piece := await asyncio.to_thread(file.read, _CHUNK):
            yield piece


def _problem(response: httpx.Response) -> Mapping[str, Any]:
    """The problem that an answer carries; one that is none is told by its status alone."""
    try:
        problem = response.json()
    except ValueError:
        return {}
    return problem if isinstance(problem, Mapping) else {}
