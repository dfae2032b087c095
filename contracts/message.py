"""The envelope that every command and event travels in, and the ids that make a repeat harmless."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID, uuid5

from pydantic import BaseModel, ConfigDict, Field

SCOUT = UUID("6f1d3c52-8a40-5b5e-9d43-0b9f1a6f7c11")
"""The namespace of every id that Scout derives."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


def scout_id(*parts: object) -> str:
    """Derive an id from what it names, so that whoever derives it again gets the same one."""
    return str(uuid5(SCOUT, "/".join(map(str, parts))))


def outside_id(source: str, event_id: str) -> str:
    """The id of an event, and of its run, that `source` outside the house tells as `event_id`.

    Its first part is no id of ours, so that nobody who chooses a source can arrive at the id of another event or run.
    """
    return scout_id("outside", source, event_id)


class Shape(BaseModel):
    """A value that travels or is stored: immutable, strict in types, tolerant of fields that it does not know.

    `None` means "not known": such a field is left out of the JSON. It never stands for zero.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore", allow_inf_nan=False)

    def to_json(self) -> bytes:
        """The JSON that travels; unknown values are left out."""
        return self.model_dump_json(exclude_none=True).encode()

    @classmethod
    def from_json(cls, body: bytes | str) -> Self:
        """Read what `to_json` wrote; raises `pydantic.ValidationError`, which names the field."""
        return cls.model_validate_json(body)


class Input(Shape):
    """What someone asks for: as strict as a shape, and it refuses fields that it does not know."""

    model_config = ConfigDict(extra="forbid")


class FileRef(Shape):
    """A file by name and content: `key` in the file store, `sha256` and `size` in bytes of what it holds."""

    key: str
    sha256: Sha256
    size: int = Field(ge=0)


class Event(Shape):
    """A fact that a service publishes. The catalog gives each class its key, its tellers and its hearers."""


class Failed(Event):
    """Something that was asked for did not come about; `reason` is for a person: what, why, what to do."""

    reason: str


class Envelope(Shape):
    """CloudEvents 1.0 attributes of one message, beside its body.

    `id` is unique, `type` the routing key, `source` the service that speaks, `subject` what it speaks of (may be
    empty), `correlation_id` the run, `causation_id` the message that this one answers (absent: it opens its run).
    """

    id: str
    type: str
    source: str
    subject: str = ""
    time: datetime
    correlation_id: str
    causation_id: str | None = None
