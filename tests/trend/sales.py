"""Files of sales that tests bring: small ones in which only what matters is named."""

from datetime import date
from typing import Any

from contracts.message import FileRef
from contracts.observation import Upload
from services.trend.importing import Imported, import_table

TODAY = date(2026, 1, 1)


def upload(**fields: Any) -> Upload:
    """An upload of a file into the market `shop`."""
    usual = {
        "market": "shop",
        "tz": "Europe/Moscow",
        "filename": "sales.csv",
        "file": FileRef(key="uploads/1.csv", sha256="0" * 64, size=1),
    }
    return Upload(**(usual | fields))


def bring(content: bytes | str, **fields: Any) -> Imported:
    """Import a file; text is UTF-8."""
    return import_table(content.encode() if isinstance(content, str) else content, upload(**fields), "import-1", TODAY)


def lines(*rows: str) -> str:
    """The text of a CSV."""
    return "\n".join(rows) + "\n"
