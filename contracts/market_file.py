"""A market's settings as a file that a person edits: TOML, and the template that explains it."""

from pathlib import Path

from pydantic import Field

from contracts.economics import Own, Tariff
from contracts.market import MarketSettings
from contracts.message import Input
from contracts.toml_file import Form, TomlError, lines_of, read_as

SETTINGS_TEMPLATE = Path(__file__).with_name("market.toml")
"""A file in which everything is explained and nothing is set."""


class SettingsError(TomlError):
    """A settings file cannot be used; the message is for the person who wrote it."""


class _File(Input):
    """The file's own names: a `[[tariff]]` is one of `tariffs`."""

    pseudo_sellers: tuple[str, ...] = Field(default=(), max_length=1000)
    own: Own = Own()
    tariff: tuple[Tariff, ...] = Field(default=(), max_length=500)


_FORM = Form(
    name="the settings file",
    keys={"": tuple(_File.model_fields), "own": tuple(Own.model_fields), "tariff": tuple(Tariff.model_fields)},
    lists=("tariff",),
    plain=("pseudo_sellers",),
    lost="nothing can be set",
    how="write a section as [own] or [[tariff]], a share as commission = 0.15 and a day as since = 2026-01-31",
    missing="so nobody knows from which day on it counts; add it, such as since = 2026-01-31",
    error=SettingsError,
)


def parse_settings(text: str) -> MarketSettings:
    """Read a settings file; raises `SettingsError` that names line and key, what is wrong, why, and what to do."""
    file = read_as(_File, text, _FORM)
    lines = lines_of(text)
    first: dict[object, int] = {}
    for place, one in enumerate(file.tariff):
        before = first.setdefault((one.niche, one.since), place)
        if before != place:
            at, other = (f"line {found}" if (found := lines.get(("tariff", n))) else "" for n in (place, before))
            whose = f"for the niches of {one.niche!r}" if one.niche else "for every niche"
            raise SettingsError(
                f"{at}, [[tariff]] counts from {one.since} {whose} as the one of {other} does, so nobody could tell "
                "which of them counts; give it another day or niche, or make one of both"
            )
    return MarketSettings(pseudo_sellers=file.pseudo_sellers, tariffs=file.tariff, own=file.own)
