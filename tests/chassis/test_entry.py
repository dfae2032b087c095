"""How a service runs as a process: told to stop it ends well, and what it cannot run without it names."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from services.chassis.entry import kept


@pytest.mark.parametrize("service", ["journal", "heartbeat", "gateway"])
def test_a_service_without_a_broker_names_the_variable(service: str):
    """Who starts a container by hand reads what is missing, in a line."""
    variables = {**os.environ, "SCOUT_URL": "http://127.0.0.1:9"}

    done = subprocess.run(
        [sys.executable, "-m", f"services.{service}"], env=variables, capture_output=True, text=True, check=False
    )

    assert done.returncode == 1
    assert done.stderr.startswith("SCOUT_BROKER_URL is not set: it names RabbitMQ as user")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["services.journal"],
        ["celery", "-A", "services.chassis.worker", "worker"],
        ["celery", "-A", "services.beat.app", "beat"],
    ],
)
def test_a_setting_that_cannot_be_read_is_named(words: list[str]):
    """A wrong value ends the process with the variable's name and what is wrong, in one line."""
    variables = {**os.environ, "SCOUT_TIMEZONE": "Nowhere", "SCOUT_SERVICE": "scoring"}
    command = [sys.executable, "-m", *words]

    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr.splitlines()[0][:31]) == (1, "SCOUT_TIMEZONE: Value error, 'N")
    assert "Traceback" not in done.stderr


def test_who_is_told_to_stop_leaves_its_work_and_ends():
    """SIGTERM sets the event that the service waits for; what it closes is closed, and the exit code is 0."""
    script = """
import asyncio
from services.chassis.entry import run

async def main(settings, stop):
    print("open", flush=True)
    await stop.wait()
    print("closed", flush=True)

run(main)
"""
    process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    with process:
        assert process.stdout
        assert process.stdout.readline() == "open\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.readline() == "closed\n"
    assert process.returncode == 0


async def test_a_part_that_fails_is_started_again():
    """An error is logged and the part goes on; on leaving, every part is over."""
    tries = 0
    again = asyncio.Event()

    async def part() -> None:
        nonlocal tries
        tries += 1
        if tries == 1:
            raise ValueError("once")
        again.set()
        await asyncio.Event().wait()

    async with kept(part=part):
        await asyncio.wait_for(again.wait(), 30)

    assert tries == 2
    assert asyncio.all_tasks() == {asyncio.current_task()}
