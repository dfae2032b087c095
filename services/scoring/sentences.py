"""The sentences of a backtest's verdict, in English and Russian, from a code and its numbers."""

from collections.abc import Mapping

from contracts.backtest import Statement
from services.scoring.phrases import EN, RU, WORDS

SIGNED = ("rho", "lo", "hi", "loss")
SHARES = ("hit", "bottom")


def sentence(code: str, *, holds: bool | None = None, **params: float | str) -> Statement:
    """A statement with its text in both languages; `params` are the numbers and names in it."""
    return Statement(
        code=code,
        holds=holds,
        params=params,
        en=_written(EN[code], params, russian=False),
        ru=_written(RU[code], params, russian=True),
    )


def _written(text: str, params: Mapping[str, float | str], *, russian: bool) -> str:
    whole = text.format_map({name: _told(name, value, russian=russian) for name, value in params.items()})
    return whole[0].upper() + whole[1:]


def _told(name: str, value: float | str, *, russian: bool) -> str:
    if isinstance(value, str):
        return ", ".join(WORDS[each][russian] if each in WORDS else each for each in value.split(", "))
    if name in SIGNED:
        text = f"{round(value, 2) + 0.0:+.2f}".replace("-", "−")  # no minus before a zero
    elif name in SHARES:
        text = f"{value:.0%}".replace("%", " %")
    else:
        text = f"{value:.3g}" if isinstance(value, float) else str(value)
    return text.replace(".", ",") if russian else text
