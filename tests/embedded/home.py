"""A house's folder, and the real command line in processes of its own that work in it."""

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
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
        self.started: list[subprocess.Popen[str]] = []

    def start(self, *words: object) -> subprocess.Popen[str]:
        """Start a command in a process group of its own."""
        environment = {**os.environ, "SCOUT_HOME": str(self.folder), "SCOUT_WORKERS": "1"}
        process = subprocess.Popen(
            [sys.executable, "-m", "services.cli", *map(str, words)],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self.started.append(process)
        return process

    def run(self, *words: object) -> Ended:
        """Run a command to its end."""
        process = self.start(*words)
        stdout, stderr = process.communicate(timeout=PATIENCE)
        return Ended(process.returncode, stdout, stderr)

    def json(self, *words: object) -> Any:
        """Run a command that must succeed, and answer what it printed as JSON."""
        ended = self.run(*words, "-o", "json")
        assert ended.code == 0, ended.stderr
        return json.loads(ended.stdout)

    @contextlib.contextmanager
    def served(self) -> Iterator["Served"]:
        """Keep `scout serve` running on a free port."""
        process = self.start("serve", "--port", "0")
        assert process.stderr is not None
        said = process.stderr.readline()
        assert "Scout serves at http://" in said, said + process.stderr.read()
        url = json.loads((self.folder / "house.json").read_text())["url"]
        with httpx.Client(base_url=url, timeout=PATIENCE, trust_env=False) as api:
            yield Served(self, process, api)

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
            kill(process)


class Served:
    """A house that serves, and the way to its API."""

    def __init__(self, home: Home, process: subprocess.Popen[str], api: httpx.Client) -> None:
        self.home, self.process, self.api = home, process, api

    def get(self, path: str) -> Any:
        """The JSON of a resource."""
        answer = self.api.get(path)
        assert answer.is_success, answer.text
        return answer.json()

    def done(self, path: str, body: object) -> dict[str, Any]:
        """Ask for work and wait until its run is done; answer the run."""
        accepted = self.api.post(path, json=body)
        assert accepted.status_code == 202, accepted.text  # noqa: PLR2004 - accepted
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


def kill(process: subprocess.Popen[str]) -> None:
    """`kill -9` for a command and all of its children."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def eventually(look: Callable[[], T | None]) -> T:
    """Wait until `look` finds something, and answer that."""
    ends = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < ends, "what was waited for did not come"
        time.sleep(_LOOK)
    return found
