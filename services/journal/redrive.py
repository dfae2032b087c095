"""What a person orders of the journal: to send a dead letter again, or to derive everything anew.

The gateway writes an order; the active journal carries it out, and marks it done by a document of the same id.
"""

from contracts.catalog import EVENTS
from contracts.message import scout_id
from services.chassis.bus import Publisher
from services.chassis.store import Document, Store
from services.chassis.topology import WORKERS
from services.chassis.wire import Header, Message
from services.journal.batch import Writer


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
            letter = await store.get("dead_letters", order["letter_id"])
            if letter is not None and letter["service"] in WORKERS:
                await publisher.publish(redriven(letter, order))
                await writer.derive_run(order["run_id"])
        await store.insert_many("orders_done", [{"_id": order["_id"]}])


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
        "scout-first-seen": repr(0.0) if not order.get("at_s") else repr(order["at_s"]),
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


def is_event(letter: Document) -> bool:
    """Whether a dead letter was an event rather than a command."""
    return letter["key"] in EVENTS
