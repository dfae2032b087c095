"""How well forecasts of a niche held in the past, in tables: their errors, and what share of weeks the bands held."""

from contracts.analysis import Analysis
from services.export.facts import COLUMNS as FACTS
from services.export.facts import Fact, fact_rows
from services.export.tables import Column, Row, Section
from services.export.words import Voice

COVERAGE = (
    Column(key="level", kind="share"),
    Column(key="held", kind="share"),
    Column(key="forecasts", kind="count", width=16),
)


def errors(analysis: Analysis, voice: Voice) -> Section:
    """The forecast's errors over the past, and the methods that it is the mean of."""
    of = analysis.forecast
    members = ", ".join(voice.word("member", each) for each in of.members) or voice.say("unknown")
    reason = voice.word("forecast", of.reason) if of.reason else voice.say("unknown")
    return Section(
        key="errors",
        columns=FACTS,
        rows=fact_rows(
            Fact("mase", of.mase, "number", 2),
            Fact("smape", of.smape, "number", 1),
            Fact("folds", of.folds, "count"),
            Fact("horizon", of.horizon, "count"),
        )
        if of.points
        else (),
        title=voice.say("errors", tier=voice.word("tier", of.tier)),
        note=voice.say("errors_note", members=members) if of.points else "",
        empty=voice.say("no_forecast", reason=reason),
        sheet="demand_facts",
    )


def coverage(analysis: Analysis, voice: Voice) -> Section:
    """How often each band of past forecasts held what it promised."""
    rows: tuple[Row, ...] = tuple(
        {"level": each.level / 100, "held": each.measured, "forecasts": each.n} for each in analysis.forecast.coverage
    )
    return Section(
        key="coverage",
        columns=COVERAGE,
        rows=rows,
        title=voice.say("coverage"),
        note=voice.say("coverage_note") if rows else "",
        empty=voice.say("no_coverage"),
        sheet="demand_facts",
    )
