"""A service whose attempts end in every way that a process can end, and the child that runs it for the pool."""

import os
import signal
import sys
import threading
from collections.abc import AsyncIterator
from multiprocessing.connection import Connection

from contracts.analysis import AnalysisCompleted, AnalysisFailed, AnalyzeParams
from services.chassis import pool
from services.chassis.job import Job
from services.chassis.service import Answer, Service
from services.chassis.settings import Settings
from tests.examples import analysis_completed

run_child = pool.child_main
service = Service("analysis")


@service.command("scout.tasks.analyze_niche")
async def analyze_niche(
    niche_id: str, params: AnalyzeParams, *, job: Job
) -> AsyncIterator[Answer | AnalysisCompleted | AnalysisFailed]:
    """Do what the niche's name says."""
    del params
    job.progress(1, 2, "stages")
    if niche_id == "broken":
        raise ValueError("boom")
    if niche_id == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    if niche_id == "hanging":
        threading.Event().wait()
    yield analysis_completed(niche_id=niche_id, niche_name=str(os.getpid()))


def child_main(pipe: Connection, settings: Settings) -> None:
    """The pool's own child, which finds this service where it looks for the analysis."""
    sys.modules["services.analysis.tasks"] = sys.modules[__name__]
    run_child(pipe, settings)
