from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from services.chassis.settings import Settings


def test_the_house_needs_no_setting() -> None:
    """Each has a default that works on one machine."""
    settings = Settings()

    assert (Path(".scout"), "Europe/Moscow", "en", None, 0) == (
        settings.home,
        settings.timezone,
        settings.lang,
        settings.url,
        settings.workers,
    )


@pytest.mark.parametrize(
    ("variable", "field", "value"),
    [
        ("SCOUT_HOME", "home", Path("elsewhere")),
        ("SCOUT_TIMEZONE", "timezone", "UTC"),
        ("SCOUT_LANG", "lang", "ru"),
        ("SCOUT_LOG_LEVEL", "log_level", "DEBUG"),
        ("SCOUT_URL", "url", "http://localhost:8000"),
        ("SCOUT_WORKERS", "workers", 3),
    ],
)
def test_a_setting_is_the_variable_of_its_name(
    monkeypatch: pytest.MonkeyPatch, variable: str, field: str, value: object
) -> None:
    """`SCOUT_` and the field's name in capitals."""
    monkeypatch.setenv(variable, str(value))

    assert value == getattr(Settings(), field)


@pytest.mark.parametrize("name", ["Mars/Olympus", "", "../etc"])
def test_an_unknown_time_zone_is_refused_with_one_that_works(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """The schedule and a day's counters hang on it."""
    monkeypatch.setenv("SCOUT_TIMEZONE", name)

    with pytest.raises(ValidationError, match="use a name such as Europe/Moscow or UTC"):
        Settings()


@pytest.mark.parametrize(("variable", "value"), [("SCOUT_LANG", "de"), ("SCOUT_WORKERS", "-1")])
def test_a_value_that_the_house_cannot_use_names_its_setting(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    """The error says which setting it is about."""
    monkeypatch.setenv(variable, value)

    with pytest.raises(ValidationError) as caught:
        Settings()
    assert [(variable.removeprefix("SCOUT_").lower(),)] == [error["loc"] for error in caught.value.errors()]


def test_a_variable_that_nobody_knows_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of the house have variables of their own."""
    monkeypatch.setenv("SCOUT_SOMETHING", "else")

    assert Settings() == Settings()


def test_settings_do_not_change_while_the_house_is_open() -> None:
    """They are read once."""
    with pytest.raises(ValidationError, match="frozen"):
        Settings().workers = 2  # type: ignore[misc] # the very thing that is refused


def test_the_zone_is_the_one_that_is_named() -> None:
    """As an object, for whoever counts days."""
    assert ZoneInfo("Asia/Vladivostok") == Settings(timezone="Asia/Vladivostok").zone
