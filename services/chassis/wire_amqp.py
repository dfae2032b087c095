"""A message on its way through py-amqp: ours made into the library's, the library's read into ours, one handed over."""

import struct
from dataclasses import asdict
from typing import Any

import amqp
from amqp.serialization import PROPERTY_CLASSES, decode_properties_basic
from amqp.spec import Basic
from kombu.transport.pyamqp import Message as KombuMessage

from services.chassis.wire import Delivery, Header, Message

_LONGEST = 200
_PERSISTENT, _TRANSIENT = 2, 1


def amqp_message(message: Message, *, persistent: bool = True) -> amqp.Message:
    """A message as py-amqp sends it; `user_id` is what the broker checks."""
    properties: dict[str, Any] = {"content_type": message.content_type, "user_id": message.user}
    properties["delivery_mode"] = _PERSISTENT if persistent else _TRANSIENT
    if message.id:
        properties["message_id"] = message.id
    if message.priority:
        properties["priority"] = message.priority
    if message.timestamp is not None:
        properties["timestamp"] = int(message.timestamp)
    return amqp.Message(message.body, application_headers=dict(message.headers), **properties)


def readable_properties(buffer: bytes, offset: int) -> tuple[dict[str, Any], int]:
    """The library's own reading of a message's properties; where it fails they are named unreadable.

    py-amqp would end the connection, the broker would deliver the message again, and no worker would ever get past it.
    """
    try:
        properties, end = decode_properties_basic(buffer, offset)
    except (ValueError, LookupError, struct.error, amqp.AMQPError) as exc:
        return {"content_type": f"unreadable properties ({exc})"[:_LONGEST]}, len(buffer)
    return properties, end


PROPERTY_CLASSES[Basic.CLASS_ID] = readable_properties


def still_compressed(raw: amqp.Message, channel: Any) -> KombuMessage:
    """The library's message with its body as it came: kombu would inflate it, however large, before anyone looks."""
    headers = raw.headers or {}
    compression = headers.pop("compression", None)
    message = KombuMessage(raw, channel=channel)
    if compression is not None:
        message.headers["compression"] = compression
    return message


def delivery_of(message: KombuMessage, queue: str) -> Delivery:
    """A delivery as the chassis reads it: nothing in it is believed yet."""
    info, properties, headers = message.delivery_info, message.properties, message.headers
    count = headers.get("x-delivery-count", 0)
    told = Message(
        info["exchange"],
        info["routing_key"],
        message.body if isinstance(message.body, bytes) else str(message.body).encode(),
        str(properties.get("message_id", "")),
        {name if isinstance(name, str) else repr(name): _scalar(value) for name, value in headers.items()},
        str(properties.get("user_id", "")),
        int(properties.get("priority", 0)),
        properties.get("timestamp"),
        str(message.content_type or ""),
    )
    return Delivery(
        told, queue, message.delivery_tag, bool(info["redelivered"]), count if isinstance(count, int) else 0
    )


def packed(delivery: Delivery) -> dict[str, Any]:
    """A delivery as JSON has it, for a child of this worker; its body is UTF-8, which `parse` has seen to."""
    fields = asdict(delivery)
    fields["message"]["body"] = delivery.message.body.decode()
    return fields


def unpacked(fields: dict[str, Any]) -> Delivery:
    """The delivery that was `packed`."""
    inner = fields["message"]
    return Delivery(**{**fields, "message": Message(**{**inner, "body": inner["body"].encode()})})


def _scalar(value: object) -> Header:
    """A header as we have them; a table or list, which nobody of ours sends, becomes a text, so that it is seen."""
    return value if isinstance(value, str | int | float) else repr(value)[:_LONGEST] if value else ""
