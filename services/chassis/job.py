"""What a handler is given besides its arguments: who asked, the store, the files, and a way to say how far it is."""

from dataclasses import dataclass

from contracts.run import Progress
from services.chassis.cause import Cause
from services.chassis.errors import NotYetWritten
from services.chassis.files import Files
from services.chassis.office import OfficeReporter
from services.chassis.settings import Settings
from services.chassis.store import Document, Store


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt of a handler; `deadline` (s since 1970) is when it will be ended from outside."""

    cause: Cause
    store: Store
    files: Files
    reporter: OfficeReporter
    settings: Settings
    deadline: float

    @property
    def run_id(self) -> str:
        """The run that this attempt belongs to."""
        return self.cause.run_id

    def progress(self, done: int, total: int, unit: str, stage: str | None = None) -> None:
        """Say that `done` of `total` are through, and what comes now."""
        self.reporter.report_progress(Progress(done=done, total=total, unit=unit, stage=stage))

    async def need(self, collection: str, key: str) -> Document:
        """A document that was told of; raises `NotYetWritten`, which is tried again, when it is not there."""
        document = await self.store.get(collection, key)
        if document is None:
            raise NotYetWritten(f"{collection} has no {key} (yet)")
        return document
