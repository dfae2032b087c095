"""Dead letters: messages that nobody could handle, to be read and to be sent again."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query, Response

from contracts.message import Shape
from contracts.run import DeadLetter, Purge, Redrive
from services.chassis.store import Document
from services.gateway.accept import claim
from services.gateway.deps import Deps, Here
from services.gateway.pages import ListQuery, Page, newest
from services.gateway.problems import not_found
from services.gateway.redrive import as_ordered, check, order, order_purge
from services.gateway.routes import JsonBody, Key, Routes, read

router = Routes(prefix="/v1/dead-letters", tags=["dead letters"])
_AS_IT_WAS = Redrive()
Note = Annotated[str, Query(max_length=500, pattern=r"\S", description="Why, for whoever looks for the body later.")]


class LetterRow(Shape):
    """A dead letter without its body and headers."""

    id: str
    service: str
    key: str
    message_id: str
    publisher: str
    reason: str
    errors: int
    losses: int
    at: datetime
    run_id: str | None = None
    purged: Purge | None = None


class Redriven(Shape):
    """The run that a dead letter gets when it is sent again."""

    run_id: str


class LettersQuery(ListQuery):
    """Which dead letters to list."""

    service: Literal["trend", "analysis", "scoring", "export", "journal"] | None = None


@router.get("")
async def list_dead_letters(deps: Here, query: Annotated[LettersQuery, Query()]) -> Page[LetterRow]:
    """List messages that nobody could handle, newest first."""
    where = {"service": query.service} if query.service else {}
    found, cursor = await newest(deps.store, "dead_letters", where, "at", query)
    letters = [await as_ordered(deps, letter) for letter in found]
    return Page[LetterRow](items=tuple(read(LetterRow, letter) for letter in letters), next=cursor)


@router.get("/{letter_id}")
async def get_dead_letter(deps: Here, letter_id: str) -> DeadLetter:
    """Get a dead letter whole, with its body and why it ended here."""
    letter = await _letter(deps, letter_id)
    headers = {name: str(value) for name, value in letter["headers"].items()}
    return read(DeadLetter, letter, headers=headers)


@router.delete("/{letter_id}", status_code=202)
async def purge_dead_letter(deps: Here, letter_id: str, note: Note) -> DeadLetter:
    """Delete a dead letter's body for good; the record stays, with `note` and the moment.

    It cannot be sent again afterwards, except with another body. A repeat changes nothing, not even the note.
    """
    await order_purge(deps, await _letter(deps, letter_id), note)
    return await get_dead_letter(deps, letter_id)


@router.post("/{letter_id}/redrive", status_code=202)
async def redrive_dead_letter(
    deps: Here, response: Response, letter_id: str, redrive: JsonBody[Redrive] = _AS_IT_WAS, key: Key = None
) -> Redriven:
    """Send a dead letter again, as it was or with another body, in a new run."""
    letter = await _letter(deps, letter_id)
    check(letter, redrive)
    claimed = await claim(deps, key, f"redrive {letter_id}", redrive)
    await order(deps, letter, redrive, claimed)
    response.headers["Location"] = f"/v1/runs/{claimed.id}"
    return Redriven(run_id=claimed.id)


async def _letter(deps: Deps, letter_id: str) -> Document:
    letter = await deps.store.get("dead_letters", letter_id)
    if letter is None:
        raise not_found("dead letter", f"There is no dead letter {letter_id!r}. GET /v1/dead-letters lists them.")
    return await as_ordered(deps, letter)
