"""Which house a command talks to, and what it says when there is none."""

import asyncio
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from filelock import FileLock

from services.chassis.errors import HouseInUse
from services.chassis.house_lock import HouseLock
from services.chassis.settings import Settings
from services.cli import client
from services.cli.client import at, connect
from services.cli.errors import CliError, ExitCode
from services.cli.texts import speak
from tests.cli.front import SHOP, Front, Scout, Seed


class Locked(Front):
    """A front that takes the folder's lock as the whole house does."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        HouseLock(settings.home).acquire()


def test_without_a_url_the_command_opens_a_house_of_its_own(run_scout: Scout, seed: Seed) -> None:
    """Nothing has to run for a command to work."""
    seed("markets", SHOP)

    result = run_scout("market", "list", "-o", "json")

    assert [market["id"] for market in json.loads(result.stdout)["items"]] == ["shop"]


def test_a_url_where_nobody_answers_ends_with_69(run_scout: Scout, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error names the address and what to do about it."""
    monkeypatch.setenv("SCOUT_URL", "http://127.0.0.1:1")

    result = run_scout("market", "list")

    assert result.exit_code == ExitCode.SERVICE_DOWN
    assert "No Scout answers at http://127.0.0.1:1" in result.stderr
    assert "scout serve" in result.stderr


def test_an_address_that_is_none_ends_with_69_too(run_scout: Scout, monkeypatch: pytest.MonkeyPatch) -> None:
    """A slip in SCOUT_URL is no error of Scout's own."""
    monkeypatch.setenv("SCOUT_URL", "http://[::1")

    result = run_scout("market", "list")

    assert result.exit_code == ExitCode.SERVICE_DOWN
    assert "No Scout answers at http://[::1" in result.stderr


def test_somebody_else_at_the_address_is_told_as_a_stranger(run_scout: Scout, monkeypatch: pytest.MonkeyPatch) -> None:
    """A 404 of another program does not mean that a market is missing."""
    with ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as stranger:
        Thread(target=stranger.serve_forever, daemon=True).start()
        monkeypatch.setenv("SCOUT_URL", f"http://127.0.0.1:{stranger.server_port}")
        monkeypatch.setattr(BaseHTTPRequestHandler, "do_GET", lambda self: self.send_error(404), raising=False)
        monkeypatch.setattr(BaseHTTPRequestHandler, "log_message", lambda *_: None)
        result = run_scout("top", "--market", "shop")
        stranger.shutdown()

    assert result.exit_code == ExitCode.SERVICE_DOWN
    assert "what answers there is no Scout (status 404)" in result.stderr


def test_a_folder_held_by_a_single_command_ends_with_5(
    run_scout: Scout, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody can join a single command, so the error says to wait or to take another folder."""
    monkeypatch.setattr(client, "new_house", Locked)

    with FileLock(home / "house.lock"):
        result = run_scout("market", "list")

    assert result.exit_code == ExitCode.CONFLICT
    assert f"Another Scout holds the folder {home}" in result.stderr
    assert "SCOUT_HOME" in result.stderr


def test_a_folder_whose_holder_serves_is_reached_there(
    run_scout: Scout, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command goes to the address that the holder wrote down; here nobody listens, so it is named."""
    monkeypatch.setattr(client, "new_house", Locked)
    note = {"pid": os.getpid(), "url": "http://127.0.0.1:1"}

    with FileLock(home / "house.lock"):
        (home / "house.json").write_text(json.dumps(note))
        result = run_scout("market", "list")

    assert result.exit_code == ExitCode.SERVICE_DOWN
    assert "http://127.0.0.1:1" in result.stderr


def test_a_folder_that_cannot_be_used_is_told_as_such(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file where the folder should be is no other Scout."""
    (tmp_path / "home").write_text("a file")
    settings = Settings(home=tmp_path / "home" / "inside")
    monkeypatch.setattr(client, "new_house", Locked)

    async def go() -> None:
        async with connect(settings):
            pass

    with pytest.raises(CliError) as caught:
        asyncio.run(go())

    assert caught.value.code == ExitCode.CONFLICT
    assert "cannot be used" in caught.value.what
    assert "Not a directory" in caught.value.why


def test_who_is_in_the_way_is_told_in_the_readers_language() -> None:
    """The chassis speaks English; the command line does not leave it at that."""
    speak("ru")

    error = client.in_use(HouseInUse("text", None), Settings(home=Path("here")))

    assert error.text().startswith("scout: Папку here держит другой Scout")


def test_what_a_person_types_stays_one_part_of_an_address() -> None:
    """A slash in a name leads to no other resource."""
    assert at("markets", "a/../b?c") == "/v1/markets/a%2F..%2Fb%3Fc"
