"""What can be wrong with a table that someone brings."""


class TableError(Exception):
    """A table that cannot be imported at all.

    Args:
        what: what happened, without a full stop.
        why: what was seen that made it so.
        action: what the person who brought the table can do.
    """

    def __init__(self, what: str, why: str, action: str) -> None:
        super().__init__(f"{what}: {why}. {action}")
        self.what = what
        self.why = why
        self.action = action
