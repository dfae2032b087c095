"""The workbook's charts; they read the cells of their table, so that a changed number changes the picture."""

from typing import Any

from services.export.tables import Section, cell
from services.export.words import Voice

ACCENT, FILL, INK, PLOT, LINE = "#0A6570", "#4C8E97", "#1C1E21", "#7D8187", "#E4E2DB"
FIRST = 25
"""Niches in the chart of scores: more would not be read."""
FONT = {"name": "Arial", "size": 9, "color": INK, "bold": False}


def scores_chart(book: Any, sheet: Any, section: Section, voice: Voice) -> None:
    """Bars of the first opportunity scores with their 80 % whiskers, at the right of the table."""
    keys = [column.key for column in section.columns]
    column = section.columns[keys.index("opportunity")]
    scored = [row for row in section.rows if row.get("opportunity") is not None][:FIRST]
    if not scored:
        return
    values = [[_number(row, section, keys.index(f"opportunity{end}")) for row in scored] for end in ("", "_lo", "_hi")]
    at, names = keys.index("opportunity"), keys.index("niche")
    chart = book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": voice.header(column),
            "categories": [sheet.name, 1, names, len(scored), names],
            "values": [sheet.name, 1, at, len(scored), at],
            "fill": {"color": FILL},
            "gap": 40,
            "y_error_bars": {
                "type": "custom",
                "plus_values": [high - value for value, high in zip(values[0], values[2], strict=True)],
                "minus_values": [value - low for value, low in zip(values[0], values[1], strict=True)],
                "line": {"color": INK, "width": 1},
            },
        }
    )
    chart.set_title({"name": voice.say("chart_scores"), "name_font": FONT | {"size": 11, "bold": True}})
    chart.set_legend({"none": True})
    chart.set_x_axis({"min": 0, "max": 100, "major_gridlines": _grid(), "num_font": FONT, "num_format": "0"})
    chart.set_y_axis({"reverse": True, "num_font": FONT, "line": {"color": PLOT}})
    chart.set_size({"width": 620, "height": 90 + 20 * len(scored)})
    sheet.insert_chart(1, len(keys) + 1, chart)


def demand_chart(book: Any, sheet: Any, section: Section, voice: Voice) -> None:
    """Weekly revenue, the median forecast behind it, and the lines that its bands end at."""
    keys = [column.key for column in section.columns]
    last = len(section.rows)
    lines = {"revenue": (INK, 1.75), "p50": (ACCENT, 2.25)}
    lines |= {f"{end}{level}": (FILL, 0.75) for level in (80, 95) for end in ("lo", "hi")}
    chart = book.add_chart({"type": "line"})
    for key, (color, width) in lines.items():
        if not any(key in row for row in section.rows):
            continue
        at = keys.index(key)
        dash = "dash" if key.endswith("95") else "solid"
        chart.add_series(
            {
                "name": voice.word("column", key),
                "categories": [sheet.name, 1, keys.index("week"), last, keys.index("week")],
                "values": [sheet.name, 1, at, last, at],
                "line": {"color": color, "width": width, "dash_type": dash},
            }
        )
    chart.set_title({"name": section.title, "name_font": FONT | {"size": 11, "bold": True}})
    chart.set_x_axis({"date_axis": True, "num_font": FONT, "num_format": "mmm yy", "major_unit": 2,
                      "major_unit_type": "months", "line": {"color": PLOT}})  # fmt: skip
    chart.set_y_axis({"min": 0, "major_gridlines": _grid(), "num_font": FONT, "line": {"none": True}})
    chart.set_legend({"position": "bottom", "font": FONT})
    chart.set_size({"width": 860, "height": 380})
    sheet.insert_chart(1, len(keys) + 1, chart)


def _grid() -> dict[str, Any]:
    return {"visible": True, "line": {"color": LINE, "width": 0.75}}


def _number(row: Any, section: Section, index: int) -> float:
    value, _, _ = cell(row, section.columns[index])
    return float(value) if isinstance(value, int | float) else 0.0
