"""Pages as tests ask for them, and the houses that they are of."""

from datetime import date

import httpx

from contracts.analysis import RedFlag
from contracts.message import scout_id
from contracts.run import AttemptNoted
from contracts.score import Estimate, Evidence, Gate
from services.gateway.deps import Deps
from tests.examples import NOON
from tests.gateway import world
from tests.gateway.web.html import Element, read

LANGS = ("en", "ru")


async def seen(http: httpx.AsyncClient, path: str, status: int = 200, **params: str | list[str]) -> Element:
    """A page, read."""
    answer = await http.get(path, params=params or None, headers={"Accept": "text/html"})
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return read(answer.text)


def rows(page: Element) -> list[list[str]]:
    """The cells of a leaderboard: rank and name."""
    [body] = page.all("tbody")
    return [[row.all("td", class_="rank")[0].text, row.all("th")[0].all("a")[0].text] for row in body.all("tr")]


async def five(deps: Deps) -> None:
    """A market of five niches: flagged, gated, two equal in nothing, one without a score."""
    await world.market(deps)
    flag = RedFlag(code="spike", value=0.63, limit=0.5)
    more = RedFlag(code="small_turnover", value=11.0, limit=42.5)
    gate = Gate(name="hhi", value=0.7, limit=0.6, at_least=False, cap=40.0, passed=False, points=-30.0)
    few = Evidence(fact="weeks", value=7.0, least=16.0, enough=False)
    await world.scored(deps, "TEA", 88.0, growth=Estimate(score=60.0, lo=50.0, hi=70.0))
    await world.scored(deps, "Milk", 40.0, verdict="avoid", gates=(gate,))
    await world.scored(deps, "Eggs", 71.5, verdict="watch", growth=Estimate(score=90.0, lo=80.0, hi=95.0))
    await world.scored(deps, "Zucchini", None, evidence=(few,), reasons=("weeks",))
    await world.scored(deps, "Apples", None, reasons=("growth_terms",), as_of=date(2017, 10, 29))
    for name, flags in (("TEA", (flag, more)),):
        key = scout_id("shop", "category", name)
        row = await deps.store.get("leaderboard", key)
        fields = {"flags": [one.model_dump() for one in flags], "sellers": 32.0, "hhi": 0.1}
        await deps.store.replace("leaderboard", {**row, **fields})


async def failed_run(reason: str) -> dict[str, object]:
    """A run that failed for a reason."""
    at = NOON.isoformat()
    run = {"_id": scout_id("bad"), "kind": "scout.tasks.analyze_niche", "state": "failed", "started_at": at}
    return run | {"finished_at": at, "reason": reason, "stages": [], "counts": {}}


async def begun(http: httpx.AsyncClient, deps: Deps) -> tuple[str, str]:
    """A run that works at its second attempt, and its niche."""
    await world.market(deps)
    tea = await world.niche(deps, "Tea")
    run_id = (await http.post(f"/v1/niches/{tea}/analyses")).json()["id"]
    for n, reason in ((1, None), (2, "lost: the worker was killed")):
        noted = AttemptNoted(
            task="scout.tasks.analyze_niche", service="analysis", attempt=n, errors=0, losses=n - 1, reason=reason
        )
        at = world.now()
        await world.write(deps, world.message(noted, "analysis", run_id, at, cause=run_id))
    return run_id, tea
