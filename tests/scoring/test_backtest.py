"""The judge: a planted signal is found, a placebo is not, and a leak fails the verdict."""

from typing import Any

import pytest

from contracts.backtest import Backtest, Statement, TableRow
from contracts.message import FileRef
from contracts.model import shipped_weights
from services.scoring.backtest import backtest, headline
from tests.scoring.niches import weights
from tests.scoring.panels import CUTS, HONEST, LAUNCHES, NICHES, built, market

GROWTH = {"forecast_growth": 1.0, "momentum_4w": 1.0, "level": -0.5}
ENTRY = {"revenue_per_listing": 1.0}


def judged(event: dict[str, Any] | None = None, model: Any = None, **fields: Any) -> Backtest:
    """A market in which both claims are true, judged."""
    panel, launches = market(**({"growth": GROWTH, "entry": ENTRY, "noise": 2.0} | fields))
    return backtest(panel, launches, model or shipped_weights(), built(**(event or {})))


HELD = judged()


def row(of: Backtest, score: str, outcome: str) -> TableRow:
    """One row of the table."""
    return next(each for each in of.table if (each.score, each.outcome) == (score, outcome))


def said(of: Backtest, code: str) -> Statement:
    """One statement of the verdict."""
    return next(each for each in of.verdict if each.code == code)


def test_a_planted_signal_is_found_on_both_sides() -> None:
    """Rho and hits are well above chance, and the verdict says so in both languages."""
    growth, entry = row(HELD, "growth", "growth"), row(HELD, "entry", "entry")

    assert growth.lo > 0.3
    assert growth.hit > growth.hit_lo > growth.chance == 0.25
    assert entry.lo > 0.2
    assert entry.hit > entry.chance == 0.5 > entry.bottom_hit
    assert HELD.passed
    assert said(HELD, "growth.holds").en.startswith("Growth holds")
    assert said(HELD, "entry.holds").ru.startswith("Вход подтверждён")


def test_the_score_stands_beside_what_it_must_beat() -> None:
    """Scout's own comes first, the others by rho, each with its distance from Scout's."""
    names = [each.score for each in HELD.table if each.outcome == "growth"]

    assert names[0] == "growth"
    assert set(names) >= {"random", "level", "momentum_8w", "momentum_4w", "forecast_growth", "revenue_per_seller"}
    coin = row(HELD, "random", "growth")
    assert coin.lo < 0 < coin.hi
    assert coin.ahead == pytest.approx(row(HELD, "growth", "growth").rho - coin.rho)
    assert coin.ahead_lo is not None
    assert coin.ahead_lo > 0
    assert "a coin" in said(HELD, "against.ahead").en


def test_where_nothing_can_be_foretold_nothing_is_claimed() -> None:
    """Pure noise: neither claim holds, and the market does not pass."""
    noise = judged(growth={}, entry={}, seed=1)

    assert not noise.passed
    assert {said(noise, f"{side}.open").holds for side in ("growth", "entry")} == {False}


def test_a_score_that_runs_against_what_happens_is_called_wrong() -> None:
    """Not merely unproved."""
    turned = judged(growth={name: -weight for name, weight in GROWTH.items()})

    assert not turned.passed
    assert said(turned, "growth.reversed").holds is False


def test_a_leak_fails_the_verdict_whatever_the_figures() -> None:
    """A term that changes with the future makes every figure worthless."""
    leaking = judged({"leakage": HONEST.model_copy(update={"max_difference": 0.01})})

    assert row(leaking, "growth", "growth") == row(HELD, "growth", "growth")
    assert not leaking.passed
    assert said(leaking, "leakage.failed").holds is False


def test_a_past_that_is_not_purged_fails_the_verdict() -> None:
    """Scores that have seen the outcome prove nothing."""
    assert not judged({"purged": False}).passed


def test_a_score_too_good_to_be_true_is_told() -> None:
    """It still passes, but the reader is warned to look for a leak first."""
    clear = judged(noise=0.3)

    assert row(clear, "growth", "growth").rho > 0.5
    assert said(clear, "suspicious").params["outcome"] == "growth"


def test_without_launches_entry_is_not_tested_and_growth_decides() -> None:
    """Not tested is neither held nor failed."""
    panel, launches = market(growth=GROWTH)
    found = backtest(panel, launches.clear(), shipped_weights(), built())

    assert said(found, "entry.untested").holds is None
    assert {each.outcome for each in found.table} == {"growth"}
    assert found.passed
    told = headline(found, FileRef(key="k", sha256="c" * 64, size=1))
    assert (told.entry_rho, told.top_decile_win, told.launched) == (None, None, 0)


def test_a_market_without_sellers_leaves_out_what_needs_them() -> None:
    """A baseline that cannot be computed is absent, not zero."""
    panel, launches = market(growth=GROWTH)
    blind = panel.with_columns(revenue_per_seller=None, concentration=None)
    names = {each.score for each in backtest(blind, launches, shipped_weights(), built()).table}

    assert "revenue_per_seller" not in names
    assert "momentum_4w" in names


def test_the_same_panel_seed_and_weights_give_the_same_figures() -> None:
    """Whoever repeats it can compare to the last digit; another seed or other weights have another id."""
    assert judged() == HELD
    assert judged({"seed": 1}).id != HELD.id
    assert judged(model=weights(growth={"level": 1.0})).id != HELD.id


def test_the_headline_is_the_table_in_short() -> None:
    """What a list of backtests shows, without opening the file."""
    told = headline(HELD, FileRef(key="k", sha256="c" * 64, size=1))
    growth, entry = row(HELD, "growth", "growth"), row(HELD, "entry", "entry")

    assert (told.growth_rho, told.growth_lo, told.growth_hi, told.growth_hit) == (
        growth.rho,
        growth.lo,
        growth.hi,
        growth.hit,
    )
    assert (told.entry_rho, told.top_decile_win) == (entry.rho, entry.hit)
    assert (told.cuts, told.n, told.launched, told.passed) == (
        len(CUTS),
        NICHES * len(CUTS),
        LAUNCHES * len(CUTS),
        True,
    )


def test_a_backtest_survives_its_file() -> None:
    """It is written as JSON and read back whole."""
    assert Backtest.from_json(HELD.to_json()) == HELD
