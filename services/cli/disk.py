"""A person's own files: read and written here, so that an error names the file."""

from pathlib import Path

from services.cli.errors import CliError, ExitCode
from services.cli.texts import say


def read_text(path: Path) -> str:
    """The text of a file; raises `CliError` for one that is none."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as exc:
        what = say("error.encoding", name=path)
        raise CliError(ExitCode.INVALID_DATA, what, str(exc), say("error.encoding.do")) from exc


def save(content: bytes, target: Path | None, name: str) -> Path:
    """Write a file to `target`: a file, a folder, or (`None`) the `name` in this folder."""
    own = Path(name).name  # a name from elsewhere is no path
    path = Path(own) if target is None else target / own if target.is_dir() else target
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
