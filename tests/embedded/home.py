"""A house's folder, and the real command line in processes of its own that work in it."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import httpx

PATIENCE = 120
"""Seconds after which what is waited for is said not to come; on an idle machine it comes in a few."""
_LOOK = 0.02
T = TypeVar("T")


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    stdout: str
    stderr: str


class Home:
    """A folder in which `scout` works; `close` ends what still runs there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.started: list[Started] = []

    def start(self, *words: object) -> "Started":
        """Start a command in a process group of its own."""
        environment = {**os.environ, "SCOUT_HOME": str(self.folder), "SCOUT_WORKERS": "1"}
        said = self.folder.parent / f"{self.folder.name}-{len(self.started)}"
        started = Started([sys.executable, "-m", "services.cli", *map(str, words)], environment, said)
        self.started.append(started)
        return started

    def run(self, *words: object) -> Ended:
        """Run a command to its end."""
        return self.start(*words).ended()

    def json(self, *words: object) -> Any:
        """Run a command that must succeed, and answer what it printed as JSON."""
        ended = self.run(*words, "-o", "json")
        assert ended.code == 0, ended.stderr
        return json.loads(ended.stdout)

    @contextlib.contextmanager
    def served(self) -> Iterator["Served"]:
        """Keep `scout serve` running on a free port."""
        process = self.start("serve", "--port", "0")
        with httpx.Client(base_url=eventually(lambda: self._url(process)), timeout=PATIENCE, trust_env=False) as api:
            yield Served(self, process, api)

    def _url(self, process: "Started") -> str | None:
        """Where the house serves, once it does; a house that ended instead says why."""
        assert process.poll() is None, process.ended().stderr
        try:
            url: str | None = json.loads((self.folder / "house.json").read_text())["url"]
        except (OSError, ValueError):
            return None
        return url

    def documents(self, collection: str, **where: str) -> dict[str, dict[str, Any]]:
        """What the store has written, by id, read beside the house; empty where there is no such collection yet."""
        path = self.folder / "store.sqlite"
        if not path.exists():
            return {}
        with contextlib.closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=PATIENCE)) as db:
            if not db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (collection,)).fetchall():
                return {}
            clauses = "".join(f" AND json_extract(doc, '$.{name}') = ?" for name in where)
            query = f'SELECT id, doc FROM "{collection}" WHERE 1{clauses}'  # noqa: S608 - our own names
            return {key: json.loads(document) for key, document in db.execute(query, tuple(where.values()))}

    def close(self) -> None:
        """Kill every command that still runs, and its children."""
        for process in self.started:
            process.kill()


class Started(subprocess.Popen[str]):
    """A command in a process group of its own; it writes to files, since a pipe that nobody reads would stop it."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], said: Path) -> None:
        self._stdout, self._stderr = said.with_suffix(".out"), said.with_suffix(".err")
        with self._stdout.open("w") as out, self._stderr.open("w") as err:
            super().__init__(command, env=environment, stdout=out, stderr=err, text=True, start_new_session=True)

    def ended(self) -> Ended:
        """Wait for the end, and answer what was said."""
        code = self.wait(timeout=PATIENCE)
        return Ended(code, self._stdout.read_text(), self._stderr.read_text())

    def kill(self) -> None:
        """`kill -9` for the command and all of its children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.wait()


class Served:
    """A house that serves, and the way to its API."""

    def __init__(self, home: Home, process: Started, api: httpx.Client) -> None:
        self.home, self.process, self.api = home, process, api

    def get(self, path: str) -> Any:
        """The JSON of a resource."""
        answer = self.api.get(path)
        assert answer.is_success, answer.text
        return answer.json()

    def done(self, path: str, body: object) -> dict[str, Any]:
        """Ask for work and wait until its run is done; answer the run."""
        accepted = self.api.post(path, json=body)
        assert accepted.status_code == 202, accepted.text
        where = accepted.headers["Location"]
        run: dict[str, Any] = eventually(lambda: found if (found := self.get(where))["state"] == "done" else None)
        return run

    def children(self) -> list[int]:
        """The processes that the house keeps for heavy work."""
        tasks = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [pid for task in tasks for pid in map(int, task.read_text().split()) if works(pid)]


def works(pid: int) -> bool:
    """Whether a process is one for heavy work."""
    try:
        return b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def eventually(look: Callable[[], T | None]) -> T:
    """Wait until `look` finds something, and answer that."""
    ends = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < ends, "what was waited for did not come"
        time.sleep(_LOOK)
    return found
