"""The compose house scaled out, with the demo market in it; and what the embedded house makes of the same market."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.compose.house import ComposeHouse
from tests.embedded.home import Home
from tests.faults.market import AS_OF, MARKET, NICHES, Desk, Scores


class Scored(NamedTuple):
    """A bulk analysis of the whole market: its batch, and the leaderboard after it."""

    batch: str
    scores: Scores


WIDE, NARROW = "analysis=3 --scale scoring=2", "analysis=1 --scale scoring=1"


@pytest.fixture(scope="package")
def wide(house: ComposeHouse) -> Iterator[ComposeHouse]:
    """Three of analysis and two of scoring, as `--scale` makes them; back to one of each afterwards."""
    scaled(house, WIDE)
    yield house
    scaled(house, NARROW)


@pytest.fixture(scope="package")
def desk(wide: ComposeHouse) -> Desk:
    """The gateway, with the market imported."""
    desk = Desk(wide)
    desk.import_market()
    return desk


@pytest.fixture(scope="package")
def scored(desk: Desk) -> Scored:
    """The whole market worked off by the wide house."""
    batch = desk.analyze()
    desk.wait(batch, NICHES)
    return Scored(batch, desk.scores())


@pytest.fixture(scope="package")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Scores:
    """The same market scored by the house in one process."""
    home = Home(tmp_path_factory.mktemp("embedded") / "home")
    home.json("import", "--builtin", MARKET, "-q")
    home.json("niche", "analyze", "--all", "--as-of", AS_OF, "-q")
    rows = home.json("top", "-n", str(NICHES))["items"]
    home.close()
    return {row["score"]["niche_id"]: row["score"] for row in rows}


def scaled(house: ComposeHouse, how: str) -> None:
    """Scale a running house, as a person does."""
    house.project.compose(f"up -d --wait --no-build --no-recreate --scale {how}")
