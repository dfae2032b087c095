"""The markets that Scout knows without a file, by name: a new one is its file and a line here."""

from collections.abc import Callable
from typing import NamedTuple

from services.trend.importing import Imported
from services.trend.markets import complete_journey


class Builtin(NamedTuple):
    """A market that Scout knows. `read` takes the market's id and the import's, and raises `TableError`."""

    name: str
    currency: str
    tz: str
    read: Callable[[str, str], Imported]


BUILTINS: dict[str, Builtin] = {
    complete_journey.SOURCE: Builtin(
        "Complete Journey", complete_journey.CURRENCY, complete_journey.TZ, complete_journey.read_complete_journey
    ),
}
