"""What a person orders of the journal: to send a dead letter again, or to derive everything anew.

The gateway writes an order; the active journal carries it out, and marks it done by a document of the same id.
"""

from datetime import UTC, datetime

from contracts.message import scout_id
from services.chassis.answers import stamp
from services.chassis.bus import Publisher
from services.chassis.store import Document, Store
from services.chassis.topology import WORKERS
from services.chassis.wire import Header, Message
from services.journal.batch import Writer
from services.journal.outcomes import closing_keys


async def send_orders(store: Store, publisher: Publisher, writer: Writer) -> None:
    """Carry out the orders that are not done yet."""
    orders = await store.find("orders")
    done = await store.get_many("orders_done", [order["_id"] for order in orders])
    for order in orders:
        if order["_id"] in done:
            continue
        if order["kind"] == "rebuild":
            await rebuild(store, writer)
        else:
            await send_order(store, publisher, order)
            await _close_if_told(store, writer, order)
        await store.insert_many("orders_done", [{"_id": order["_id"]}])


async def send_order(store: Store, publisher: Publisher, order: Document) -> None:
    """Send the dead letter of an order back to its service."""
    letter = await store.get("dead_letters", order.get("letter_id", ""))
    if letter is not None and letter["service"] in WORKERS:
        await publisher.publish(redriven(letter, order))


async def _close_if_told(store: Store, writer: Writer, order: Document) -> None:
    """An event that is a fact by itself was told long ago: sending it back to one hearer is all of its new run."""
    letter = await store.get("dead_letters", order["letter_id"])
    if letter is not None and closing_keys(letter["key"]) == {letter["key"]}:
        await writer.close_run({"_id": order["run_id"], "state": "done", "at": stamp(datetime.now(UTC))})
    await writer.derive_run(order["run_id"])


def redriven(letter: Document, order: Document) -> Message:
    """A dead letter on its way back to its service: the counters start again, and the run is a new one."""
    edited = order.get("body")
    message_id = scout_id(order["_id"], "edited") if edited is not None else letter["message_id"]
    kept: dict[str, Header] = {k: v for k, v in letter["headers"].items() if not k.startswith("scout-")}
    if edited is not None:
        kept |= {"cloudEvents_id": message_id} if "cloudEvents_id" in kept else {"id": message_id}
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
        await writer.derive_run(run_id)
    scored = await store.find("log", {"type": "opportunity.scored"})
    await writer.derive_niches({d["niche_id"] for d in scored if "niche_id" in d})
