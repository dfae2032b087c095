"""The errors of the chassis, named by what is to be done about them."""


class ScoutError(Exception):
    """An error that a person can read: what happened, why, and what to do."""


class DependencyDown(ScoutError):
    """The store, a file or a source is away. It is tried again for a day, and no counter is raised."""


class NotYetWritten(ScoutError):
    """Something that was told is not in the store yet. It is tried again, and failed only over its budget."""


class Refused(ScoutError):
    """A message that the house does not accept; the text names the field."""


class Duplicate(ScoutError):
    """A document with this id is written already."""


class PublishFailed(ScoutError):
    """The broker did not take a message: not routed, not allowed, or no answer in time."""


class HouseInUse(ScoutError):
    """Another process runs the house in this folder; `url` is where it serves, if it does."""

    def __init__(self, text: str, url: str | None) -> None:
        super().__init__(text)
        self.url = url
