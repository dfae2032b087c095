"""The file store: files named by what they hold, written whole or not at all, never changed."""

import hashlib
import os
import tempfile
from datetime import datetime
from pathlib import Path
from typing import Protocol

from contracts.message import FileRef
from services.chassis.errors import DependencyDown, NotYetWritten


class Files(Protocol):
    """Files by key: `room/name.suffix`, where the name is the sha256 of the content.

    Hashable, so that what was read of a file may be kept.
    """

    def __hash__(self) -> int: ...

    def put(self, room: str, content: bytes, suffix: str) -> FileRef:
        """Keep `content`; the same content in the same room is one file."""

    def read(self, ref: FileRef) -> bytes:
        """The content; raises `NotYetWritten` when it is not there and `DependencyDown` when it is not what it was."""

    def path(self, ref: FileRef) -> Path:
        """A local path of the file, for readers that read parts of it."""

    def delete(self, key: str, *, put_before: datetime | None = None) -> None:
        """Remove a file (only if it was last put before that moment); it is no error when it is not there."""

    def older(self, than: datetime) -> list[str]:
        """The keys of what nobody put since that moment, what a killed writer left included."""


class LocalFiles:
    """Files in a folder. A file is written beside its name, synced, and then renamed: half a file is never seen."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, room: str, content: bytes, suffix: str) -> FileRef:
        digest = hashlib.sha256(content).hexdigest()
        ref = FileRef(key=f"{room}/{digest}{suffix}", sha256=digest, size=len(content))
        target = self._inside(ref.key)
        if target.exists():
            os.utime(target)  # the sweep of unnamed files counts from the last time someone put it
            return ref
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=target.parent, prefix=".", delete=False) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(file.name).rename(target)
        except OSError as exc:
            raise DependencyDown(f"cannot write a file under {room} ({exc}); is the disk full or read-only?") from exc
        return ref

    def read(self, ref: FileRef) -> bytes:
        content = self.path(ref).read_bytes()
        if hashlib.sha256(content).hexdigest() != ref.sha256:
            raise DependencyDown(f"the file {ref.key} does not hold what it held; restore it from a backup")
        return content

    def path(self, ref: FileRef) -> Path:
        path = self._inside(ref.key)
        if not path.exists():
            raise NotYetWritten(f"the file {ref.key} is not there (yet)")
        return path

    def delete(self, key: str, *, put_before: datetime | None = None) -> None:
        path = self._inside(key)
        if put_before is None or _is_older(path, put_before):
            path.unlink(missing_ok=True)

    def older(self, than: datetime) -> list[str]:
        found = (path for path in self.root.rglob("*") if _is_older(path, than))
        return sorted(path.relative_to(self.root).as_posix() for path in found)

    def _inside(self, key: str) -> Path:
        path = (self.root / key).resolve()
        if not path.is_relative_to(self.root.resolve()):
            raise ValueError(f"{key!r} leads out of the file store")
        return path


def _is_older(path: Path, than: datetime) -> bool:
    try:
        return path.is_file() and path.stat().st_mtime < than.timestamp()
    except FileNotFoundError:  # somebody removed it meanwhile
        return False
