"""The panel of past cuts that a backtest judges: terms from the past alone, and what then happened."""

from pydantic import Field

from contracts.message import Event, Failed, FileRef, Input, Shape


class BacktestParams(Input):
    """What to prove: the scores of `market` against its next `horizon` weeks.

    `level` limits the panel to one kind of niche, `seed` fixes every random draw, `weights` absent means the shipped
    ones.
    """

    market: str
    horizon: int = Field(default=8, ge=1, le=26)
    level: str | None = None
    seed: int = 0
    weights: FileRef | None = None


class Leakage(Shape):
    """The exact test: future rows removed, then altered, and every term built again and compared cell by cell."""

    columns: tuple[str, ...]
    cells: int
    max_difference: float


class PanelBuilt(Event):
    """The panel is built: `panel` and `launches` are parquet files, `cuts` counts of past weeks.

    `purged`: every cut's last day is a Sunday, so that no week is partly in its terms and partly in its outcome.
    """

    market: str
    horizon: int
    level: str | None = None
    seed: int = 0
    weights: FileRef | None = None
    panel: FileRef
    launches: FileRef
    cuts: tuple[int, ...]
    niches: int
    leakage: Leakage
    purged: bool
    inputs: tuple[str, ...] = ()


class BacktestFailed(Failed):
    """The scores of a market could not be proved."""

    market: str
