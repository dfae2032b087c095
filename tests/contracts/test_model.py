"""What a weight file may say, and what its writer is told when it cannot be used."""

import re
from datetime import date

import pytest
from pydantic import ValidationError

from contracts.model import (
    FACTS,
    SHIPPED_WEIGHTS,
    TERMS,
    Reference,
    WeightsError,
    model_id,
    parse_weights,
    shipped_weights,
)
from services.analysis.analysis import analyze
from services.analysis.terms import UNITS
from tests.analysis.rows import START, frame, question, shop

SHIPPED = SHIPPED_WEIGHTS.read_text(encoding="utf-8")


def changed(old: str, new: str) -> str:
    """The shipped file with one thing changed."""
    assert old in SHIPPED
    return SHIPPED.replace(old, new, 1)


def complaint(text: str) -> str:
    """What the writer of a bad file is told."""
    with pytest.raises(WeightsError) as caught:
        parse_weights(text)
    return str(caught.value)


def test_the_shipped_weights_are_the_fixed_rules() -> None:
    """Growth is forecast plus momentum less half the level, entry is revenue per listing, mixed half and half."""
    weights = shipped_weights()

    assert {name: weight for name, weight in weights.growth.items() if weight} == {
        "forecast_growth": 0.4,
        "momentum_4w": 0.4,
        "level": -0.2,
    }
    assert {name: weight for name, weight in weights.entry.items() if weight} == {"revenue_per_listing": 1.0}
    assert weights.opportunity.growth == weights.opportunity.entry
    assert [(gate.fact, gate.min, gate.max) for gate in weights.gates] == [
        ("sellers", 3, None),
        ("hhi", None, 0.6),
        ("newcomer_share", None, 0.5),
    ]


def test_every_line_of_the_shipped_file_is_explained() -> None:
    """A person who opens the file can change it without reading anything else."""
    assert [line for line in SHIPPED.splitlines() if line and not re.search(r"# \w", line)] == []


def test_terms_are_those_that_an_analysis_measures() -> None:
    """A weight can be given to everything that is measured, and to nothing else."""
    assert set(TERMS) == set(UNITS)


def test_facts_are_those_that_an_analysis_states() -> None:
    """A gate can look at everything that is stated."""
    assert set(analyze(frame(shop(20, listed_on=START)), *question(20)).facts) == set(FACTS)


def test_the_id_is_of_what_the_weights_say() -> None:
    """Comments, blank lines and the order of terms make no new model; a changed number or reference does."""
    bare = "\n".join(line.partition("#")[0] for line in SHIPPED.splitlines() if "momentum_4w" not in line)
    reordered = bare.replace("[growth]", "[growth]\nmomentum_4w = 4e-1")
    weights = shipped_weights()

    assert parse_weights(reordered).id == weights.id
    assert parse_weights(changed("cap = 40", "cap = 41")).id != weights.id
    assert model_id(weights, "0" * 64) != model_id(weights, "1" * 64)


def test_a_file_that_is_not_toml_is_refused_with_its_line() -> None:
    """The parser's own words tell where."""
    assert complaint("[growth]\nlevel = high\n") == (
        "the weight file is not TOML, so no weight can be read: Invalid value (at line 2, column 9); "
        "write a section as [growth] and a weight as level = -0.2"
    )


