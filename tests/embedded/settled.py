"""What holds of a house in which a whole market was analysed, however often it was killed on the way."""

import json
from collections import Counter

from tests.embedded import shop
from tests.embedded.home import Home

ANALYZE = "scout.tasks.analyze_niche"


def ended(home: Home) -> int:
    """How many of the accepted analyses have an outcome."""
    return len(home.documents("outcomes").keys() & asked(home))


def asked(home: Home) -> set[str]:
    """The runs of all analyses that were accepted."""
    return set(home.documents("requests", kind=ANALYZE))


def check(home: Home) -> None:
    """Every accepted run has one outcome, one analysis and the score of that analysis; every niche has one row."""
    runs = asked(home)
    outcomes, written = home.documents("outcomes"), home.documents("runs")
    analyses = home.documents("events", type="analysis.completed").values()
    scores = home.documents("events", type="opportunity.scored").values()
    board = home.documents("leaderboard")

    assert len(runs) == shop.NICHES
    assert {"done"} == {outcomes[run]["state"] for run in runs} == {written[run]["state"] for run in runs}
    assert Counter(runs) == Counter(event["correlation_id"] for event in analyses)
    assert Counter(runs) == Counter(event["correlation_id"] for event in scores)
    assert {outcomes[run]["event_id"] for run in runs} == {score["_id"] for score in scores}
    assert {event["analysis_id"] for event in analyses} == {told["score"]["analysis_id"] for told in map(data, scores)}
    assert {row["event_id"] for row in board.values()} == {score["_id"] for score in scores}
    assert sorted(board) == sorted(home.documents("niches"))
    assert home.documents("dead_letters") == {}
    seqs = [entry["seq"] for entry in home.documents("log").values()]
    assert sorted(set(seqs)) == sorted(seqs)
    assert home.documents("log").keys() == home.documents("events").keys()


def data(event: dict) -> dict:
    """What an event says."""
    return json.loads(event["body"])
