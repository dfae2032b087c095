"""Runs of the toy house, and what must hold when one has ended, on whichever bus and however often it was killed."""

from collections.abc import Awaitable, Callable
from typing import Any

from services.chassis.store import Store

Check = Callable[[Store, str], Awaitable[None]]


async def one_score_of_the_written_analysis(store: Store, run_id: str) -> None:
    """The run has one outcome, and the one score is of the one written analysis."""
    outcome, run = await store.get("outcomes", run_id), await store.get("runs", run_id)
    of_run = {"correlation_id": run_id}
    analyses = await store.find("events", {"type": "analysis.completed", **of_run})
    scores = await store.find("events", {"type": "opportunity.scored", **of_run})

    assert ("done", "done") == (outcome["state"], run["state"])
    assert (1, 1) == (len(analyses), len(scores))
    rows = await store.find("leaderboard", {"event_id": scores[0]["_id"]})
    assert 1 == len(rows)
    assert outcome["event_id"] == scores[0]["_id"]
    nonce = analyses[0]["body"].split('"niche_name":"')[1].split('"')[0]
    assert nonce in scores[0]["body"]
    assert 0 == await store.count("dead_letters", {"run_id": run_id})


async def each_answer_once(store: Store, run_id: str) -> None:
    """An update of two trends has each of its answers once, and one outcome."""
    updated = await store.find("events", {"type": "trend.updated", "correlation_id": run_id})
    closed = await store.find("events", {"type": "trends.refreshed", "correlation_id": run_id})
    outcome = await store.get("outcomes", run_id)

    assert (2, 1) == (len(updated), len(closed))
    assert ("done", closed[0]["_id"]) == (outcome["state"], outcome["event_id"])


async def failed_with_its_reason(store: Store, run_id: str) -> None:
    """A run that fails by the rules of the domain has one outcome with its reason, and no row."""
    outcome = await store.get("outcomes", run_id)

    assert ("failed", "no such niche") == (outcome["state"], outcome["reason"])
    assert 0 == await store.count("leaderboard", {"niche_id": "unknown"})


async def one_dead_letter(store: Store, run_id: str) -> None:
    """Three attempts, a dead letter with its reason, one failed outcome; a crash between may repeat an attempt."""
    outcome = await store.get("outcomes", run_id)
    letters = await store.find("dead_letters", {"run_id": run_id})

    assert ("failed", "ValueError: boom") == (outcome["state"], outcome["reason"])
    assert {"ValueError: boom"} == {letter["reason"] for letter in letters}
    assert {3} == {letter["errors"] for letter in letters}


_ANALYZE = "scout.tasks.analyze_niche"
RUNS: dict[str, tuple[str, dict[str, Any], Check]] = {
    "analysis": (_ANALYZE, {"niche_id": "n", "params": {}}, one_score_of_the_written_analysis),
    "update": ("scout.tasks.update_trend_data", {}, each_answer_once),
    "domain error": (_ANALYZE, {"niche_id": "unknown", "params": {}}, failed_with_its_reason),
    "broken": (_ANALYZE, {"niche_id": "broken", "params": {}}, one_dead_letter),
}
"""A name -> the command, its arguments, and the check of its end."""
