"""Files that nothing names: removed after 48 hours, and no other."""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contracts.message import FileRef
from services.chassis.answers import stamp
from services.chassis.files import LocalFiles
from services.chassis.store_sqlite import SqliteStore
from services.journal import orphans
from services.journal.orphans import DERIVED, NAMING, OTHERS, Orphans

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ROOT = Path(__file__).parents[2]


class Lumber:
    """A file store whose files are as old as a test says."""

    def __init__(self, home: Path) -> None:
        self.store, self.files = SqliteStore(home / "store.sqlite"), LocalFiles(home / "files")
        self.sweep = Orphans(self.store, self.files)

    def put(self, content: str, hours: float) -> FileRef:
        ref = self.files.put("parts", content.encode(), ".parquet")
        self.age(self.files.root / ref.key, hours)
        return ref

    def age(self, path: Path, hours: float) -> None:
        at = (NOW - timedelta(hours=hours)).timestamp()
        os.utime(path, (at, at))

    def left(self) -> set[str]:
        return {path.relative_to(self.files.root).as_posix() for path in self.files.root.rglob("*") if path.is_file()}


@pytest.fixture
async def lumber(tmp_path: Path):
    found = Lumber(tmp_path)
    yield found
    await found.store.close()


async def test_what_nothing_names_is_removed_after_48_hours(lumber: Lumber):
    """An older file goes, and what a killed writer left beside it; a younger one may still be named."""
    old, young = lumber.put("old", 49), lumber.put("young", 47)
    half = lumber.files.root / "parts" / ".tmp1234"
    half.write_bytes(b"ha")
    lumber.age(half, 49)

    await lumber.sweep.once(NOW)

    assert {young.key} == lumber.left() - {old.key}
    assert old.key not in lumber.left()


@pytest.mark.parametrize("collection", NAMING)
async def test_what_a_document_names_stays(lumber: Lumber, monkeypatch: pytest.MonkeyPatch, collection: str):
    """Wherever in the document: a request's arguments, the text of an event's body; on whichever page of the store."""
    monkeypatch.setattr(orphans, "_PAGE", 2)
    deep, text = lumber.put("deep", 100), lumber.put("text", 100)
    await lumber.store.insert_many(collection, [{"_id": str(number)} for number in range(3)])
    await lumber.store.insert(collection, {"_id": "3", "arguments": {"file": deep.model_dump()}})
    await lumber.store.insert(collection, {"_id": "4", "body": text.to_json().decode()})

    await lumber.sweep.once(NOW)

    assert {deep.key, text.key} == lumber.left()


async def test_it_looks_once_a_day_whoever_opens_the_house(lumber: Lumber):
    """A house that is opened a hundred times a day reads its store once."""
    await lumber.sweep.once(NOW)
    ref = lumber.put("old", 100)

    await Orphans(lumber.store, lumber.files).once(NOW + timedelta(hours=23))
    assert {ref.key} == lumber.left()

    await Orphans(lumber.store, lumber.files).once(NOW + timedelta(hours=24))
    assert set() == lumber.left()


async def test_a_file_that_is_put_again_meanwhile_stays(lumber: Lumber):
    """Whoever puts the same content while the store is read gets a file that lasts."""
    lumber.put("again", 100)
    older = lumber.files.older

    def put_after_looking(than: datetime) -> list[str]:
        found = older(than)
        lumber.put("again", 0)
        return found

    lumber.files.older = put_after_looking  # type: ignore[method-assign] # the moment between look and removal
    await lumber.sweep.once(NOW)

    assert 1 == len(lumber.left())


async def test_the_journal_looks(lumber: Lumber):
    """A mark in the store says when it last did."""
    await lumber.sweep.once(NOW)

    assert {"_id": "files", "at": stamp(NOW)} == await lumber.store.get("marks", "files")


def test_every_collection_is_known_to_name_files_or_not():
    """A new collection is entered in orphans.py, so that no file of it is taken for an orphan."""
    calls = re.compile(r'store\.(?:insert|insert_many|replace)\(\s*"([a-z_]+)"')
    texts = (path.read_text(encoding="utf-8") for path in (ROOT / "services").rglob("*.py"))
    written = {name for text in texts for name in calls.findall(text)}

    assert set() == written - {*NAMING, *DERIVED, *OTHERS}
