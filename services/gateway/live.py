"""What is known only while it happens: how far a run is."""

from collections import OrderedDict

import structlog
from pydantic import ValidationError

from contracts.run import Progress
from contracts.status import StatusReported
from services.chassis.bus import Bus

log = structlog.get_logger(__name__)
_KEPT = 1000


class Live:
    """The newest progress of each run, of the latest thousand. `listening` says that the bus carries to us."""

    def __init__(self) -> None:
        self.listening = False
        self._progress: OrderedDict[str, Progress] = OrderedDict()

    async def run(self, bus: Bus) -> None:
        """Listen until cancelled."""
        async with bus.listen("gateway", "status.reported") as messages:
            self.listening = True
            try:
                async for message in messages:
                    self._hear(message.body)
            finally:
                self.listening = False

    def progress(self, run_id: str) -> Progress | None:
        """How far a run is, if it said so."""
        return self._progress.get(run_id)

    def _hear(self, body: bytes) -> None:
        try:
            status = StatusReported.from_json(body)
        except ValidationError as exc:
            log.warning("status not understood", error=str(exc))
            return
        if status.run_id is None or status.progress is None:
            return
        self._progress[status.run_id] = status.progress
        self._progress.move_to_end(status.run_id)
        if len(self._progress) > _KEPT:
            self._progress.popitem(last=False)
