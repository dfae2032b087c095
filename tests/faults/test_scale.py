"""Scaled out, the house does the same work, together; scaled down in the middle, it loses nothing."""

from collections import Counter

from tests.compose.house import ComposeHouse
from tests.faults.conftest import NARROW, WIDE, Scored, scaled
from tests.faults.market import NICHES, SOME, Desk, Scores, furthest

IN_HAND = 3


def test_every_replica_works_and_the_scores_are_those_of_the_embedded_house(
    desk: Desk, scored: Scored, embedded: Scores
):
    """Each niche is analysed and scored once, each replica did a tenth of it at least, and no number differs."""
    found, hosts = scored.scores, desk.stats(scored.batch)

    assert embedded.keys() == found.keys()
    assert max(furthest(found[niche], embedded[niche]) for niche in found) <= 1e-9
    assert Counter({"analysis": 3, "scoring": 2}) == Counter(host["service"] for host in hosts)
    assert min(host["share"] for host in hosts) >= 10, hosts
    assert NICHES == sum(host["attempts"] for host in hosts if host["service"] == "analysis")
    assert [] == desk.letters()


def test_scaling_down_in_the_middle_repeats_at_most_what_was_in_hand(desk: Desk, scored: Scored, wide: ComposeHouse):
    """Two of three replicas of analysis leave while a market is worked off: every run ends done."""
    batch = desk.analyze(sorted(scored.scores)[:SOME])
    desk.wait(batch, SOME // 5)

    scaled(wide, NARROW)
    desk.wait(batch, SOME)
    scaled(wide, WIDE)

    attempts = sum(host["attempts"] for host in desk.stats(batch) if host["service"] == "analysis")
    assert SOME <= attempts <= SOME + IN_HAND
    assert [] == desk.letters()
