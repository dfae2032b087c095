"""A small market that somebody at the command line had scored by the house in containers."""

from typing import Any

import pytest

from tests.compose.house import ComposeHouse
from tests.embedded import shop
from tests.embedded.home import Home

NICHES = 4


@pytest.fixture(scope="package")
def answers(house: ComposeHouse, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the command line says to somebody who has nothing but the house's address, once a market is scored."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCOUT_URL", house.url)
        there = Home(tmp_path_factory.mktemp("client") / "home")
        table = shop.write(there.folder.parent / "sales.csv")
        there.json("import", table, "--market", shop.MARKET, "--name", "My shop", "--currency", "RUB", "-q")
        for number in range(shop.NICHES - NICHES, shop.NICHES):
            there.json("niche", "analyze", shop.name(number), "-q")
        top, letters = there.json("top", "--market", shop.MARKET), there.json("letter", "list")
        return {"top": top["items"], "letters": letters["items"], "doctor": there.json("doctor")["items"]}
