"""How the pages speak: words, numbers, dates and plurals of one language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from types import MappingProxyType
from typing import Literal, get_args
from zoneinfo import ZoneInfo

from services.gateway.web.words_en import EN, EN_NOUNS
from services.gateway.web.words_ru import RU, RU_NOUNS

Lang = Literal["en", "ru"]
LANGS: tuple[Lang, ...] = get_args(Lang)
WORDS: Mapping[Lang, Mapping[str, str]] = MappingProxyType({"en": EN, "ru": RU})
NOUNS: Mapping[Lang, Mapping[str, tuple[str, ...]]] = MappingProxyType({"en": EN_NOUNS, "ru": RU_NOUNS})
SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "RUB": "₽", "CNY": "¥", "KZT": "₸"}
THIN, SPACE, MINUS = "\u202f", "\u00a0", "\u2212"
_CENTS_UNDER = 100
_TENTHS_UNDER = 10


@dataclass(frozen=True, slots=True)
class Locale:
    """One language and one time zone."""

    lang: Lang
    zone: ZoneInfo

    def say(self, key: str, **named: object) -> str:
        """The words for a key, with what is named in place; raises `KeyError` for a key that no one wrote."""
        return WORDS[self.lang][key].format(**named)

    def term(self, vocabulary: str, code: str) -> str:
        """The words for a code; one that we have no words for stands as it is, readable."""
        return WORDS[self.lang].get(f"{vocabulary}.{code}", code.replace("_", " "))

    def count(self, count: int, noun: str) -> str:
        """A count and its noun in agreement, by the rules of CLDR."""
        return f"{self.number(count)}{SPACE}{NOUNS[self.lang][noun][form(count, self.lang)]}"

    def number(self, value: float, digits: int = 0, *, signed: bool = False) -> str:
        """A number with `digits` decimals, thousands apart, and a true minus sign."""
        rounded = Decimal(repr(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
        text = f"{abs(rounded):,.{digits}f}"
        if self.lang == "ru":
            text = text.replace(",", THIN).replace(".", ",")
        plus = "+" if signed and rounded > 0 else ""
        return (MINUS if rounded < 0 else plus) + text

    def money(self, value: float, currency: str) -> str:
        """An amount with its sign where people of that language put it; cents only under a hundred."""
        amount = self.number(value, 2 if 0 < abs(value) < _CENTS_UNDER else 0)
        sign = SIGNS.get(currency, currency)
        if self.lang == "ru" or len(sign) > 1:
            return f"{amount}{SPACE}{sign}"
        return f"{MINUS}{sign}{amount[1:]}" if amount.startswith(MINUS) else f"{sign}{amount}"

    def percent(self, share: float, *, signed: bool = False) -> str:
        """A share as a percentage; one decimal under 10 %."""
        value = share * 100
        return f"{self.number(value, 1 if 0 < abs(value) < _TENTHS_UNDER else 0, signed=signed)}{SPACE}%"

    def day(self, value: date) -> str:
        """A date in words: 5 Nov 2017, 5 ноября 2017."""
        month = self.say(f"month.{value.month}")
        return f"{value.day}{SPACE}{month}{SPACE}{value.year}"

    def moment(self, value: datetime) -> str:
        """A moment in the house's time zone, to the second."""
        there = value.astimezone(self.zone)
        return f"{self.day(there.date())}, {there:%H:%M:%S}"

    def seconds(self, value: float) -> str:
        """A duration: tenths of a second under a minute, then minutes and seconds."""
        if value < 60:  # noqa: PLR2004 - a minute
            return f"{self.number(value, 1 if value < 10 else 0)}{SPACE}{self.say('unit.second')}"  # noqa: PLR2004 - two digits
        minutes, rest = divmod(round(value), 60)
        return f"{self.number(minutes)}{SPACE}{self.say('unit.minute')} {rest}{SPACE}{self.say('unit.second')}"

    def age(self, days: int) -> str:
        """An age in the largest unit of which there are two at least."""
        for noun, size in (("year", 365), ("month", 30)):
            if days >= 2 * size:
                return self.count(days // size, noun)
        return self.count(days, "day")


def form(count: int, lang: Lang) -> int:
    """Which form agrees with a whole number (CLDR): one, other in English; one, few, many in Russian."""
    if lang == "en":
        return 0 if count == 1 else 1
    ten, hundred = count % 10, count % 100
    if ten == 1 and hundred != 11:  # noqa: PLR2004 - CLDR: 1, 21, 31, not 11
        return 0
    return 1 if 2 <= ten <= 4 and not 12 <= hundred <= 14 else 2  # noqa: PLR2004 - CLDR: 2-4, not 12-14


def chosen(asked: str | None, accepted: str, otherwise: Lang) -> Lang:
    """The language to speak: the one that is asked for by address, or the one of ours that a browser likes best."""
    for lang in LANGS:
        if asked == lang:
            return lang
    best: tuple[float, Lang] = (0.0, otherwise)
    for part in accepted.split(","):
        name, _, quality = part.strip().partition(";q=")
        liked = _quality(quality)
        for lang in LANGS:
            if name.lower().partition("-")[0] == lang and liked > best[0]:
                best = (liked, lang)
    return best[1]


def _quality(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0
