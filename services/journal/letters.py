"""Dead letters: recorded whole, with why they ended here; a person reads them and may send them again."""

from contextlib import suppress
from datetime import UTC, datetime

from contracts.message import scout_id
from services.chassis.answers import stamp
from services.chassis.errors import Duplicate
from services.chassis.store import Document, Store
from services.chassis.wire import Delivery, Header


async def record(store: Store, service: str, delivery: Delivery, reason: str | None = None) -> str | None:
    """Write down a dead letter once; the run that it belongs to, if it says so."""
    letter = letter_of(service, delivery, reason)
    with suppress(Duplicate):  # a redelivery of what is recorded
        await store.insert("dead_letters", letter)
    run_id = letter.get("run_id")
    return str(run_id) if run_id else None


def letter_of(service: str, delivery: Delivery, reason: str | None = None) -> Document:
    """The document of a dead letter. One whose headers are not ours was rejected by the broker itself."""
    message, headers = delivery.message, delivery.message.headers
    errors, losses = _number(headers.get("scout-errors")), _number(headers.get("scout-losses"))
    message_id = str(headers.get("scout-id", message.id))
    publisher = str(headers.get("scout-publisher", message.user))
    # What an outsider wrote is believed in nothing: its correlation id may be another's run.
    told = headers.get("cloudEvents_correlationid") if publisher != "outside" else None
    run_id = headers.get("scout-run") or told or headers.get("id")
    key = headers.get("scout-key") or headers.get("cloudEvents_type") or headers.get("task") or message.key
    return {
        "_id": scout_id(message_id, "dead", service, errors, losses, headers.get("scout-first-seen", "")),
        "service": service,
        "key": str(key),
        "message_id": message_id,
        "publisher": publisher,
        "body": message.body.decode(errors="replace"),
        "reason": reason or str(headers.get("scout-reason", "rejected: delivered too often without an answer")),
        "errors": errors,
        "losses": losses,
        "at": stamp(datetime.now(UTC)),
        "headers": dict(headers),
        **({"run_id": str(run_id)} if run_id else {}),
    }


def _number(header: Header | None) -> int:
    """A counter; 0 if it is none, as in what the broker itself rejected, whose headers are its sender's."""
    return header if isinstance(header, int) else 0
