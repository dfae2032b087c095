"""The demand of a niche in tables: week by week with the forecast, the tests, its levels, then and now."""

from contracts.analysis import Analysis
from contracts.forecast import ForecastPoint
from services.export.facts import COLUMNS as FACTS
from services.export.facts import Fact, bounded, fact_rows, known
from services.export.tables import Column, Row, Section, Value
from services.export.words import Voice

LEVELS = (50, 80, 95)

WEEKS = (
    Column(key="week", kind="date", width=18),
    Column(key="revenue", kind="money", unit="money_week", width=14),
    Column(key="units", kind="count"),
    Column(key="p50", kind="money", unit="money_week", width=18),
    *(
        Column(key=f"{end}{level}", kind="money", unit="money_week", width=16)
        for level in LEVELS
        for end in ("lo", "hi")
    ),
)
CHANGES = (
    Column(key="week", kind="date", width=18),
    Column(key="before", kind="money", unit="money_week", width=16),
    Column(key="after", kind="money", unit="money_week", width=16),
    Column(key="times", kind="ratio", digits=2),
)
SNAPSHOTS = (
    Column(key="until", kind="date", width=18),
    Column(key="revenue", kind="money", unit="money"),
    Column(key="units", kind="count"),
    Column(key="products", kind="count"),
    Column(key="sellers", kind="count"),
    Column(key="price", kind="price", unit="price"),
)


def demand(analysis: Analysis, voice: Voice) -> Section:
    """Every known week, and behind them the weeks that were forecast."""
    past: list[Row] = [
        {"week": point.week, "revenue": point.revenue, "units": point.units} for point in analysis.series
    ]
    rows = (*past, *(_ahead(point) for point in analysis.forecast.points))
    return Section(
        key="demand",
        columns=WEEKS,
        rows=rows,
        title=_title(analysis, voice),
        note=_note(analysis, voice),
        empty=voice.say("no_series"),
        chart="fan" if past else None,
        sheet="demand",
        wide=True,
    )


def tests(analysis: Analysis, voice: Voice) -> Section:
    """Growth with its interval, and whether it is a trend or a spike."""
    found = analysis.demand
    rows: tuple[Row, ...] = ()
    if found is not None:
        rows = fact_rows(
            Fact("level", found.level, "money"),
            Fact("units_8w", found.units, "count"),
            bounded("change", found.change, "change"),
            bounded("forecast_change", found.growth, "change"),
            Fact("tau", known(found.mann_kendall, "tau"), "number", 2),
            Fact("p", known(found.mann_kendall, "p"), "chance"),
            Fact("plain_p", known(found.mann_kendall, "plain_p"), "chance"),
            Fact("inflation", known(found.mann_kendall, "inflation"), "ratio", 2),
            bounded("slope", found.slope, "money"),
            Fact("spike_share", found.spike_share, "share"),
            Fact("active_share", found.active_share, "share"),
        )
    return Section(
        key="tests",
        columns=FACTS,
        rows=rows,
        title=voice.say("tests"),
        note=voice.say("tests_note") if rows else "",
        empty=voice.say("no_demand"),
        sheet="demand_facts",
    )


def changes(analysis: Analysis, voice: Voice) -> Section:
    """The weeks from which on the level was another."""
    found = analysis.demand.changes if analysis.demand else ()
    rows: tuple[Row, ...] = tuple(
        {
            "week": each.week,
            "before": each.before,
            "after": each.after,
            "times": each.after / each.before if each.before > 0 else None,
        }
        for each in found
    )
    title = voice.say("changes")
    if found:
        title = voice.say("changes_title", number=len(rows), day=voice.day(found[-1].week))
    return Section(
        key="changes",
        columns=CHANGES,
        rows=rows,
        title=title,
        note=voice.say("changes_note") if rows else "",
        empty=voice.say("no_changes" if analysis.demand else "no_demand"),
        sheet="demand_facts",
    )


def snapshots(analysis: Analysis, voice: Voice) -> Section:
    """The niche now and earlier, side by side."""
    rows: tuple[Row, ...] = tuple(
        {
            "until": each.as_of,
            "revenue": each.revenue,
            "units": each.units,
            "products": each.products,
            "sellers": each.sellers,
            "price": each.price,
        }
        for each in analysis.snapshots
    )
    return Section(
        key="snapshots",
        columns=SNAPSHOTS,
        rows=rows,
        title=voice.say("snapshots"),
        note=voice.say("snapshots_note") if rows else "",
        empty=voice.say("no_snapshots"),
        sheet="demand_facts",
    )


def _ahead(point: ForecastPoint) -> Row:
    row: dict[str, Value] = {"week": point.day, "p50": point.p50}
    for band in point.bands:
        if band.level in LEVELS:
            row |= {f"lo{band.level}": band.lo, f"hi{band.level}": band.hi}
    return row


def _title(analysis: Analysis, voice: Voice) -> str:
    change = analysis.demand.change if analysis.demand else None
    start = voice.say("no_change")
    if change is not None:
        way = "rise" if change.value > 0 else "fall" if change.value < 0 else "flat"
        start = voice.say(way, change=voice.figure(abs(change.value), "share"))
    if not analysis.forecast.points:
        return start
    last = analysis.forecast.points[-1]
    return voice.say("expects", start=start, value=voice.figure(last.p50, "money"), day=voice.day(last.day))


def _note(analysis: Analysis, voice: Voice) -> str:
    if not analysis.series:
        return ""
    weeks = voice.many(len(analysis.series), "week")
    told = [voice.say("demand_note", sign=voice.sign, weeks=weeks, day=voice.day(analysis.as_of))]
    points = analysis.forecast.points
    wide = next((band for band in points[-1].bands if band.level == LEVELS[1]), None) if points else None
    if wide:
        told.append(voice.say("futures", interval=voice.interval(wide.lo, wide.hi, "money")))
    if not points:
        reason = analysis.forecast.reason
        told.append(voice.say("no_forecast", reason=voice.word("forecast", reason) if reason else voice.say("unknown")))
    return " ".join(told)