TERM_LIST, FACT_LIST = ", ".join(TERMS), ", ".join(FACTS)
SECTIONS = "growth, entry, opportunity, verdict, evidence, gates"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            "momentum_4w = 0.4",
            "momentum_4ww = 0.4",
            (
                "[growth] momentum_4ww: no analysis measures the term momentum_4ww, so it could not be weighed; "
                f"did you mean momentum_4w? use one of: {TERM_LIST}"
            ),
        ),
        (
            'fact = "newcomer_share"',
            'fact = "newcomers"',
            (
                "[[gates]] fact: no analysis states the fact newcomers, so it could never be checked; "
                f"did you mean newcomer_share? use one of: {FACT_LIST}"
            ),
        ),
        (
            "active_share = 0.6",
            "zzz = 0.6",
            (f"[evidence] zzz: no analysis states the fact zzz, so it could never be checked; use one of: {FACT_LIST}"),
        ),
        (
            "growth = 0.5",
            "growth = -0.5",
            (
                "[opportunity] growth: -0.5 is negative: a good score would make a niche worse, against what the "
                "backtest tests; use 0 to leave it out"
            ),
        ),
        (
            "level = -0.2",
            "level = nan",
            "[growth] level = nan cannot be used: input should be a finite number; write another value",
        ),
        (
            "weeks = 16",
            'weeks = "16"',
            "[evidence] weeks = '16' cannot be used: input should be a valid number; write another value",
        ),
        (
            "cap = 40",
            "cap = 400",
            "[[gates]] cap = 400 cannot be used: input should be less than or equal to 100; write another value",
        ),
        (
            "max = 0.6",
            "mox = 0.6",
            (
                "[[gates]] mox is not known, so it would change nothing; did you mean max? "
                "use one of: name, fact, min, max, cap"
            ),
        ),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(old: str, new: str, told: str) -> None:
    """Line, section, key, what is wrong, why it matters, and what to write instead."""
    text = changed(old, new)
    line = 1 + next(number for number, line in enumerate(text.splitlines()) if line.startswith(new))

    assert complaint(text).splitlines()[-1] == f"line {line}, {told}"


@pytest.mark.parametrize(
    ("old", "new", "section", "told"),
    [
        (
            "revenue_per_listing = 1.0",
            "revenue_per_listing = 0",
            "[entry]",
            "all weights are 0, so there is nothing to score by; give one term another weight",
        ),
        (
            "enter = 65",
            "enter = 30",
            "[verdict]",
            "watch = 50 is above enter = 30: a niche could be good enough to enter and not to watch; lower watch",
        ),
        (
            "min = 3 ",
            "min = 3\nmax = 5 ",
            "[[gates]]",
            "the gate sellers has both min and max, so its condition is not clear; give exactly one of them",
        ),
        (
            "min = 3 ",
            "# min = 3 ",
            "[[gates]]",
            "the gate sellers has neither min nor max, so its condition is not clear; give exactly one of them",
        ),
    ],
)
def test_values_that_contradict_each_other_are_told_with_their_section(
    old: str, new: str, section: str, told: str
) -> None:
    """What no single line is to blame for is found in the section."""
    text = changed(old, new)
    line = 1 + next(number for number, line in enumerate(text.splitlines()) if line.startswith(section))

    assert complaint(text) == f"line {line}, {section}: {told}"


def test_a_mistyped_section_is_missing_and_not_known() -> None:
    """Both are told: what is not there, and what is there instead."""
    assert complaint(changed("[opportunity]", "[oportunity]")).splitlines() == [
        "[opportunity] is missing, so nothing can be scored; add it (the shipped weights.toml shows how)",
        (
            "line 15, [oportunity] is not known, so it would change nothing; "
            f"did you mean opportunity? use one of: {SECTIONS}"
        ),
    ]


def test_a_section_that_is_a_value_is_told_so() -> None:
    """`growth = 5` is no section."""
    assert complaint(changed("[growth]", "growth = 5\n[growthh]")).splitlines()[0] == (
        "line 4, [growth] is 5, which is no section; write [growth] and its keys below"
    )


def test_an_opportunity_of_nothing_is_refused() -> None:
    """Two zeros weigh nothing."""
    text = changed("growth = 0.5", "growth = 0").replace("entry = 0.5", "entry = 0")

    assert complaint(text) == (
        "line 15, [opportunity]: growth and entry are both 0, so there is no opportunity score; give one of them 1"
    )


def test_two_gates_of_one_name_are_refused() -> None:
    """A gate is known by its name."""
    assert complaint(changed('name = "hhi"', 'name = "sellers"')) == (
        "the weight file: two gates are named sellers, so nobody could tell which one failed; rename one"
    )


@pytest.mark.parametrize("values", [tuple(range(100)), (*range(1, 101), 0)])
def test_a_reference_has_101_quantiles_that_do_not_fall(values: tuple[int, ...]) -> None:
    """A percentile among fewer, or among unsorted ones, would be a wrong number without any sign of it."""
    with pytest.raises(ValidationError):
        Reference(market="m", as_of=date(2017, 11, 5), niches=9, terms={"level": tuple(map(float, values))})
