"""Figures as a person reads them: signs, separators and dates of the chosen language."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from services.cli.texts import has, language, say, word

MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
THIN = "\N{NARROW NO-BREAK SPACE}"
HARD = "\N{NO-BREAK SPACE}"
UNKNOWN = DASH

_SIGNS = {"USD": "$", "RUB": "₽", "EUR": "€", "GBP": "£", "KZT": "₸", "BYN": "Br", "CNY": "¥"}
_MINUTE = 60


def number(value: float, digits: int = 0) -> str:
    """A number with the language's separators and a real minus sign."""
    text = f"{abs(value):,.{digits}f}"
    if language() == "ru":
        text = text.replace(",", THIN).replace(".", ",")
    return f"{MINUS}{text}" if value < 0 and float(f"{value:.{digits}f}") else text


def signed(value: float, digits: int = 2) -> str:
    """A number whose sign is always shown."""
    return number(value, digits) if value < 0 else f"+{number(value, digits)}"


def percent(share: float, digits: int = 0) -> str:
    """A share of 1 as a percentage."""
    return f"{number(share * 100, digits)}{HARD}%"


def change(share: float) -> str:
    """A relative change as a percentage with its sign."""
    return f"{signed(share * 100, 0)}{HARD}%"


def money(value: float, currency: str) -> str:
    """An amount: the sign before it in English, after it in Russian."""
    sign = _SIGNS.get(currency, currency)
    if language() == "ru" or len(sign) > 1:
        return f"{number(value)}{HARD}{sign}"
    return f"{MINUS if value < 0 else ''}{sign}{number(abs(value))}"


def span(lo: float, hi: float, digits: int = 0) -> str:
    """A range; with "to" as soon as an end has a sign."""
    if lo < 0 or hi < 0:
        return say("word.range", lo=signed(lo, digits), hi=signed(hi, digits))
    low, high = number(lo, digits), number(hi, digits)
    return low if low == high else f"{low}{DASH}{high}"


def day(value: str | date) -> str:
    """A day in words: 5 Nov 2017, 5 ноября 2017."""
    when = value if isinstance(value, date) else date.fromisoformat(value[:10])
    return f"{when.day}{HARD}{say(f'month.{when.month}')}{HARD}{when.year}"


def moment(value: str) -> str:
    """A moment in the reader's own time zone, to the second."""
    return f"{datetime.fromisoformat(value).astimezone():%Y-%m-%d %H:%M:%S}"


def seconds(value: float) -> str:
    """How long something took."""
    minutes, rest = divmod(round(value), _MINUTE)
    if not minutes:
        return f"{rest}{HARD}{say('word.s')}"
    return f"{minutes}{HARD}{say('word.min')}{HARD}{rest}{HARD}{say('word.s')}"


def _coded(kind: str) -> Callable[[Any], str]:
    return lambda code: word(kind, code)


def _between(show: Callable[[float], str]) -> Callable[[Any], str]:
    return lambda ends: say("word.range", lo=show(ends[0]), hi=show(ends[1]))


_CODES = (
    *("check", "command", "confidence", "fact", "flag", "group"),
    *("kind", "outcome", "state", "term", "verdict", "why"),
)

KINDS: dict[str, Callable[[Any], str]] = {
    "text": str,
    "figure": str,
    "name": lambda name: name.capitalize() if name.isupper() else name,
    "int": number,
    "score": number,
    "tenth": lambda value: number(value, 1),
    "ratio": lambda value: number(value, 2),
    "plain": lambda value: number(value, 0 if float(value).is_integer() else 2),
    "share": percent,
    "change": change,
    "signed": signed,
    "range": lambda ends: span(*ends),
    "signed_range": _between(signed),
    "day": day,
    "moment": moment,
    "yes": lambda value: say("word.yes" if value else "word.no"),
    "list": lambda values: ", ".join(map(str, values)),
    "rule": lambda code: word("rule" if has(f"rule.{code}") else "term", code),
    **{kind: _coded(kind) for kind in _CODES},
}
"""How a value of each kind is shown to a person."""

NUMERIC = {
    "figure",
    "int",
    "score",
    "tenth",
    "ratio",
    "plain",
    "share",
    "change",
    "signed",
    "range",
    "signed_range",
    "money",
}


def shown(value: Any, kind: str, currency: str = "") -> str:
    """A value as a person reads it; what is not known is a dash."""
    if value is None:
        return UNKNOWN
    return money(value, currency) if kind == "money" else KINDS[kind](value)
