"""The yearly season of a niche in tables: how strong it is, when its best and worst weeks are, and its months."""

from datetime import date

from contracts.analysis import Analysis
from contracts.demand import Season
from services.export.facts import COLUMNS as FACTS
from services.export.facts import Fact, fact_rows
from services.export.tables import Column, Row, Section
from services.export.words import Voice

MONTHS = (
    Column(key="month", kind="code", words="month", width=16),
    Column(key="index", kind="ratio", digits=2, draw="share", width=14),
)
CLEAR = 0.4
"""The strength from which on a season is to be acted on, as the red flags and openings of the analysis take it."""
_LONG_YEAR = 2020  # it has 53 ISO weeks, so each number is a week of it


def season(analysis: Analysis, voice: Voice) -> Section:
    """Strength, best and worst week; unknown under two years of weeks, which is said rather than shown as none."""
    found = analysis.demand.season if analysis.demand else None
    rows: tuple[Row, ...] = ()
    title = voice.say("season")
    if found is not None:
        rows = fact_rows(
            Fact("strength", found.strength, "number", 2),
            Fact("peak", found.peak, "count"),
            Fact("peak_ratio", found.peak_ratio, "ratio", 2),
            Fact("trough", found.trough, "count"),
        )
        title = _title(found, voice)
    return Section(
        key="season",
        columns=FACTS,
        rows=rows,
        title=title,
        note=voice.say("season_note", limit=voice.figure(CLEAR, "number", 1)) if rows else "",
        empty=voice.say("no_season" if analysis.demand else "no_demand"),
        sheet="season",
    )


def months(analysis: Analysis, voice: Voice) -> Section:
    """The twelve months beside the mean one."""
    found = analysis.demand.season if analysis.demand else None
    indices = found.months if found else ()
    rows: tuple[Row, ...] = tuple({"month": str(number), "index": index} for number, index in enumerate(indices, 1))
    return Section(
        key="months",
        columns=MONTHS,
        rows=rows,
        title=voice.say("months"),
        note=voice.say("months_note") if rows else "",
        empty=voice.say("no_season" if analysis.demand else "no_demand"),
        sheet="season",
    )


def week_of_year(week: int, voice: Voice) -> str:
    """An ISO week with the month that it lies in: week 49 (Dec)."""
    thursday = date.fromisocalendar(_LONG_YEAR, week, 4)
    return voice.say("iso_week", week=week, month=voice.month(thursday))


def _title(found: Season, voice: Voice) -> str:
    if found.strength < CLEAR:
        return voice.say("season_weak", strength=voice.figure(found.strength, "number", 2))
    ratio = voice.figure(found.peak_ratio, "ratio", 1)
    return voice.say("season_title", week=week_of_year(found.peak, voice), ratio=ratio)
