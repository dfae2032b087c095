"""The backtest."""

from contracts.message import Event, FileRef


class ScoreBacktested(Event):
    """The scores of a market were tested against what happened."""

    market: str
    backtest: FileRef
