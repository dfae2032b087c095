"""A report's voice: one language, one currency, and every value as a person reads it there."""

from dataclasses import dataclass
from datetime import date

from contracts.analysis import RedFlag
from contracts.report import Lang
from contracts.score import Evidence
from services.export import numbers
from services.export.nouns import NOUNS
from services.export.phrases_en import EN as PHRASES_EN
from services.export.phrases_ru import RU as PHRASES_RU
from services.export.tables import Column, Kind, Quantity, Row, cell
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
    "few_brands_hold_most": "share",
    "extreme_season": "ratio",
    "stock_return": "change",
    "navigational": "share",
}

FACT_KINDS: dict[str, Kind] = {
    "revenue_8w": "money",
    "hhi": "number",
    **dict.fromkeys(("active_share", "spike_share", "cr4", "newcomer_share"), "share"),
}
"""How a fact that gates and evidence look at is written; the others are counts, or plain numbers."""


ABSENT = {
    "rank": "no_rank",
    **dict.fromkeys(("opportunity", "growth", "entry"), "not_scored"),
    "entrants_share": "none",  # it is absent where there was no newcomer, and only there
}
"""What is said of a fact that is not known, where it is more than that."""


def quantity(name: str, value: float) -> Quantity:
    """A fact that gates and evidence look at, with its kind."""
    kind = FACT_KINDS.get(name, "count" if value.is_integer() else "number")
    return Quantity(value, kind, 2 if kind == "number" else 0)


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
        return ", ".join(part for part in (self.word("column", column.key), self.unit(column)) if part)

    def unit(self, column: Column) -> str:
        """The unit of a column in words; empty where the numbers show it themselves."""
        return self.word("unit", column.unit) if column.unit else ""

    def day(self, value: date) -> str:
        """A date in words."""
        return numbers.day(value, self.lang)

    def month(self, value: date) -> str:
        """The short name of a day's month."""
        return numbers.month(value, self.lang, year=False)

    def figure(self, value: float, kind: Kind, digits: int = 0) -> str:
        """A number of some kind, written out."""
        match kind:
            case "money" | "price":
                return numbers.money(value, self.currency, self.lang, 2 if kind == "price" else None)
            case "share" | "change":
                return numbers.percent(value, self.lang, signed=kind == "change")
            case "ratio":
                return f"{numbers.number(value, self.lang, digits)}{numbers.SPACE}×"
            case "chance":
                return numbers.chance(value, self.lang)
            case _:
                return numbers.number(value, self.lang, digits, signed=kind == "signed")

    def flag(self, flag: RedFlag, phrase: str = "flag") -> str:
        """A red flag: its name, what was measured, and the limit (the phrase `flag_short` leaves it out)."""
        kind = FLAG_KINDS.get(flag.code, "number")
        value, limit = (self.figure(number, kind, 2) for number in (flag.value, flag.limit))
        return self.say(phrase, name=self.word("flag", flag.code), value=value, limit=limit)

    def lack(self, of: Evidence) -> str:
        """What there is too little of: weeks 7, 12 needed."""
        value = self.say("unknown") if of.value is None else self.fact(of.fact, of.value)
        return self.say("lack", name=self.word("lack", of.fact), value=value, least=self.fact(of.fact, of.least))

    def fact(self, name: str, value: float) -> str:
        """A fact that gates and evidence look at, written out."""
        of = quantity(name, value)
        return self.figure(of.value, of.kind, of.digits)

    def item(self, of: str | RedFlag | Evidence, vocabulary: str) -> str:
        """One of several things in a cell."""
        if isinstance(of, RedFlag):
            return self.flag(of)
        return self.lack(of) if isinstance(of, Evidence) else self.word(vocabulary, of)

    def text(self, row: Row, column: Column) -> str | None:
        """A cell in words; `None` where the value is not known."""
        value, kind, digits = cell(row, column)
        match value:
            case None:
                return None
            case tuple():
                return "; ".join(self.item(each, column.words) for each in value) or self.say("none")
            case date():
                return self.day(value)
            case str():
                return self.word(column.words, value) if kind == "code" else value
            case _:
                return self.figure(value, kind, digits)

    def absent(self, row: Row, column: Column) -> str:
        """The words for a value that is not known; the one score that all look for says why there is none."""
        reasons = row.get("reasons")
        if column.key == "opportunity" and isinstance(reasons, tuple):
            return self.say("not_scored_why", reasons="; ".join(self.item(each, "lack") for each in reasons))
        return self.say(ABSENT.get(str(row.get("fact")), column.absent))

    def interval(self, low: float, high: float, kind: Kind, digits: int = 0) -> str:
        """A range of two numbers of a kind; their unit is written once."""
        ends = (low, high)
        if kind == "money":  # both with cents, or neither
            places = 2 if max(map(abs, ends)) < numbers.CENTS_UNDER else 0
            first, last = (numbers.money(end, self.currency, self.lang, places) for end in ends)
        else:
            first, last = (self.figure(end, kind, digits) for end in ends)
        if first == last:
            return last
        unit = last[last.rfind(numbers.SPACE) :] if numbers.SPACE in last else ""
        if unit and first.endswith(unit):
            first = first[: -len(unit)]
        elif not last[0].isdigit() and first[0] == last[0] == self.sign:
            last = last[1:]
        return numbers.interval(first, last, self.lang)
