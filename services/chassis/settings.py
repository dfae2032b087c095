"""The settings that every service shares, read once from the environment (`SCOUT_...`)."""

from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.chassis.errors import ScoutError


class Settings(BaseSettings):
    """What the house is told from outside; each field is the variable `SCOUT_<NAME>`."""

    model_config = SettingsConfigDict(env_prefix="SCOUT_", extra="ignore", frozen=True, hide_input_in_errors=True)

    home: Path = Field(Path(".scout"), description="Folder of the embedded house: its store, files and lock.")
    timezone: str = Field("Europe/Moscow", description="Time zone of the schedule and of a day's counters.")
    lang: Literal["en", "ru"] = Field("en", description="Language of texts that a person reads.")
    log_level: str = Field("WARNING", description="Least severe log entry that is written.")
    url: str | None = Field(None, description="Address of a running house; unset, the command line opens its own.")
    workers: int = Field(0, ge=0, description="Processes for heavy work; 0 takes the cores less one, at least one.")
    broker_url: SecretStr | None = Field(None, description="RabbitMQ as this service: amqp://USER:PASSWORD@HOST/VHOST.")
    outside_url: SecretStr | None = Field(None, description="The same as user outside, for what others tell.")
    management_url: SecretStr | None = Field(None, description="RabbitMQ's management API, user and password in it.")
    store_url: SecretStr | None = Field(None, description="MongoDB and its database; unset, a file in SCOUT_HOME.")
    agents_token: SecretStr | None = Field(None, description="Token that the gateway asks of who says how an agent is.")
    pulse_file: Path | None = Field(None, description="File that a service of the wire keeps young while it consumes.")
    office_url: str | None = Field(None, description="Office Dashboard that is told of the agents; unset, none is.")
    office_token: SecretStr | None = Field(None, description="Bearer token of that office.")

    @field_validator("office_url")
    @classmethod
    def _web_address(cls, url: str | None) -> str | None:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError(f"{url!r} is no address of an office; use one such as https://office.example.com/api")
        return url

    @field_validator("office_token", "agents_token")
    @classmethod
    def _one_word(cls, token: SecretStr | None) -> SecretStr | None:
        text = token.get_secret_value() if token else ""
        if not text.isascii() or any(char.isspace() or not char.isprintable() for char in text):
            raise ValueError("it holds a space or a character that no token has; was it copied whole, and alone?")
        return token

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


def settings_of_service() -> Settings:
    """The settings of a service that starts; raises `ScoutError`, which names the variable that cannot be read."""
    try:
        return Settings(_env_ignore_empty=True)
    except ValidationError as exc:
        error = exc.errors()[0]
        raise ScoutError(f"SCOUT_{str(error['loc'][0]).upper()}: {error['msg']}") from exc
