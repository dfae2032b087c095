"""The pulse of a worker's main loop: a file that only who holds a consumer keeps young, and a word to the office."""

import time

from services.chassis.office import OfficeReporter
from services.chassis.settings import Settings

_WORD = 30


class Pulse:
    """Beats `every` so many seconds; every half a minute it tells the office that this source lives."""

    every = 5

    def __init__(self, settings: Settings, reporter: OfficeReporter | None = None) -> None:
        self._file, self._reporter, self._told = settings.pulse_file, reporter, time.monotonic()

    def beat(self) -> None:
        """Say that the loop turns and the broker is there."""
        if self._file is not None:
            self._file.touch()
        if self._reporter is not None and time.monotonic() - self._told >= _WORD:
            self._told = time.monotonic()
            self._reporter.heartbeat()
