"""The settings that every service shares, read once from the environment (`SCOUT_...`)."""

from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """What the house is told from outside; each field is the variable `SCOUT_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="SCOUT_", extra="ignore", frozen=True)

    home: Path = Field(Path(".scout"), description="Folder of the embedded house: its store, files and lock.")
    timezone: str = Field("Europe/Moscow", description="Time zone of the schedule and of a day's counters.")
    lang: Literal["en", "ru"] = Field("en", description="Language of texts that a person reads.")
    log_level: str = Field("WARNING", description="Least severe log entry that is written.")
    url: str | None = Field(None, description="Address of a running house; unset, the command line opens its own.")
    workers: int = Field(0, ge=0, description="Processes for heavy work; 0 takes the cores less one, at least one.")

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError) as exc:
            raise ValueError(f"{name!r} is no time zone; use a name such as Europe/Moscow or UTC") from exc
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The time zone as an object."""
        return ZoneInfo(self.timezone)
