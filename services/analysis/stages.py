"""How far an analysis is, told stage by stage."""

from collections.abc import Callable

from contracts.forecast import Tier

STAGES: dict[Tier, tuple[str, ...]] = {
    "fast": ("rows", "market", "findings", "write"),
    "deep": ("rows", "market", "findings", "learn", "judge", "forecast", "write"),
}
"""What an analysis does, in this order: the findings of the deep tier begin with its forecast."""


class Stages:
    """Tells the stages of one job; one that is entered again, by the next niche of many, is not told again.

    `tell` is given how many stages are through, of how many, the unit and the stage that begins (see `Job.progress`).
    """

    def __init__(self, tell: Callable[[int, int, str, str], None], tier: Tier) -> None:
        self._tell, self._stages, self._told = tell, STAGES[tier], -1

    def enter(self, stage: str) -> None:
        """Say that a stage begins."""
        place = self._stages.index(stage)
        if place > self._told:
            self._told = place
            self._tell(place, len(self._stages), "stages", stage)
