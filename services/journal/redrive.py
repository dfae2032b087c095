"""What a person orders of the journal: to send a dead letter again, to purge one, or to derive everything anew.

The gateway writes an order; the active journal carries it out, and marks it done by a document of the same id.
"""

from dataclasses import replace
from datetime import UTC, datetime

from pydantic import ValidationError

from contracts.catalog import EVENTS
from contracts.message import scout_id
from services.chassis.answers import answer_id, stamp
from services.chassis.bus import Publisher
from services.chassis.cause import parse
from services.chassis.errors import Refused
from services.chassis.letters import purged
from services.chassis.store import Document, Store
from services.chassis.topology import WORKERS
from services.chassis.wire import Delivery, Header, Message, parse_event
from services.journal.batch import Writer
from services.journal.outcomes import closing_keys, outcome_of

_FACTS = sorted({fact for row in EVENTS.values() for fact in row.told.values()} - {"attempt"})


async def send_orders(store: Store, publisher: Publisher, writer: Writer) -> None:
    """Carry out the orders that are not done yet, in the order in which they were given."""
    if await store.count("orders") == await store.count("orders_done"):
        return
    orders = await store.find("orders", sort=(("at", 1), ("_id", 1)))
    done = await store.get_many("orders_done", [order["_id"] for order in orders])
    for order in orders:
        if order["_id"] in done:
            continue
        if order["kind"] == "rebuild":
            await rebuild(store, writer)
        elif order["kind"] == "purge":
            await purge(store, order)
        else:
            await send_order(store, publisher, writer, order)
        await store.insert_many("orders_done", [{"_id": order["_id"]}])


async def send_order(store: Store, publisher: Publisher, writer: Writer, order: Document) -> None:
    """Send the dead letter of an order back to its service; an edited event is written first."""
    letter = await store.get("dead_letters", order.get("letter_id", ""))
    if letter is None or letter["service"] not in WORKERS:
        return
    if letter.get("purged") and order.get("body") is None:
        return  # it was purged since; what it caused before then stands
    message = redriven(letter, order)
    edited = order.get("body") is not None
    end = None if edited else await _written_end(store, letter)
    if end is None:
        if edited:
            await _write(writer, message, letter["service"])
        await publisher.publish(message)
    await _close_if_told(writer, order, letter, end)


async def purge(store: Store, order: Document) -> None:
    """Delete the body of a dead letter; its record stays."""
    letter = await store.get("dead_letters", order["letter_id"])
    if letter is not None and not letter.get("purged"):
        await store.replace("dead_letters", purged(letter, order))


async def _written_end(store: Store, letter: Document) -> Document | None:
    """What ends the letter's work, if an earlier sending of it came to an end: its answers have the same ids again."""
    closing, ahead = closing_keys(letter["key"]), [letter["message_id"]]
    while ahead:
        cause = ahead.pop()
        written = await store.get_many("events", [answer_id(cause, fact) for fact in _FACTS])
        for document in written.values():
            if document["type"] in closing:
                return document
            ahead.append(document["_id"])
    return None


async def _write(writer: Writer, message: Message, service: str) -> None:
    """Write an edited event as the fact that it is from now on; what its service will refuse is none."""
    try:
        cause = parse(Delivery(message, service, 0), service)
        if cause.envelope is None:
            return
        parse_event(cause.key, cause.body)
    except (Refused, ValidationError):
        return
    envelope = cause.envelope.model_copy(update={"id": cause.id, "correlation_id": cause.run_id})
    await writer.derive(await writer.write([replace(cause, envelope=envelope)]))


async def _close_if_told(writer: Writer, order: Document, letter: Document, end: Document | None) -> None:
    """Close a run that nothing more will be heard of.

    Its end was written before, or its event is a fact by itself: sending that back to one hearer is all of the run.
    """
    outcome: Document | None = {"_id": order["run_id"], "state": "done", "at": stamp(datetime.now(UTC))}
    if end is not None:
        outcome = outcome_of(order["run_id"], letter["key"], [end])
    if outcome is not None and (end is not None or closing_keys(letter["key"]) == {letter["key"]}):
        await writer.close_run(outcome)
    await writer.derive_runs([order["run_id"]])


def redriven(letter: Document, order: Document) -> Message:
    """A dead letter on its way back to its service: the counters start again, and the run is a new one."""
    edited = order.get("body")
    message_id = scout_id(order["_id"], "edited") if edited is not None else letter["message_id"]
    kept: dict[str, Header] = {k: v for k, v in letter["headers"].items() if not k.startswith("scout-")}
    if edited is not None and "cloudEvents_id" in kept:
        kept.pop("cloudEvents_causationid", None)  # it answers nothing: it opens its run
        kept |= {"cloudEvents_id": message_id, "cloudEvents_correlationid": order["run_id"]}
        kept["cloudEvents_time"] = datetime.fromtimestamp(order["at_s"], UTC).isoformat()
    elif edited is not None:
        kept["id"] = message_id
    headers: dict[str, Header] = {
        **kept,
        "scout-key": letter["key"],
        "scout-id": message_id,
        "scout-run": order["run_id"],
        "scout-publisher": letter["publisher"],
        "scout-errors": 0,
        "scout-losses": 0,
        "scout-first-seen": repr(float(order["at_s"])),
    }
    body = (edited if edited is not None else letter["body"]).encode()
    return Message(f"{letter['service']}.own", "back", body, message_id, headers, "journal")


async def rebuild(store: Store, writer: Writer) -> None:
    """Derive runs and the leaderboard anew from what is written."""
    runs = {d["run_id"]: None for d in await store.find("log", sort=(("seq", 1),))}
    for run_id in runs:
        await writer.derive_runs([run_id])
    scored = await store.find("log", {"type": "opportunity.scored"})
    await writer.derive_niches({d["niche_id"] for d in scored if "niche_id" in d})
