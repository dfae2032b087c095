"""Dead letters sent again or purged: what may be done, and the order that the journal carries out."""

import json
from datetime import UTC, datetime

from pydantic import ValidationError

from contracts.catalog import EVENTS
from contracts.commands import COMMANDS
from contracts.run import Redrive
from services.chassis.answers import stamp
from services.chassis.letters import purge_id, purged
from services.chassis.store import Document
from services.chassis.topology import WORKERS
from services.gateway.accept import Claim, Work, request_document
from services.gateway.deps import Deps
from services.gateway.problems import ProblemError, Wrong
from services.gateway.runs import run_of


def check(letter: Document, redrive: Redrive) -> None:
    """Raise a 409 for a letter that has no way back, and a 422 for a new body that its service would refuse."""
    if letter["service"] not in WORKERS:
        detail = f"It died in the service {letter['service']}, which takes nothing back. Ask for the work anew instead."
        raise ProblemError(409, "not-redrivable", "This dead letter cannot be sent again", detail)
    if letter.get("purged") and redrive.body is None:
        detail = "Its body was deleted. Send a new one as `body`, or ask for the work anew."
        raise ProblemError(409, "dead-letter-purged", "This dead letter cannot be sent again", detail)
    if redrive.body is None:
        return
    try:
        _read(letter["key"], redrive.body)
    except ValidationError as exc:
        errors = [f"{'/'.join(map(str, one['loc']))}: {one['msg']}" for one in exc.errors()]
    except (LookupError, TypeError, ValueError) as exc:
        errors = [str(exc)]
    else:
        return
    detail = f"The new body is no {letter['key']}, so the service would refuse it again. Correct what `errors` names."
    wrong = [Wrong(pointer="/body", detail=error) for error in errors]
    raise ProblemError(422, "invalid-body", "The new body does not fit", detail, errors=wrong)


async def order(deps: Deps, letter: Document, redrive: Redrive, claimed: Claim) -> None:
    """Write the new run's request and then the order, so that the run is known before anything happens in it."""
    before = await run_of(deps.store, letter["run_id"]) if letter.get("run_id") else None
    found_by = {name: before[name] for name in ("niche_id", "market") if before and name in before}
    retried = {"retry_of": letter["run_id"]} if letter.get("run_id") else {}
    request = request_document(claimed, claimed.id, Work(letter["key"], {}, found_by | retried))
    await deps.store.insert_many("requests", [{**request, "redrive": True}])
    now = datetime.now(UTC)
    edited = {"body": redrive.body} if redrive.body is not None else {}
    of = {"letter_id": letter["_id"], "run_id": claimed.id, **edited}
    times = {"at": stamp(now), "at_s": now.timestamp()}
    await deps.store.insert_many("orders", [{"_id": claimed.id, "kind": "redrive", **of, **times}])


async def order_purge(deps: Deps, letter: Document, note: str) -> None:
    """Write the order to delete a letter's body; of several for one letter the first holds."""
    now = datetime.now(UTC)
    purge = {"kind": "purge", "letter_id": letter["_id"], "note": note}
    order_id = purge_id(letter["_id"])
    await deps.store.insert_many("orders", [{"_id": order_id, **purge, "at": stamp(now), "at_s": now.timestamp()}])


async def as_ordered(deps: Deps, letter: Document) -> Document:
    """A letter as it will be: without its body from the moment on at which somebody purged it."""
    ordered = await deps.store.get("orders", purge_id(letter["_id"]))
    return purged(letter, ordered) if ordered and not letter.get("purged") else letter


def _read(key: str, body: str) -> None:
    if key in EVENTS:
        EVENTS[key].model.from_json(body)
        return
    command = COMMANDS[key]
    message = json.loads(body)
    if not isinstance(message, list) or [type(part) for part in message[:2]] != [list, dict]:
        raise ValueError('a command\'s body is a list of its arguments: [[], {"name": value}, {}]')
    command.arguments.model_validate_json(json.dumps(command.bind(message[0], message[1])))
