from datetime import date

import pytest
from pydantic import ValidationError

from contracts.analysis import AnalyzeParams, Opportunity, Term
from contracts.panel import BacktestParams


def test_an_analysis_needs_no_parameter() -> None:
    """Everything has a default: eight weeks, both languages, the fast tier."""
    asked = AnalyzeParams.from_json("{}")

    assert (asked.as_of, asked.horizon, asked.lang, asked.tier, asked.model) == (None, 8, ("ru", "en"), "fast", None)


@pytest.mark.parametrize(
    "body", ['{"horizon": 0}', '{"lang": ["de"]}', '{"tier": "magic"}', '{"as_off": "2017-11-05"}']
)
def test_a_wrong_parameter_is_refused(body: str) -> None:
    """Out of range, unknown, or misspelt."""
    with pytest.raises(ValidationError):
        AnalyzeParams.from_json(body)


def test_a_day_travels_as_text() -> None:
    """JSON has no dates."""
    asked = AnalyzeParams(as_of=date(2017, 11, 5))

    assert b'"as_of":"2017-11-05"' in asked.to_json()
    assert AnalyzeParams.from_json(asked.to_json()) == asked


def test_an_unknown_term_is_left_out_of_the_json() -> None:
    """Absent is not zero, and not null either."""
    assert Term(name="level", unit="log money").to_json() == b'{"name":"level","unit":"log money"}'


def test_no_number_that_is_none_may_travel() -> None:
    """NaN and infinity are refused where the shape is made."""
    for value in (float("nan"), float("inf")):
        with pytest.raises(ValidationError):
            Term(name="level", raw=value, unit="log money")
        with pytest.raises(ValidationError):
            Opportunity(kind="price_gap", where="1-2", size=1.0, evidence={"ratio": value})


def test_a_backtest_names_its_market() -> None:
    """The rest has defaults."""
    asked = BacktestParams.from_json('{"market": "demo"}')

    assert (asked.horizon, asked.level, asked.seed, asked.weights) == (8, None, 0, None)
    with pytest.raises(ValidationError):
        BacktestParams.from_json("{}")
