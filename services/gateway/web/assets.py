"""Style, script and mark of the pages: read once, served under names that change with their content."""

import hashlib
from pathlib import Path

from fastapi import Response

FOLDER = Path(__file__).parents[1] / "static"
_MEDIA = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


def _named(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return f"{path.stem}.{digest}{path.suffix}"


_NAMES = {path.name: _named(path) for path in sorted(FOLDER.iterdir()) if path.suffix in _MEDIA}
_CONTENT = {_NAMES[path.name]: path.read_bytes() for path in sorted(FOLDER.iterdir()) if path.suffix in _MEDIA}


def asset(name: str) -> str:
    """The address of a file of ours; raises `KeyError` for one that does not exist."""
    return f"/static/{_NAMES[name]}"


def asset_response(name: str) -> Response | None:
    """A file by the name in its address, to be kept for ever; `None` for a name that is not, or no longer, served."""
    content = _CONTENT.get(name)
    if content is None:
        return None
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type=_MEDIA[Path(name).suffix], headers=headers)
