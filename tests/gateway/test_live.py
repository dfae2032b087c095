import asyncio

from contracts.run import Progress
from contracts.status import SCOUT_AGENT, Source, StatusReported
from services.chassis.bus_local import LocalBus
from services.gateway import live
from services.gateway.live import Live
from tests.examples import NOON, event_from


def status(run_id: str | None, done: int | None) -> StatusReported:
    """What a worker says while it works."""
    progress = None if done is None else Progress(done=done, total=9, unit="niches")
    source = Source(service="trend", host="here", pid=1, boot="1", seq=1)
    return StatusReported(
        agent=SCOUT_AGENT, source=source, state="working", sent_at=NOON, run_id=run_id, progress=progress
    )


async def test_the_newest_progress_of_a_run_is_heard_on_the_bus():
    """What was said last counts; a status without progress, or that nobody can read, changes nothing."""
    bus, heard = LocalBus(), Live()
    task = asyncio.create_task(heard.run(bus))
    await asyncio.sleep(0)

    for one in (status("run", 1), status("run", 2), status("run", None), status(None, 3)):
        await bus.publish(event_from("trend", one), confirm=False)
    heard._hear(b"{}")
    await asyncio.sleep(0)

    assert heard.listening
    assert heard.progress("run") == Progress(done=2, total=9, unit="niches")
    assert heard.progress("other") is None
    task.cancel()


def test_only_the_latest_runs_are_kept(monkeypatch):
    """However long the gateway lives, its memory of progress stays small."""
    monkeypatch.setattr(live, "_KEPT", 2)
    heard = Live()

    for run_id in ("a", "b", "a", "c"):
        heard._hear(status(run_id, 1).to_json())

    assert [heard.progress(run_id) is not None for run_id in ("a", "b", "c")] == [True, False, True]
