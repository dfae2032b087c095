from pathlib import Path

import pytest

from contracts.message import FileRef
from services.chassis.errors import DependencyDown, NotYetWritten
from services.chassis.files import LocalFiles


def test_a_file_is_named_by_what_it_holds(tmp_path: Path):
    """The same content is one file; its key says its room, sha256 and suffix."""
    files = LocalFiles(tmp_path)

    first, second = files.put("parts", b"tea", ".csv"), files.put("parts", b"tea", ".csv")

    assert first == second
    assert f"parts/{first.sha256}.csv" == first.key
    assert b"tea" == files.read(first)
    assert [first.key] == [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()]


def test_a_missing_file_may_still_come(tmp_path: Path):
    """Reading a file that is not there is tried again."""
    with pytest.raises(NotYetWritten, match="not there"):
        LocalFiles(tmp_path).read(FileRef(key="parts/x", sha256="0" * 64, size=1))


def test_a_changed_file_is_not_believed(tmp_path: Path):
    """A file whose content no longer fits its name is an error."""
    files = LocalFiles(tmp_path)
    ref = files.put("parts", b"tea", ".csv")
    (tmp_path / ref.key).write_bytes(b"coffee")

    with pytest.raises(DependencyDown, match="does not hold what it held"):
        files.read(ref)


def test_a_key_cannot_leave_the_folder(tmp_path: Path):
    """A key with dots in it reaches nothing outside."""
    with pytest.raises(ValueError, match="leads out"):
        LocalFiles(tmp_path / "files").delete("../secret")


def test_deleting_twice_is_no_error(tmp_path: Path):
    """A file that is gone is gone."""
    files = LocalFiles(tmp_path)
    ref = files.put("parts", b"tea", ".csv")

    files.delete(ref.key)
    files.delete(ref.key)

    assert not (tmp_path / ref.key).exists()
