"""Files that a person writes in TOML, and what is wrong with one, said so that its writer can put it right."""

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from contracts.message import Input

Place = tuple[str | int, ...]
Model = TypeVar("Model", bound=Input)

_SECTION = re.compile(r"^\s*(\[\[?)\s*([\w.-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*[\"']?([\w-]+)[\"']?\s*=")


class TomlError(ValueError):
    """A file cannot be used; the message is for the person who wrote it."""


@dataclass(frozen=True, slots=True)
class Form:
    """What a kind of file is called, and what it may hold.

    `keys` gives the keys that each section may have, under "" the names at the top: those in `lists` are sections that
    repeat ([[name]]), those in `plain` no sections but keys. `lost` says what cannot be had from a file that is no
    TOML, `how` how to write one, `missing` why a key that is not there is needed. `error` is what is raised.
    """

    name: str
    keys: Mapping[str, Sequence[str]]
    lost: str
    how: str
    missing: str
    lists: Sequence[str] = ()
    plain: Sequence[str] = ()
    error: type[TomlError] = TomlError


def read_as(model: type[Model], text: str, form: Form) -> Model:
    """The file as a model; raises `form.error`, one line for each thing that is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise form.error(f"{form.name} is not TOML, so {form.lost}: {exc}; {form.how}") from exc
    try:
        return model.model_validate_json(json.dumps(data, default=str))
    except ValidationError as exc:
        lines = lines_of(text)
        errors: Iterable[ErrorDetails] = exc.errors(include_url=False)
        raise form.error("\n".join(_sentence(error, lines, form) for error in errors)) from exc


def lines_of(text: str) -> dict[Place, int]:
    """The line of each section and key, counted from 1; of tables in a list, the n-th has n in its place."""
    found: dict[Place, int] = {}
    section: Place = ()
    counts: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if head := _SECTION.match(line):
            name = head[2]
            section = (name,)
            if head[1] == "[[":
                counts[name] = counts.get(name, -1) + 1
                section = (name, counts[name])
                found.setdefault((name,), number)
            found.setdefault(section, number)
        elif key := _KEY.match(line):
            found.setdefault((*section, key[1]), number)
    return found


def unknown(name: str, known: Sequence[str]) -> str:
    """What to do about a name that is not among those known."""
    close = get_close_matches(name, known, 1)
    meant = f"did you mean {close[0]}? " if close else ""
    return f"{meant}use one of: {', '.join(known)}"


def _sentence(error: ErrorDetails, lines: Mapping[Place, int], form: Form) -> str:
    place = tuple(part for part in error["loc"] if part != "[key]")
    given = error["input"]
    where = _where(place, given, lines, form)
    match error["type"]:
        case "value_error":
            return f"{where}: {error['ctx']['error']}"
        case "extra_forbidden":
            return f"{where} is not known, so it would change nothing; {_instead(place, form)}"
        case "missing":
            return f"{where} is missing, {form.missing}"
        case "tuple_type" if place[0] in form.plain:
            return f"{where} is {given!r}, which is no list; write {place[0]} = [{given!r}]"
        case "dict_type" | "model_type" | "tuple_type":
            head = _head(place, given, form)
            return f"{where} is {given!r}, which is no section; write {head} and its keys below"
        case _:
            said = error["msg"][0].lower() + error["msg"][1:]
            return f"{where} = {given!r} cannot be used: {said}; write another value"


def _instead(place: Place, form: Form) -> str:
    """What to do about a key that is not known where it stands."""
    name = str(place[-1])
    if len(place) > 1 and name in form.plain:
        return "move it to the top of the file, above every section"
    return unknown(name, form.keys[str(place[0]) if len(place) > 1 else ""])


def _head(place: Place, given: Any, form: Form) -> str:
    """A section's line as its writer knows it, or a key at the top."""
    name = str(place[0])
    if name not in form.keys[""]:  # it is shown as it was written
        return f"[{name}]" if isinstance(given, dict) else f"[[{name}]]" if isinstance(given, list) else name
    return f"[[{name}]]" if name in form.lists else name if name in form.plain else f"[{name}]"


def _where(place: Place, given: Any, lines: Mapping[Place, int], form: Form) -> str:
    """Line, section and key as the writer sees them, as far as they are known."""
    if not place:
        return form.name
    at = next((lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in lines), None)
    keys = [str(part) for part in place[1:] if not isinstance(part, int)]
    line = f"line {at}, " if at is not None else ""
    return line + " ".join([_head(place, given, form), *keys])
