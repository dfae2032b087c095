"""What can be wanting in a market's history; the texts are for a person."""


class NothingObservedError(ValueError):
    """A market has no observations up to the day that was asked for."""


class TooLittleHistoryError(ValueError):
    """A market is too short for one cut with its outcome."""
