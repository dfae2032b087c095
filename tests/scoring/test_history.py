"""The past cut by cut."""

import numpy as np
import polars as pl
import pytest

from contracts.model import shipped_weights
from services.scoring.history import NothingToJudgeError, history, weighed, within
from services.scoring.score import opportunity_score
from tests.scoring.niches import REFERENCE, niche
from tests.scoring.panels import CUTS, LAUNCHES, NICHES, market


def test_each_cut_has_its_niches_and_launches() -> None:
    """Launches point at their niche's row in the cut."""
    panel, launches = market()
    past = history(panel, launches)

    assert [cut.cut for cut in past.cuts] == list(CUTS)
    assert (past.niches, past.rows, past.launched) == (NICHES, NICHES * len(CUTS), LAUNCHES * len(CUTS))
    first = launches.row(0, named=True)
    row = past.cuts[0].at[np.flatnonzero(past.cuts[0].revenue == first["revenue"])[0]]
    assert f"n{row:03}" == first["niche_id"]


def test_a_score_at_a_past_cut_is_the_score_of_the_product() -> None:
    """The same raw values in the same market get the same growth score, to the rounding of points."""
    raw = {"forecast_growth": 0.9, "momentum_4w": 0.31, "level": 0.77}
    today = opportunity_score(niche(raw), shipped_weights(), REFERENCE).growth
    then = weighed({name: np.array([raw.get(name, 0.5)]) for name in REFERENCE.terms}, shipped_weights().growth)

    assert today is not None
    assert then[0] == pytest.approx(today.score, abs=0.01)


def test_a_term_that_is_not_known_leaves_its_weight_to_the_others() -> None:
    """As in the product; where no term is known there is no score."""
    terms = {"a": np.array([0.9, np.nan, np.nan]), "b": np.array([0.5, 0.7, np.nan])}

    assert weighed(terms, {"a": 1.0, "b": -1.0}) == pytest.approx([70.0, 30.0, np.nan], nan_ok=True)


def test_unknown_values_have_no_place() -> None:
    """They are neither low nor in the middle."""
    assert within(np.array([np.nan, 1.0, np.nan])) == pytest.approx([np.nan, 0.5, np.nan], nan_ok=True)
    assert np.isnan(within(np.array([np.nan]))).all()


def test_outcomes_that_are_not_known_are_left_out() -> None:
    """A niche whose growth cannot be told is no pair, and a launch in it is not compared."""
    panel, launches = market()
    gone = panel.with_columns(pl.when(pl.col("niche_id") != "n000").then("growth").alias("growth"))

    assert history(gone, launches).rows == (NICHES - 1) * len(CUTS)
    assert history(gone, launches).launched == launches.filter(pl.col("niche_id") != "n000").height


def test_a_past_of_a_few_niches_cannot_be_judged() -> None:
    """The message says what is missing and what to do."""
    with pytest.raises(
        NothingToJudgeError, match=r"no past day has 10 niches .* import more niches or a longer history"
    ):
        history(*market(niches=9))
