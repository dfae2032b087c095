"""The light lane's bookkeeping: follow-ups leave without waiting, causes are answered when the broker confirms them.

Measured design: one acknowledgement for many causes, no call that reads the socket while a message is handled.
"""

from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import amqp
import structlog
from amqp.spec import Basic

from services.chassis.wire import Message
from services.chassis.wire_amqp import amqp_message

log = structlog.get_logger(__name__)
_PAUSE = 1.0
Verdict = Literal["ack", "reject", "requeue"]


@dataclass(eq=False, slots=True)
class Held:
    """A delivery that is answered with `verdict` once none of its follow-ups is `open`."""

    message: Any
    verdict: Verdict
    open: int = 0


@dataclass(eq=False, slots=True)
class Lane:
    """What one connection of a worker holds; a new connection gets a new one, since the broker delivers again.

    `later` calls something after so many seconds, `soon` once in this turn of the loop.
    """

    consuming: Any
    confirmed: Any
    plain: Any
    later: Any
    soon: Any
    held: OrderedDict[int, Held] = field(default_factory=OrderedDict)
    sent: OrderedDict[int, tuple[Held, Message]] = field(default_factory=OrderedDict)
    in_children: dict[Any, Any] = field(default_factory=dict)
    number: int = 0
    settling: bool = False
    over: bool = False

    def __post_init__(self) -> None:
        self.confirmed.confirm_select()
        for name, heard in {"ack": self._acked, "nack": self._nacked, "return": self._returned}.items():
            self.confirmed.events[f"basic_{name}"].add(heard)

    def hold(self, message: Any, follow_ups: list[Message], verdict: Verdict = "ack") -> None:
        """Send the follow-ups of a delivery, and answer it when the broker has them."""
        held = self.held[message.delivery_tag] = Held(message, verdict, len(follow_ups))
        for follow_up in follow_ups:
            self._send(held, follow_up)
        self.settle()

    def tell(self, message: Message) -> None:
        """Send what may be lost: a status."""
        if not self.over:
            self._publish(self.plain, message, amqp_message(message, persistent=False), mandatory=False)

    def settle(self) -> None:
        """Answer what can be answered, once in this turn of the loop."""
        if not self.settling:
            self.settling = True
            self.soon(self.flush)

    def flush(self) -> None:
        """Answer what is finished: in one acknowledgement, unless deliveries in children lie between."""
        self.settling, last = False, 0
        if self.over:
            return
        self.in_children = {m: lane for m, lane in self.in_children.items() if not m.acknowledged}
        for tag, held in list(self.held.items()):
            if held.open:
                if not self.in_children:
                    break
                continue
            del self.held[tag]
            if held.verdict != "ack":
                held.message.reject(requeue=held.verdict == "requeue")
            elif self.in_children:
                self.consuming.basic_ack(tag)
            else:
                last = tag
        if last:
            self.consuming.basic_ack(last, multiple=True)

    def _send(self, held: Held, message: Message) -> None:
        if self.over:  # a repeat that comes after the connection was lost
            return
        self.number += 1
        self.sent[self.number] = held, message
        self._publish(self.confirmed, message, amqp_message(message), mandatory=True)

    def _publish(self, channel: Any, message: Message, inner: amqp.Message, *, mandatory: bool) -> None:
        # `basic_publish` would read the socket first, and so begin the next delivery inside of this one.
        channel.send_method(Basic.Publish, "Bssbb", (0, message.exchange, message.key, mandatory, False), inner)

    def _answered(self, tag: int, multiple: bool) -> Iterator[tuple[Held, Message]]:  # noqa: FBT001 - py-amqp's signature
        while multiple and self.sent and next(iter(self.sent)) <= tag:
            yield self.sent.popitem(last=False)[1]
        if tag in self.sent:
            yield self.sent.pop(tag)

    def _acked(self, tag: int, multiple: bool) -> None:  # noqa: FBT001 - py-amqp's signature
        for held, _ in self._answered(tag, multiple):
            held.open -= 1
        self.settle()

    def _nacked(self, tag: int, multiple: bool) -> None:  # noqa: FBT001 - py-amqp's signature
        """A queue is full: hold the cause and try again; meanwhile the prefetch holds the queue back."""
        for held, message in self._answered(tag, multiple):
            log.warning("follow-up not taken, tried again", key=message.key)
            self.later(_PAUSE, self._send, (held, message))

    def _returned(self, exc: Exception, exchange: str, key: str, inner: amqp.Message) -> None:
        """Nobody is bound to it (heard before its confirm): its cause goes to the dead letters."""
        for held, message in self.sent.values():
            if message.id == inner.properties["message_id"]:
                log.error("follow-up not routed", exchange=exchange, key=key, error=str(exc))
                held.verdict = "reject"
