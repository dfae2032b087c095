"""What is left of a dead letter whose body somebody deleted: the record, without anything of the payload."""

from contracts.message import scout_id
from services.chassis.store import Document

_COPIES = ("argsrepr", "kwargsrepr")  # a Celery caller may repeat its arguments there


def purge_id(letter_id: str) -> str:
    """The id of the order to purge a letter: there is one at most."""
    return scout_id("purge", letter_id)


def purged(letter: Document, order: Document) -> Document:
    """A letter as `order` (its note and moment) leaves it."""
    kept = {name: value for name, value in letter.items() if name != "body"}
    headers = {name: value for name, value in letter["headers"].items() if name not in _COPIES}
    return {**kept, "headers": headers, "purged": {"note": order["note"], "at": order["at"]}}
