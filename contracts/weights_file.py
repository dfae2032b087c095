"""What is wrong with a weight file, said so that its writer can put it right: where, what, why, and what to do."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

Place = tuple[str | int, ...]

_SECTION = re.compile(r"^\s*(\[\[?)\s*([\w.-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*[\"']?([\w-]+)[\"']?\s*=")


class WeightsError(ValueError):
    """A weight file cannot be used; the message is for the person who wrote it."""


def read_toml(text: str) -> dict[str, Any]:
    """The file's tables; raises `WeightsError` when it is not TOML."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise WeightsError(
            f"the weight file is not TOML, so no weight can be read: {exc}; "
            "write a section as [growth] and a weight as level = -0.2"
        ) from exc


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
            found.setdefault(section, number)
        elif key := _KEY.match(line):
            found.setdefault((*section, key[1]), number)
    return found


def problems(errors: Iterable[ErrorDetails], lines: Mapping[Place, int], known: Mapping[str, Sequence[str]]) -> str:
    """One line for each error. `known` gives the keys that a section may have; "" names the sections."""
    return "\n".join(_sentence(error, lines, known) for error in errors)


def unknown(name: str, known: Sequence[str]) -> str:
    """What to do about a name that is not among those known."""
    close = get_close_matches(name, known, 1)
    meant = f"did you mean {close[0]}? " if close else ""
    return f"{meant}use one of: {', '.join(known)}"


def _sentence(error: ErrorDetails, lines: Mapping[Place, int], known: Mapping[str, Sequence[str]]) -> str:
    place = tuple(part for part in error["loc"] if part != "[key]")
    where, given = _where(place, lines), error["input"]
    match error["type"]:
        case "value_error":
            return f"{where}: {error['ctx']['error']}"
        case "extra_forbidden":
            choices = known[str(place[0]) if len(place) > 1 else ""]
            return f"{where} is not known, so it would change nothing; {unknown(str(place[-1]), choices)}"
        case "missing":
            return f"{where} is missing, so nothing can be scored; add it (the shipped weights.toml shows how)"
        case "dict_type" | "model_type" | "tuple_type":
            return f"{where} is {given!r}, which is no section; write {_head(place)} and its keys below"
        case _:
            said = error["msg"][0].lower() + error["msg"][1:]
            return f"{where} = {given!r} cannot be used: {said}; write another value"


def _head(place: Place) -> str:
    return "[[gates]]" if place[0] == "gates" else f"[{place[0]}]"


def _where(place: Place, lines: Mapping[Place, int]) -> str:
    """Line, section and key as the writer sees them, as far as they are known."""
    if not place:
        return "the weight file"
    at = next((lines[place[:n]] for n in range(len(place), 0, -1) if place[:n] in lines), None)
    keys = [str(part) for part in place[1:] if not isinstance(part, int)]
    line = f"line {at}, " if at is not None else ""
    return line + " ".join([_head(place), *keys])
