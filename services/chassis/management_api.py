"""RabbitMQ's management API over HTTP: waits while it starts, and says in a person's words what it refuses."""

import sys
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpx

from services.chassis.errors import DependencyDown, ScoutError

PATIENCE = 60.0  # s; RabbitMQ needs 5 to 20 to start
_STARTING = (502, 503, 504)
_NOT_ALLOWED = (401, 403)
_TIMEOUT = httpx.Timeout(30, connect=5)


class ManagementRefused(ScoutError):
    """RabbitMQ's management API answered, and said no."""


class ManagementApi:
    """Requests to the API at `url`, in whose text user and password are; `say` is told that it waits."""

    def __init__(self, url: str, patience: float = PATIENCE, say: Callable[[str], None] | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is None:
            raise ManagementRefused(
                "SCOUT_MANAGEMENT_URL is no address of RabbitMQ's management API. "
                "It looks like http://USER:PASSWORD@rabbitmq:15672/scout; `just env` writes one."
            )
        self.user = unquote(parts.username)
        self.where = f"{parts.scheme}://{parts.hostname}:{parts.port or 15672}"
        self._patience, self._say = patience, say or _to_stderr
        self._http = httpx.Client(
            base_url=f"{self.where}/api",
            auth=httpx.BasicAuth(self.user, unquote(parts.password or "")),
            timeout=_TIMEOUT,
            trust_env=False,  # a proxy of the machine does not know the house's network
        )

    def close(self) -> None:
        self._http.close()

    def get(self, *path: str, **query: str) -> Any:
        """The answer's JSON; raises `DependencyDown` when nobody answers and `ManagementRefused` when it says no."""
        return self._request("GET", path, params=query).json()

    def put(self, *path: str, **body: Any) -> None:
        self._request("PUT", path, json=body)

    def post(self, *path: str, **body: Any) -> None:
        self._request("POST", path, json=body)

    def delete(self, *path: str) -> None:
        """Delete a thing; that it is gone already is no error."""
        self._request("DELETE", path)

    def may(self, *path: str) -> Any:
        """The same as `get`, or `None` where this user may not look."""
        response = self._send("GET", path)
        return None if response.status_code in _NOT_ALLOWED else self._taken(response, path).json()

    def _request(self, method: str, path: tuple[str, ...], **request: Any) -> httpx.Response:
        return self._taken(self._send(method, path, **request), path)

    def _taken(self, response: httpx.Response, path: tuple[str, ...]) -> httpx.Response:
        gone = response.request.method == "DELETE" and response.status_code == httpx.codes.NOT_FOUND
        if not response.is_success and not gone:
            raise ManagementRefused(self._refusal(response, "/".join(path)))
        return response

    def _send(self, method: str, path: tuple[str, ...], **request: Any) -> httpx.Response:
        """The response, whatever it says; as long as RabbitMQ starts, it is asked again."""
        give_up, told = time.monotonic() + self._patience, False
        url = "/".join(("", *(quote(part, safe="") for part in path)))
        while True:
            try:
                response = self._http.request(method, url, **request)
                if response.status_code not in _STARTING:
                    return response
                why = f"it answers {response.status_code}"
            except httpx.TransportError as exc:
                why = str(exc) or type(exc).__name__
            if time.monotonic() >= give_up:
                raise DependencyDown(
                    f"RabbitMQ's management API at {self.where} does not answer: {why}. "
                    "Check that RabbitMQ runs (docker compose ps rabbitmq) and that SCOUT_MANAGEMENT_URL names it."
                )
            if not told:
                self._say(f"waiting for RabbitMQ at {self.where}, {self._patience:.0f} s at most: {why}")
                told = True
            time.sleep(0.5)

    def _refusal(self, response: httpx.Response, what: str) -> str:
        reason = _reason(response)
        if reason.lower() == "not_authorized":
            return (
                f"RabbitMQ at {self.where} does not know user {self.user} with this password. "
                "Check SCOUT_MANAGEMENT_URL. RabbitMQ takes the administrator's password from .env only while its "
                "volume is new: after a change of .env, use rabbitmqctl change_password or a new volume."
            )
        if "access virtual host" in reason or response.status_code == httpx.codes.NOT_FOUND:
            return (
                f"RabbitMQ at {self.where} has no {what} for user {self.user}: {reason}. The virtual host is the path "
                "of SCOUT_MANAGEMENT_URL; run `docker compose run --rm topology`, which makes what is missing."
            )
        if response.status_code in _NOT_ALLOWED:
            return (
                f"RabbitMQ at {self.where} does not let user {self.user} at {what}: {reason}. "
                "Name a user with the tag administrator in SCOUT_MANAGEMENT_URL."
            )
        return f"RabbitMQ at {self.where} refused {what} ({response.status_code}): {reason}."


def _reason(response: httpx.Response) -> str:
    try:
        answer = response.json()
    except ValueError:
        return response.text[:200]
    return str(answer.get("reason", answer)) if isinstance(answer, dict) else str(answer)


def _to_stderr(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
