"""One house per folder: a lock that the operating system lets go of when its holder dies."""

import json
import os
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from services.chassis.errors import HouseInUse


class HouseLock:
    """Holds a house's folder, and says beside the lock where the house serves."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = FileLock(home / "house.lock")
        self._note = home / "house.json"

    def acquire(self) -> None:
        """Take the folder; raises `HouseInUse`, which knows where its holder serves, when it is taken."""
        try:
            self._home.mkdir(parents=True, exist_ok=True)
            self._lock.acquire(timeout=0)
        except Timeout:
            raise self._in_use() from None
        except OSError as exc:
            raise HouseInUse(
                f"The folder {self._home} cannot be used: {exc.strerror or exc}. Choose another one with SCOUT_HOME.",
                None,
            ) from exc
        self.say(None)

    def say(self, url: str | None) -> None:
        """Write down where the house serves."""
        self._note.write_text(json.dumps({"pid": os.getpid(), "url": url}))

    def release(self) -> None:
        """Give the folder back."""
        self._note.unlink(missing_ok=True)
        self._lock.release()

    def serving(self) -> str | None:
        """Where the house that holds the folder serves; `None` when none does. The folder is not taken."""
        url: str | None = self._said()["url"]
        if url is None:
            return None
        try:
            self.acquire()
        except HouseInUse as exc:
            return exc.url
        self.release()  # whoever wrote the note was killed
        return None

    def _in_use(self) -> HouseInUse:
        note = self._said()
        where = f"it serves at {note['url']}" if note["url"] else "it runs a single command"
        return HouseInUse(
            f"Another Scout (process {note['pid']}) uses the folder {self._home}: {where}. "
            "Wait until it ends, stop it, or choose another folder with SCOUT_HOME.",
            note["url"],
        )

    def _said(self) -> dict[str, Any]:
        """What the last holder wrote down."""
        try:
            note: dict[str, Any] = json.loads(self._note.read_text())
        except (OSError, ValueError):
            return {"pid": "?", "url": None}
        return note
