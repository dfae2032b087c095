"""`just env`: what docker-compose.yml demands is written to .env, and what is there stays."""

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DEMANDED = set(re.findall(r"\$\{(\w+):\?run just env\}", (ROOT / "docker-compose.yml").read_text()))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A .env that is not there yet."""
    return tmp_path / ".env"


def env(file: Path) -> str:
    """Write it on a machine without docker; what the person is told."""
    command = [sys.executable, ROOT / "deploy" / "env.py", "--file", file]
    done = subprocess.run(command, env={"PATH": ""}, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    return done.stderr


def values(file: Path) -> dict[str, str]:
    """What a .env holds."""
    return dict(re.findall(r"^(\w+)=(.*)$", file.read_text(), re.MULTILINE))


def test_every_demanded_variable_gets_a_secret_that_only_its_owner_reads(file: Path) -> None:
    """No two are the same, none is short, none needs quoting in a URL, and the person is told what comes next."""
    said = env(file)

    assert values(file).keys() == DEMANDED
    assert len(set(values(file).values())) == len(DEMANDED)
    assert all(re.fullmatch(r"[0-9a-f]{32}", value) for value in values(file).values())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "just up" in said
    assert not any(value in said for value in values(file).values())


def test_what_is_there_stays_and_what_is_missing_is_added(file: Path) -> None:
    """A house that runs keeps its passwords when a version asks for one more; an empty value is a missing one."""
    file.write_text("SCOUT_PORT=9000\n# mine\nSCOUT_PASSWORD_TREND=mine\nSCOUT_PASSWORD_BEAT=")
    file.chmod(0o644)

    env(file)

    text = file.read_text()
    assert text.startswith("SCOUT_PORT=9000\n# mine\nSCOUT_PASSWORD_TREND=mine\nSCOUT_PASSWORD_BEAT=\n")
    assert text.count("SCOUT_PASSWORD_TREND=") == 1
    assert len(values(file)["SCOUT_PASSWORD_BEAT"]) == 32
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    env(file)
    assert file.read_text() == text


def test_the_stand_ins_are_an_env_file_that_names_every_image() -> None:
    """Whoever can pull no image passes that file, and docker-compose.yml is the same."""
    compose = (ROOT / "docker-compose.yml").read_text()
    named = set(re.findall(r"^(\w+)=", (ROOT / "deploy" / "offline" / "images.env").read_text(), re.MULTILINE))

    assert named == {*re.findall(r"\$\{(\w+_IMAGE):-", compose), "BUILD_CA_FILE"}
