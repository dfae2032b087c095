"""An analysis in plain words: sentences chosen by its numbers, with nothing in them that is not one of its numbers."""

from contracts.text import Lang, Text
from services.analysis.text_evidence import evidence
from services.analysis.text_risks import risks
from services.analysis.text_teller import Findings, Teller

__all__ = ["Findings", "text"]

BAND = 80
LINES = 8
"""Lines of evidence and risks together: with the conclusion and the next step as much as a person reads."""


def text(findings: Findings, lang: Lang) -> Text:
    """Tell the findings in one language, in ten lines at most; of the evidence the least important goes first."""
    by = Teller(lang, findings)
    warned = tuple(risks(by))
    return Text(
        lang=lang,
        conclusion=conclusion(by),
        evidence=tuple(evidence(by))[: LINES - len(warned)],
        risks=warned,
        next_step=next_step(by),
    )


def conclusion(by: Teller) -> str:
    """What was sold, against before, what is expected, and how far to trust that."""
    of, found = by.of, by.of.demand
    if found is None:
        return by.say("no_sales" if of.quality.rows else "nothing", name=of.name, day=by.day(of.as_of))
    revenue = by.money(found.revenue)
    if found.change is None:
        told = [by.say("sold", name=of.name, revenue=revenue)]
    else:
        way = "sold_more" if found.change.value >= 0 else "sold_less"
        told = [by.say(way, name=of.name, revenue=revenue, change=by.share(abs(found.change.value)))]
    if found.growth is not None:
        way = "grow" if found.growth.value >= 0 else "shrink"
        ahead, low, high = by.share(abs(found.growth.value)), found.growth.lo, found.growth.hi
        if low is None or high is None:
            told.append(by.say(f"{way}_about", growth=ahead))
        else:
            told.append(by.say(way, growth=ahead, lo=by.signed(low), hi=by.signed(high)))
    if of.forecast.smape is not None:
        told.append(by.say("error", smape=by.share(of.forecast.smape / 100)))
    held = (band for band in of.forecast.coverage if band.level == BAND)
    told += [by.say("coverage", measured=by.share(band.measured)) for band in held]
    return " ".join(told)


def next_step(by: Teller) -> str:
    """What to do now: about the gravest doubt if there is one that ends it all, else about the largest opening."""
    of = by.of
    codes = {flag.code for flag in of.red_flags}
    if of.demand is None:
        return by.say("do_import")
    if "navigational" in codes:
        return by.say("do_risk")
    kept = of.economics
    if kept is not None and kept.margin is not None and kept.margin < 0 and (kept.break_even_cost or 0.0) > 0:
        return by.say("do_cost", cost=by.money(kept.break_even_cost or 0.0))
    if of.opportunities:
        return _pursue(by)
    if codes:
        return by.say("do_risk")
    return by.say("do_history" if "short_history" in of.quality.flags else "do_compare")


def _pursue(by: Teller) -> str:
    first = by.of.opportunities[0]
    known = first.evidence
    if first.kind == "price_gap":
        return by.say("do_price_gap", lo=by.money(known["lo"]), hi=by.money(known["hi"]))
    if first.kind == "rating_gap":
        return by.say("do_rating_gap", limit=by.number(known["limit"], 1))
    if first.kind == "stock_out":
        return by.say("do_stock_out")
    day = by.of.economics.order_by if by.of.economics else None
    return by.say("do_season", peak=first.where) if day is None else by.say("do_order", day=by.day(day))
