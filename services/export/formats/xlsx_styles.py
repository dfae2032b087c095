"""Cell styles of the workbook; each is made once."""

from dataclasses import dataclass, field
from typing import Any

from services.export import numbers
from services.export.tables import Column, Kind, Row
from services.export.words import Voice

INK, GREY, ACCENT, SUNKEN, RULE = "#1C1E21", "#62666C", "#0A6570", "#F3F2EE", "#C6C3B9"
FONT = {"font_name": "Arial", "font_size": 10, "font_color": INK, "valign": "top"}


@dataclass(slots=True)
class Styles:
    """The styles of one workbook. Excel puts in the separators of the reader's own language."""

    book: Any
    voice: Voice
    made: dict[str, Any] = field(default_factory=dict)

    def _style(self, **properties: Any) -> Any:
        name = repr(sorted(properties.items()))
        if name not in self.made:
            self.made[name] = self.book.add_format(FONT | properties)
        return self.made[name]

    @property
    def title(self) -> Any:
        """A table's title."""
        return self._style(bold=True, font_size=12)

    @property
    def note(self) -> Any:
        """The line under a title."""
        return self._style(font_color=GREY)

    @property
    def wrapped(self) -> Any:
        """A sentence that may take several lines."""
        return self._style(text_wrap=True)

    @property
    def date(self) -> Any:
        """A day."""
        return self._style(num_format="d mmm yyyy", align="left")

    def header(self, column: Column) -> Any:
        """A header, on the side on which its values stand."""
        align = "right" if column.numeric else "left"
        return self._style(bold=True, bg_color=SUNKEN, bottom=1, bottom_color=RULE, text_wrap=True, align=align)

    def absent(self, column: Column) -> Any:
        """The word for what is not known."""
        return self._style(italic=True, font_color=GREY, align="right" if column.numeric else "left")

    def text(self, row: Row, column: Column) -> Any:
        """A text; long ones wrap, and the verdict to enter bears the accent."""
        if column.key == "verdict" and row.get(column.key) == "enter":
            return self._style(bold=True, font_color=ACCENT)
        return self._style(text_wrap=True) if column.key in {"text", "note"} else self._style()

    def number(self, kind: Kind, digits: int) -> Any:
        """A number of some kind."""
        return self._style(num_format=number_format(kind, digits, self.voice))


def number_format(kind: Kind, digits: int, voice: Voice) -> str:
    """Excel's format for a kind of number."""
    places = "." + "0" * digits if digits else ""
    if kind in {"money", "price"}:
        amount = "#,##0.00" if kind == "price" else "#,##0"
        before = voice.lang == "en" and len(voice.sign) == 1
        return f'"{voice.sign}"{amount};-"{voice.sign}"{amount}' if before else f'{amount} "{voice.sign}"'
    formats: dict[str, str] = {
        "share": "0.0%",
        "change": "+0.0%;-0.0%;0.0%",
        "ratio": f'0{places}" ×"',
        "signed": f"+0{places};-0{places};0{places}",
        "points": "0.0",
        "chance": f'[<0.001]"{numbers.chance(0.0, voice.lang)}";0.000',
    }
    return formats.get(kind, f"#,##0{places}")
