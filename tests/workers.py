"""Real workers for tests: Celery's own command in a process group of its own, healthy when it consumes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.engine import Vhost

ROOT = Path(__file__).parents[1]
PATIENCE = 40


@dataclass
class Worker:
    """A worker and where its words go."""

    process: subprocess.Popen[bytes]
    log: Path

    def kill(self, sign: int = signal.SIGKILL) -> None:
        """Send a signal to the main process alone; its children end by themselves when it is gone."""
        self.process.send_signal(sign)
        self.process.wait(PATIENCE)

    def children(self) -> list[int]:
        """The processes of its pool."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(pid) for pid in listed.split()]

    def stop(self, seconds: float = PATIENCE) -> int:
        """Stop it warmly, and say how it exited."""
        self.process.terminate()
        return self.process.wait(seconds)

    def alive(self) -> bool:
        return self.process.poll() is None


@contextmanager
def worker(
    vhost: Vhost, service: str, home: Path, app: str = "tests.house.toy_worker", options: Sequence[str] = (), **env: str
) -> Iterator[Worker]:
    """A worker of `service` in `vhost`; `env` are settings by their names without SCOUT_."""
    pulse, log = home / f"{service}-{time.monotonic_ns()}.pulse", home / f"{service}.log"
    settings = {
        "SERVICE": service,
        "BROKER_URL": vhost.url(service),
        "HOME": str(home),
        "PULSE_FILE": str(pulse),
        "LOG_LEVEL": "WARNING",
        **env,
    }
    command = [sys.executable, "-m", "celery", "-A", app, "worker", "-c", "1", *options]
    with log.open("ab") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | {f"SCOUT_{name}": value for name, value in settings.items()},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + PATIENCE
        while not pulse.exists():
            if process.poll() is not None or time.monotonic() > until:
                raise AssertionError(f"{service} did not begin to consume:\n{log.read_text()[-3000:]}")
            time.sleep(0.05)
        yield Worker(process, log)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
