import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A copy of what justw needs, in a folder with a space in its name, where nothing is installed yet."""
    folder = tmp_path / "a folder"
    shutil.copytree(ROOT / "deploy" / "requirements", folder / "deploy" / "requirements")
    for file in ("justw", "justfile"):
        shutil.copy2(ROOT / file, folder)
    return folder


def justw(folder: Path, python: Path | str, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run justw with a certain Python, from another folder and without input."""
    environment = os.environ | {"SCOUT_PYTHON": str(python)} | variables
    command = [str(folder / "justw"), *words]
    return subprocess.run(
        command, env=environment, cwd="/", stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


def fake(folder: Path, script: str) -> Path:
    """A program that answers in Python's place."""
    program = folder / "python"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def test_a_python_that_is_too_old_is_named_with_what_to_do(bare: Path) -> None:
    """Who has only Python 3.9 reads that, and how to get or name a newer one."""
    old = fake(bare, 'case "$2" in *print*) echo 3.9 ;; *) exit 1 ;; esac')

    done = justw(bare, old)

    assert done.returncode == 1
    assert f"needs Python 3.11 or newer, and found none ({old} is 3.9)" in done.stderr
    assert "SCOUT_PYTHON=" in done.stderr


def test_a_machine_without_python_is_told_so(bare: Path) -> None:
    """Nothing found is an answer too."""
    done = justw(bare, "no-such-python")

    assert done.returncode == 1
    assert "found none (no no-such-python)" in done.stderr


def test_a_python_without_venv_is_named_with_the_package_to_install(bare: Path) -> None:
    """Debian ships Python without it: the message names Debian's package."""
    (bare / "ensurepip.py").write_text("raise ImportError")

    done = justw(bare, sys.executable, PYTHONPATH=str(bare))

    assert done.returncode == 1
    assert "has no venv" in done.stderr
    assert "apt-get install python3." in done.stderr


def test_a_failed_install_shows_the_words_of_pip_and_leaves_nothing_that_looks_ready(bare: Path) -> None:
    """Without a package index the last lines are pip's, then what to do, and the next run starts anew."""
    done = justw(bare, sys.executable, PIP_NO_INDEX="1", PIP_FIND_LINKS="")

    assert done.returncode == 1
    assert "No matching distribution found" in done.stderr
    assert "run ./justw again" in done.stderr
    assert (bare / ".venv" / ".installing").exists()
    assert not (bare / ".venv" / ".made-from").exists()
