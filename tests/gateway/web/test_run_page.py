from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import httpx
import pytest

from contracts.message import scout_id
from contracts.run import Stage
from services.gateway.api.events import EventView
from services.gateway.deps import Deps
from services.gateway.web.locale import Locale
from services.gateway.web.run_page import Leaf, named, shown_stages, tree
from tests.examples import NOON
from tests.gateway import world
from tests.gateway.web.pages import LANGS, begun, failed_run, seen

EN = Locale("en", ZoneInfo("UTC"))


def event(seq: int, kind: str, cause: str | None = "run", **data: object) -> EventView:
    """A written event, `seq` seconds after the run began; its id is its number."""
    return EventView(
        seq=seq,
        id=str(seq),
        type=kind,
        source="trend",
        time=NOON + timedelta(seconds=seq),
        correlation_id="run",
        causation_id=cause,
        data=data,
    )


def test_events_stand_under_their_causes():
    """A cause that is not of this run is the request; answers keep the order of the journal."""
    events = [
        event(1, "a"),
        event(2, "b", "1"),
        event(3, "c", "2"),
        event(4, "d", None),
        event(5, "e", "1"),
        event(6, "f", "6"),
    ]

    leaves = tree(events, NOON, EN)

    assert [(leaf.level, leaf.seq) for leaf in leaves] == [(0, 1), (1, 2), (2, 3), (1, 5), (0, 4), (0, 6)]
    assert leaves[0].after == "+1.0\xa0s"


async def test_what_an_event_is_about_is_called_by_name(deps: Deps):
    """A subject that begins with a niche's id says its name; what is no niche of ours stays as it was told."""
    tea = await world.niche(deps, "GREEN TEA")
    subjects = (f"{tea}/sales", tea, "7", None)

    leaves = await named(deps, [Leaf(0, "trend.updated", subject=subject) for subject in subjects])

    assert [leaf.subject for leaf in leaves] == ["Green tea/sales", "Green tea", "7", None]


def test_many_that_look_alike_are_counted():
    """The first six are listed with what they caused; one that went another way is always listed."""
    events = [event(n, "trend.updated") for n in range(1, 21)]
    events += [event(100 + n, "attempt.noted", str(n), attempt=1) for n in range(1, 21)]
    events += [event(200, "attempt.noted", "15", attempt=2, reason="lost")]

    leaves = tree(events, NOON, EN)

    listed = [leaf.seq for leaf in leaves if leaf.type == "trend.updated" and not leaf.more]
    assert listed == [1, 2, 3, 4, 5, 6, 15]
    assert [(leaf.type, leaf.more) for leaf in leaves if leaf.more] == [("trend.updated", 13)]
    assert 200 in {leaf.seq for leaf in leaves}


def test_a_long_chain_stays_readable():
    """However deep causes go, they are indented so far only, and nothing breaks."""
    leaves = tree([event(n, "a", str(n - 1)) for n in range(500)], None, EN)

    assert len(leaves) == 500
    assert max(leaf.level for leaf in leaves) == 6


def test_attempts_that_went_well_are_folded_and_others_never():
    """Of many first attempts at one thing six are shown; each repeat is, with its reason."""
    at = datetime(2026, 11, 24, tzinfo=UTC)
    stages = [Stage(name="a", at=at, attempt=1) for _ in range(9)] + [Stage(name="a", at=at, attempt=2, reason="lost")]

    shown, folded = shown_stages(stages)

    assert (len(shown), shown[-1].reason, folded) == (7, "lost", {"a": 3})


@pytest.mark.parametrize("lang", LANGS)
async def test_a_run_that_works_is_followed_with_and_without_a_script(http: httpx.AsyncClient, deps: Deps, lang: str):
    """The script's place says where the stream goes on; without it the page loads itself again."""
    run_id, _ = await begun(http, deps)

    page = await seen(http, f"/runs/{run_id}", lang=lang)
    [live] = page.all("div", id="live")

    assert live.attributes["data-stream"] == f"/v1/runs/{run_id}/stream?after=2"
    assert "opportunity.scored" in (live.attributes["data-types"] or "").split()
    assert page.all("noscript")[0].all("meta")[0].attributes["http-equiv"] == "refresh"
    assert "lost: the worker was killed" in page.all("table", class_="stages")[0].text
    assert [len(one.all("td")) for one in page.all("table", class_="stages")[0].all("tr")[1:]] == [3, 3]


async def test_a_run_whose_events_are_ahead_of_it_runs(http: httpx.AsyncClient, deps: Deps):
    """Before its document is written the page says that it works, and its stream tells the event again."""
    run_id, _ = await begun(http, deps)
    await deps.store.delete("runs", [run_id])

    page = await seen(http, f"/runs/{run_id}", lang="en")

    assert page.all("p", class_="stamp")[0].text == "running"
    assert page.all("div", id="live")[0].attributes["data-stream"] == f"/v1/runs/{run_id}/stream?after=0"


async def test_a_run_that_is_done_shows_its_result_and_needs_no_script(http: httpx.AsyncClient, deps: Deps):
    """Scores with their bars, the niche's address in the API, and what caused what."""
    run_id, tea = await begun(http, deps)
    attempt = (await http.get(f"/v1/runs/{run_id}/events")).json()["items"][0]
    told = world.message(world.score(tea, 70.0), "scoring", run_id, world.now(), cause=attempt["id"])
    await world.write(deps, told)

    page = await seen(http, f"/runs/{run_id}", lang="en")

    assert (page.all("script"), page.all("noscript")) == ([], [])
    assert page.all("h1")[0].text == "Analyse a niche: Tea"
    assert "Opportunity 70 65–75" in page.all("table", class_="scores")[0].text
    assert f"/v1/niches/{tea}" in {link.attributes["href"] for link in page.all("a")}
    levels = [
        (leaf.attributes["class"], leaf.all("code")[0].text) for leaf in page.all("ol", class_="tree")[0].all("li")
    ]
    assert levels == [
        ("l0", "scout.tasks.analyze_niche"),
        ("l1", "attempt.noted"),
        ("l2", "opportunity.scored"),
        ("l1", "attempt.noted"),
    ]


@pytest.mark.parametrize("lang", LANGS)
async def test_a_run_that_failed_says_why(http: httpx.AsyncClient, deps: Deps, lang: str):
    """What, why and what to do, in a box that says error."""
    await deps.store.replace("runs", await failed_run("three weeks are too few"))

    page = await seen(http, f"/runs/{scout_id('bad')}", lang=lang)

    assert "three weeks are too few" in page.all("div", class_="error")[0].text
