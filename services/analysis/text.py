"""An analysis in plain words: sentences chosen by its numbers, with nothing in them that is not one of its numbers."""

from dataclasses import dataclass
from datetime import date

from contracts.analysis import Opportunity, RedFlag
from contracts.findings import Competition, Demand, Entrants, Forecast, Lang, Quality, Text
from services.analysis.phrases import NOUNS, PHRASES
from services.analysis.words import counted, day, money, number, percent, plural

TREND_P, SMALLEST_P = 0.05, 0.001
BAND = 80
FEW = 4
_MONEY_FLAGS = ("small_turnover",)
_RISKY_QUALITY = ("short_history", "stale", "gaps", "no_sellers")


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


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells one analysis in one language."""

    lang: Lang
    of: Findings

    def say(self, phrase: str, **values: str) -> str:
        """One sentence with its numbers in place."""
        return PHRASES[self.lang][phrase].format(**values)

    def many(self, count: int, noun: str) -> str:
        """A count with its noun in agreement."""
        return counted(count, NOUNS[self.lang][noun], self.lang)

    def money(self, value: float) -> str:
        """An amount in the market's currency."""
        return money(value, self.of.currency, self.lang)

    def share(self, value: float) -> str:
        """A share in percent."""
        return percent(value, self.lang)

    def signed(self, value: float) -> str:
        """A change in percent, with its sign."""
        return ("+" if value > 0 else "") + percent(value, self.lang)

    def conclusion(self) -> str:
        """What was sold, against before, and what is expected."""
        of, found = self.of, self.of.demand
        if found is None:
            return self.say("no_sales" if of.quality.rows else "nothing", name=of.name, day=day(of.as_of, self.lang))
        revenue = self.money(found.revenue)
        if found.change is None:
            told = [self.say("sold", name=of.name, revenue=revenue)]
        else:
            way = "sold_more" if found.change.value >= 0 else "sold_less"
            told = [self.say(way, name=of.name, revenue=revenue, change=self.share(abs(found.change.value)))]
        if found.growth is not None:
            way = "grow" if found.growth.value >= 0 else "shrink"
            low, high = (self.signed(end) for end in (found.growth.lo, found.growth.hi))
            told.append(self.say(way, growth=self.share(abs(found.growth.value)), lo=low, hi=high))
        return " ".join(told)

    def evidence(self) -> tuple[str, ...]:
        """The numbers behind it, those that are known."""
        return (*self._competition(), *self._entrants(), *self._trend(), *self._coverage(), *self._gaps())

    def _competition(self) -> list[str]:
        found = self.of.competition
        told: list[str] = []
        if found is None or self.of.demand is None:
            return told
        if found.sellers is not None and None not in (found.cr4, found.hhi_lo, found.effective_sellers):
            told.append(
                self.say(
                    "sellers" if found.sellers > FEW else "few_sellers",
                    sellers=self.many(found.sellers, "seller"),
                    cr4=self.share(found.cr4 or 0),
                    hhi=number(found.hhi_lo or 0, self.lang, 2),
                    effective=number(found.effective_sellers or 0, self.lang, 1),
                )
            )
        if found.products_with_sales and found.products > 1:
            told.append(
                self.say(
                    "listings",
                    selling=number(found.products_with_sales, self.lang),
                    listings=self.many(found.products, "of_listings"),
                    each=self.money(self.of.demand.revenue / found.products_with_sales),
                )
            )
        return told

    def _entrants(self) -> list[str]:
        found = self.of.entrants
        if found is None or found.lo is None or found.hi is None:
            return []
        told = {"ok": str(found.ok), "n": self.many(found.n, "newcomers")}
        reached = plural(found.ok, NOUNS[self.lang]["reached"], self.lang)
        return [self.say("entrants", **told, reached=reached, lo=self.share(found.lo), hi=self.share(found.hi))]

    def _trend(self) -> list[str]:
        test = self.of.demand.mann_kendall if self.of.demand else None
        if test is None:
            return []
        way = "no_trend" if test.p >= TREND_P else "rise" if test.tau > 0 else "fall"
        tau = number(test.tau, self.lang, 2)
        p = f"< {number(SMALLEST_P, self.lang, 3)}" if test.p < SMALLEST_P else f"= {number(test.p, self.lang, 3)}"
        return [self.say(way, weeks=self.many(self.of.quality.weeks, "week"), tau=tau, p=p)]

    def _coverage(self) -> list[str]:
        held = (band for band in self.of.forecast.coverage if band.level == BAND)
        return [self.say("coverage", measured=self.share(band.measured)) for band in held]

    def _gaps(self) -> list[str]:
        return [
            self.say(
                "price_gap",
                lo=self.money(gap.evidence["lo"]),
                hi=self.money(gap.evidence["hi"]),
                offers=self.share(gap.evidence["offer_share"]),
                revenue=self.share(gap.evidence["revenue_share"]),
                ratio=number(gap.evidence["ratio"], self.lang, 1),
            )
            for gap in self.of.opportunities
        ]

    def risks(self) -> tuple[str, ...]:
        """Red flags with value and limit, then what the data lack, then what was left out."""
        told = []
        for flag in self.of.red_flags:
            show = self.money if flag.code in _MONEY_FLAGS else self.share
            told.append(self.say(flag.code, value=show(flag.value), limit=show(flag.limit)))
        quality = self.of.quality
        told += [
            self.say(
                flag,
                weeks=self.many(quality.weeks, "week"),
                freshness=self.many(quality.freshness or 0, "day"),
                missing=self.many(quality.missing, "week"),
            )
            for flag in quality.flags
            if flag in _RISKY_QUALITY
        ]
        wrong = {reason: count for reason, count in quality.dropped.items() if reason != "after_as_of"}
        if wrong:
            reasons = ", ".join(f"{self.say(reason)} {number(count, self.lang)}" for reason, count in wrong.items())
            told.append(self.say("dropped", rows=self.many(sum(wrong.values()), "row"), reasons=reasons))
        return tuple(told)

    def next_step(self) -> str:
        """What to do now."""
        if self.of.demand is None:
            return self.say("do_import")
        if self.of.opportunities:
            gap = self.of.opportunities[0].evidence
            return self.say("do_gap", lo=self.money(gap["lo"]), hi=self.money(gap["hi"]))
        if self.of.red_flags:
            return self.say("do_risk")
        return self.say("do_history" if "short_history" in self.of.quality.flags else "do_compare")


def text(findings: Findings, lang: Lang) -> Text:
    """Tell the findings in one language."""
    teller = Teller(lang, findings)
    return Text(
        lang=lang,
        conclusion=teller.conclusion(),
        evidence=teller.evidence(),
        risks=teller.risks(),
        next_step=teller.next_step(),
    )
