"""Dead letters: recorded whole, with why they ended here; a person reads them and may send them again."""

from contextlib import suppress
from datetime import UTC, datetime

from contracts.message import scout_id
from services.chassis.answers import stamp
from services.chassis.errors import Duplicate
from services.chassis.store import Document, Store
from services.chassis.wire import Delivery


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
    errors, losses = int(headers.get("scout-errors", 0)), int(headers.get("scout-losses", 0))
    message_id = str(headers.get("scout-id", message.id))
    run_id = headers.get("scout-run") or headers.get("cloudEvents_correlationid") or headers.get("id")
    return {
        "_id": scout_id(message_id, "dead", service, errors, losses, headers.get("scout-first-seen", "")),
        "service": service,
        "key": str(headers.get("scout-key", message.key)),
        "message_id": message_id,
        "publisher": str(headers.get("scout-publisher", message.user)),
        "body": message.body.decode(errors="replace"),
        "reason": reason or str(headers.get("scout-reason", "rejected: delivered too often without an answer")),
        "errors": errors,
        "losses": losses,
        "at": stamp(datetime.now(UTC)),
        "headers": dict(headers),
        **({"run_id": str(run_id)} if run_id else {}),
    }
