import os
import subprocess
import sys
from pathlib import Path

import pytest

from services.chassis.errors import HouseInUse
from services.chassis.house_lock import HouseLock

HOLD = """
import sys, pathlib
from services.chassis.house_lock import HouseLock
lock = HouseLock(pathlib.Path(sys.argv[1]))
lock.acquire()
lock.say("http://127.0.0.1:8000")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def held(tmp_path: Path) -> HouseLock:
    """A folder that is taken."""
    lock = HouseLock(tmp_path)
    lock.acquire()
    return lock


def test_a_second_house_in_a_folder_is_refused(held: HouseLock, tmp_path: Path) -> None:
    """The error says who has it, that it serves nobody else, and what to do."""
    with pytest.raises(HouseInUse, match=rf"process {os.getpid()}\).*runs a single command.*SCOUT_HOME") as caught:
        HouseLock(tmp_path).acquire()

    assert caught.value.url is None
    held.release()


def test_who_is_refused_learns_where_the_house_serves(held: HouseLock, tmp_path: Path) -> None:
    """So that its command can go there instead."""
    held.say("http://127.0.0.1:8000")

    with pytest.raises(HouseInUse, match="it serves at") as caught:
        HouseLock(tmp_path).acquire()

    assert "http://127.0.0.1:8000" == caught.value.url
    held.release()


def test_a_folder_that_was_given_back_can_be_taken_again(held: HouseLock, tmp_path: Path) -> None:
    """And nothing of the last house is said of the next one."""
    held.say("http://127.0.0.1:8000")
    held.release()
    assert not (tmp_path / "house.json").exists()

    again = HouseLock(tmp_path)
    again.acquire()
    again.release()


def test_a_house_that_was_killed_holds_its_folder_no_longer(tmp_path: Path) -> None:
    """The operating system lets go of the lock; what the dead one said is replaced."""
    home = tmp_path / "home"
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert "held" == holder.stdout.readline().strip()
        with pytest.raises(HouseInUse, match=f"process {holder.pid}"):
            HouseLock(home).acquire()
        holder.kill()
        holder.wait()

    lock = HouseLock(home)
    lock.acquire()
    assert str(os.getpid()) in (home / "house.json").read_text()
    lock.release()


def test_a_command_learns_where_the_folder_is_served_without_taking_it(held: HouseLock, tmp_path: Path) -> None:
    """A house that serves nobody is none to go to, and what a dead one said counts for nothing."""
    assert HouseLock(tmp_path).serving() is None
    held.say("http://127.0.0.1:8000")
    assert "http://127.0.0.1:8000" == HouseLock(tmp_path).serving()
    said = (tmp_path / "house.json").read_text()

    held.release()
    assert HouseLock(tmp_path).serving() is None
    (tmp_path / "house.json").write_text(said)
    assert HouseLock(tmp_path).serving() is None


def test_a_note_that_is_torn_is_no_reason_to_fail(held: HouseLock, tmp_path: Path) -> None:
    """Whoever reads while it is written still learns that the folder is taken."""
    (tmp_path / "house.json").write_text('{"pid": 1')

    with pytest.raises(HouseInUse, match="Another Scout"):
        HouseLock(tmp_path).acquire()
    held.release()


def test_a_folder_that_cannot_be_one_says_why(tmp_path: Path) -> None:
    """A file lies where the folder should be."""
    (tmp_path / "file").write_text("")

    with pytest.raises(HouseInUse, match=r"cannot be used: .*SCOUT_HOME"):
        HouseLock(tmp_path / "file").acquire()
