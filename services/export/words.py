"""A report's voice: one language, one currency, and every value as a person reads it there."""

from dataclasses import dataclass
from datetime import date

from contracts.analysis import RedFlag
from contracts.report import Lang
from services.export import numbers
from services.export.phrases import EN as PHRASES_EN
from services.export.phrases import NOUNS
from services.export.phrases import RU as PHRASES_RU
from services.export.tables import Column, Kind, Row, cell
from services.export.words_en import EN
from services.export.words_ru import RU

WORDS: dict[Lang, dict[str, str]] = {"en": EN, "ru": RU}
PHRASES: dict[Lang, dict[str, str]] = {"en": PHRASES_EN, "ru": PHRASES_RU}

FLAG_KINDS: dict[str, Kind] = {
    "small_turnover": "money",
    "falling_turnover": "change",
    "falling_revenue_per_seller": "change",
    "few_sellers_hold_most": "share",
    "price_war": "change",
    "spike": "share",
}


@dataclass(frozen=True, slots=True)
class Voice:
    """Says words, sentences and values in one language, with money in one currency."""

    lang: Lang
    currency: str

    @property
    def sign(self) -> str:
        """The sign of the currency, or its code."""
        return numbers.SIGNS.get(self.currency, self.currency)

    def word(self, vocabulary: str, code: str) -> str:
        """The word for a code; a code that no vocabulary has stands as it is, readable."""
        return WORDS[self.lang].get(f"{vocabulary}.{code}", code.replace("_", " ")).format(sign=self.sign)

    def say(self, phrase: str, **values: object) -> str:
        """One sentence with its values in place."""
        return PHRASES[self.lang][phrase].format(**values)

    def many(self, count: int, noun: str) -> str:
        """A count with its noun in agreement."""
        return f"{numbers.number(count, self.lang)}{numbers.SPACE}" + numbers.plural(
            count, NOUNS[self.lang][noun], self.lang
        )

    def header(self, column: Column) -> str:
        """A column's header with its unit, if it has one that the numbers do not show."""
        name = self.word("column", column.key)
        return f"{name}, {self.word('unit', column.unit)}" if column.unit else name

    def day(self, value: date) -> str:
        """A date in words."""
        return numbers.day(value, self.lang)

    def figure(self, value: float, kind: Kind, digits: int = 0) -> str:
        """A number of some kind, written out."""
        match kind:
            case "money" | "price":
                return numbers.money(value, self.currency, self.lang, 2 if kind == "price" else None)
            case "share" | "change":
                return numbers.percent(value, self.lang, signed=kind == "change")
            case "ratio":
                return f"{numbers.number(value, self.lang, digits)}{numbers.SPACE}×"
            case _:
                return numbers.number(value, self.lang, digits, signed=kind == "signed")

    def flag(self, flag: RedFlag) -> str:
        """A red flag: its name, what was measured, and the limit."""
        kind = FLAG_KINDS.get(flag.code, "number")
        value, limit = (self.figure(number, kind, 2) for number in (flag.value, flag.limit))
        return self.say("flag", name=self.word("flag", flag.code), value=value, limit=limit)

    def text(self, row: Row, column: Column) -> str | None:
        """A cell in words; `None` where the value is not known."""
        value, kind, digits = cell(row, column)
        match value:
            case None:
                return None
            case tuple():
                parts = [
                    self.flag(each) if isinstance(each, RedFlag) else self.word(column.words, each) for each in value
                ]
                return "; ".join(parts) or self.say("none")
            case date():
                return self.day(value)
            case str():
                return self.word(column.words, value) if kind == "code" else value
            case _:
                return self.figure(value, kind, digits)

    def interval(self, low: float, high: float, kind: Kind, digits: int = 0) -> str:
        """A range of two numbers of a kind; their unit is written once."""
        first, last = self.figure(low, kind, digits), self.figure(high, kind, digits)
        if first == last:
            return last
        unit = last[last.rfind(numbers.SPACE) :] if numbers.SPACE in last else ""
        if unit and first.endswith(unit):
            first = first[: -len(unit)]
        elif not last[0].isdigit() and first[0] == last[0] == self.sign:
            last = last[1:]
        return numbers.interval(first, last, self.lang)
