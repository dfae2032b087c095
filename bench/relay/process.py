"""A worker under measurement: one process and all that it starts, found in /proc by their session."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

_TICK = os.sysconf("SC_CLK_TCK")
_SESSION, _USER, _CHILDREN_OVER = 3, 11, 15  # fields of /proc/PID/stat after the name
_STOP = 20.0


class Worker:
    """A program of Python's (`-m` module, options), started in a session of its own; what it says goes to `log`."""

    def __init__(self, command: tuple[str, ...], environment: Mapping[str, str], log: Path) -> None:
        self.log = log
        with log.open("ab") as out:
            self._process = subprocess.Popen(  # noqa: S603 - our own words only
                (sys.executable, "-m", *command),
                env={**os.environ, **environment},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )

    @property
    def alive(self) -> bool:
        """Whether its main process runs."""
        return self._process.poll() is None

    def cpu(self) -> float:
        """Seconds of processor time, in user and kernel, that all its processes have used, ended ones included."""
        ticks = 0
        for pid, fields in self._stats():
            last = _CHILDREN_OVER if pid == self._process.pid else _USER + 2
            ticks += sum(int(field) for field in fields[_USER:last])
        return ticks / _TICK

    def children(self) -> list[int]:
        """The processes that it has started."""
        return [pid for pid, _ in self._stats() if pid != self._process.pid]

    def kill(self) -> None:
        """End the main process at once, as a crash does; what it has started may notice and end."""
        self._process.kill()
        self._process.wait()

    def stop(self) -> None:
        """Ask it to end; end what has not within some seconds."""
        self._process.terminate()
        try:
            self._process.wait(_STOP)
        except subprocess.TimeoutExpired:
            self.kill()
        self.clear()

    def clear(self) -> None:
        """End whatever of it is left."""
        give_up = time.monotonic() + 2
        while (left := self.children()) and time.monotonic() < give_up:
            time.sleep(0.05)
        for pid in left:
            _end(pid)

    def _stats(self) -> list[tuple[int, list[str]]]:
        found = []
        for path in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = path.read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[_SESSION]) == self._process.pid:
                found.append((int(path.parent.name), fields))
        return found


def _end(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return
