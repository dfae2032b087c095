"""What would break if a published JSON Schema became another one. Pure: two schemas in, the breaks out.

An event has two kinds of peers that cannot change with us: messages that were written under the old schema and are
read under the new one (the journal keeps them), and readers of the old schema that meet new messages (a service
that is not deployed yet, an outsider). What narrows breaks the first, what widens breaks the second.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Schema = Mapping[str, Any]
Victim = Literal["old messages", "old readers"]

_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")
_EXACT = ("pattern", "format", "multipleOf", "uniqueItems")
_MISSING: Any = object()


@dataclass(frozen=True, slots=True)
class Break:
    """One change that somebody would not survive: the `field`, `what` happened to it, and who suffers."""

    field: str
    what: str
    victim: Victim


def breaks(old: Schema, new: Schema) -> list[Break]:
    """Every change from `old` to `new` that breaks old messages or old readers; an added optional field does not."""
    return list(_Comparison(old, new).shape(old, new, ""))


@dataclass(frozen=True, slots=True)
class _Comparison:
    """The two documents that references point into, and the pairs that are being compared above (a tree may recur)."""

    old: Schema
    new: Schema
    above: frozenset[tuple[int, int]] = frozenset()

    def shape(self, old: Schema, new: Schema, field: str) -> Iterator[Break]:
        pair = (id(old), id(new))
        if pair in self.above:
            return
        inner = _Comparison(self.old, self.new, self.above | {pair})
        olds, news = _alternatives(old, self.old), _alternatives(new, self.new)
        common = olds.keys() & news.keys()
        if not common:
            was, now = " or ".join(sorted(olds)), " or ".join(sorted(news))
            yield Break(field, f"changed from {was} to {now}", "old messages")
            return
        for gone in sorted(olds.keys() - common):
            yield Break(field, f"may no longer be {gone}", "old messages")
        for added in sorted(news.keys() - common):
            yield Break(field, f"may now also be {added}", "old readers")
        for kind in sorted(common):
            yield from _limits(olds[kind], news[kind], field)
            yield from inner.parts(olds[kind], news[kind], field)

    def parts(self, old: Schema, new: Schema, field: str) -> Iterator[Break]:
        yield from self.fields(old, new, field)
        for within in ("items", "additionalProperties"):
            was, now = old.get(within, True), new.get(within, True)
            if was is not False and now is False:
                yield Break(field, "no longer takes fields that it does not know", "old messages")
            elif isinstance(was, Mapping) or isinstance(now, Mapping):
                yield from self.shape(_schema(was), _schema(now), f"{field}[]")
        # How many fixed items there are is held by minItems and maxItems.
        fixed = zip(old.get("prefixItems", ()), new.get("prefixItems", ()), strict=False)
        for index, (was, now) in enumerate(fixed):
            yield from self.shape(was, now, f"{field}[{index}]")

    def fields(self, old: Schema, new: Schema, field: str) -> Iterator[Break]:
        olds, news = old.get("properties", {}), new.get("properties", {})
        old_required, new_required = set(old.get("required", ())), set(new.get("required", ()))
        for name in sorted(olds.keys() | news.keys()):
            path = f"{field}.{name}".lstrip(".")
            if name not in news:
                yield Break(path, "was removed or renamed", "old readers")
                continue
            if name in new_required - old_required:
                what = "became required" if name in olds else "is new and required"
                yield Break(path, what, "old messages")
            if name in olds:
                if name in old_required - new_required:
                    yield Break(path, "is no longer required", "old readers")
                yield from self.shape(olds[name], news[name], path)


def _schema(value: Any) -> Schema:
    return value if isinstance(value, Mapping) else {}


def _alternatives(schema: Schema, document: Schema) -> dict[str, Schema]:
    """The kinds of value that a schema allows, references followed: by type, and where a type repeats by its name."""
    flat = list(_flatten(schema, document))
    kinds = [_kind(one) for one in flat]
    return {
        kind if kinds.count(kind) == 1 else f"{kind} {one.get('title') or one.get('format') or ''}".strip(): one
        for kind, one in zip(kinds, flat, strict=True)
    }


def _flatten(schema: Schema, document: Schema) -> Iterator[Schema]:
    if "$ref" in schema:
        target: Any = document
        for step in schema["$ref"].removeprefix("#/").split("/"):
            target = target[step]
        yield from _flatten({**target, **{key: value for key, value in schema.items() if key != "$ref"}}, document)
        return
    for union in ("anyOf", "oneOf", "allOf"):
        if union in schema:
            for one in schema[union]:
                yield from _flatten(one, document)
            return
    kinds = schema.get("type")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        yield {**schema, "type": kind}


def _kind(schema: Schema) -> str:
    if schema["type"] is None and "const" in schema:
        return type(schema["const"]).__name__
    return schema["type"] or "any value"


def _limits(old: Schema, new: Schema, field: str) -> Iterator[Break]:
    yield from _values(old, new, field)
    for name in (*_LOWER, *_UPPER):
        was, now = old.get(name), new.get(name)
        if was == now:
            continue
        raised = now is not None and (was is None or now > was)
        lowered = now is not None and (was is None or now < was)
        narrower = raised if name in _LOWER else lowered
        yield Break(field, f"changed {name} from {was} to {now}", "old messages" if narrower else "old readers")
    for name in _EXACT:
        was, now = old.get(name), new.get(name)
        if was != now:
            what = f"changed {name} from {was} to {now}"
            yield Break(field, what, "old readers" if now is None else "old messages")


def _values(old: Schema, new: Schema, field: str) -> Iterator[Break]:
    was, now = _allowed(old), _allowed(new)
    if was is _MISSING and now is _MISSING:
        return
    if now is _MISSING:
        yield Break(field, "now allows any value, not only " + ", ".join(map(str, was)), "old readers")
    elif was is _MISSING:
        yield Break(field, "now allows only " + ", ".join(map(str, now)), "old messages")
    else:
        for gone in [value for value in was if value not in now]:
            yield Break(field, f"no longer allows {gone}", "old messages")
        for added in [value for value in now if value not in was]:
            yield Break(field, f"now also allows {added}", "old readers")


def _allowed(schema: Schema) -> Any:
    return [schema["const"]] if "const" in schema else schema.get("enum", _MISSING)
