import json

from contracts.report import ReportRequest
from services.export.render import render
from tests.export.analysed import analysis
from tests.export.examples import rows


def read(lang: str, kind: str = "leaderboard"):
    """The example report as JSON."""
    asked = {"kind": kind, "market": "demo", "niche_id": "niche-1", "format": "json", "lang": lang}
    request = ReportRequest.model_validate(asked)
    return json.loads(render(request, rows(), analysis()).content)


def test_keys_and_codes_are_the_same_in_every_language() -> None:
    """A program that reads the file does not care who ordered it."""
    english, russian = read("en"), read("ru")

    assert english["tables"] == russian["tables"]
    assert english["units"] == russian["units"]
    assert english["tables"]["scores"][0]["verdict"] == "enter"
    assert english["tables"]["scores"][2]["red_flags"] == [{"code": "spike", "value": 0.634, "limit": 0.5}]


def test_what_is_not_known_is_left_out() -> None:
    """No null, no zero in its place."""
    last = read("en")["tables"]["scores"][-1]

    assert {"rank", "opportunity", "sellers"} & last.keys() == set()
    assert last["reasons"][0] == {"fact": "weeks", "value": 7.0, "least": 16.0, "enough": False}
    assert "null" not in json.dumps(read("en", "niche"))


def test_a_niche_names_what_it_stands_on() -> None:
    """Run, analysis and model can be looked up."""
    told = read("en", "niche")

    assert (told["run"], told["analysis"], told["model"]) == ("run", "analysis-1", "3f2a91")
    assert told["as_of"] == "2017-11-05"
