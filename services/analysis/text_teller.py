"""What a text is written from, and how one language writes it."""

from dataclasses import dataclass
from datetime import date

from contracts.analysis import Opportunity, RedFlag
from contracts.competition import Competition, Entrants
from contracts.demand import Demand
from contracts.economics import Economics
from contracts.forecast import Forecast
from contracts.price import Price, Unmet
from contracts.quality import Quality
from contracts.text import Lang
from services.analysis.phrases import NOUNS, PHRASES
from services.analysis.words import counted, day, money, number, percent, plural


@dataclass(frozen=True, slots=True)
class Findings:
    """What a text is written from."""

    name: str
    currency: str
    as_of: date
    quality: Quality
    demand: Demand | None
    forecast: Forecast
    competition: Competition | None
    entrants: Entrants | None
    opportunities: tuple[Opportunity, ...]
    red_flags: tuple[RedFlag, ...]
    price: Price | None = None
    unmet: Unmet | None = None
    economics: Economics | None = None


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells one analysis in one language."""

    lang: Lang
    of: Findings

    def say(self, phrase: str, **values: str) -> str:
        """One sentence with its numbers in place."""
        return PHRASES[self.lang][phrase].format(**values)

    def many(self, count: float, noun: str) -> str:
        """A count, to the nearest whole one, with its noun in agreement."""
        return counted(round(count), NOUNS[self.lang][noun], self.lang)

    def form(self, count: int, noun: str) -> str:
        """The form of a word that agrees with a count."""
        return plural(count, NOUNS[self.lang][noun], self.lang)

    def money(self, value: float) -> str:
        """An amount in the market's currency."""
        return money(value, self.of.currency, self.lang)

    def share(self, value: float) -> str:
        """A share in percent."""
        return percent(value, self.lang)

    def signed(self, value: float) -> str:
        """A change in percent, with its sign."""
        return ("+" if value > 0 else "") + percent(value, self.lang)

    def number(self, value: float, digits: int = 0) -> str:
        """A number with so many decimals."""
        return number(value, self.lang, digits)

    def day(self, value: date) -> str:
        """A date in words."""
        return day(value, self.lang)
