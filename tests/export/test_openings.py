import pytest

from contracts.analysis import Opportunity, OpportunityKind
from services.export.openings import KINDS, opening
from services.export.words import WORDS, Voice
from tests.export.analysed import GAP

EVIDENCE: dict[OpportunityKind, dict[str, float]] = {
    "price_gap": GAP,
    "rating_gap": {"below_share": 0.314, "below": 7.0, "limit": 4.5},
    "stock_out": {"products_out": 3.0, "out_share": 0.081, "lost_revenue": 31.6},
    "season": {"weeks_ahead": 9.0, "peak_ratio": 1.84, "strength": 0.71},
}


def told(kind: OpportunityKind, where: str, voice: Voice) -> tuple[object, object]:
    """Where an opening is, and what it stands on."""
    row = opening(Opportunity(kind=kind, where=where, size=50.0, evidence=EVIDENCE[kind]), voice)
    return row["where"], row["note"]


@pytest.mark.parametrize(
    ("kind", "where", "place", "note"),
    [
        ("price_gap", "10.00-14.00", "$10.00–14.00", "7.5 % of the listings earn 22 % of the revenue: 2.9 × their"),
        ("rating_gap", "4.5", "rated under 4.5", "7 listings rated under 4.5 hold 31 % of the revenue"),
        ("stock_out", "3", "3 products", "3 products were out of stock, 8.1 % of product-weeks; $31.60 a week lost"),
        ("season", "47", "week 47 (Nov)", "Peak 1.8 × the mean week, 9 weeks ahead; strength of the season 0.71"),
    ],
)
def test_each_kind_of_opening_tells_its_evidence(kind: OpportunityKind, where: str, place: str, note: str) -> None:
    """A reader can check each number in the tables of the report."""
    at, said = (str(text).replace("\u00a0", " ") for text in told(kind, where, Voice("en", "USD")))

    assert at == place
    assert said.startswith(note)


@pytest.mark.parametrize("kind", EVIDENCE)
def test_a_russian_reader_gets_it_in_russian(kind: OpportunityKind) -> None:
    """No English word is left in where or why."""
    at, said = told(kind, "4", Voice("ru", "RUB"))

    assert not any("a" <= letter <= "z" for letter in f"{at}{said}")


def test_evidence_that_no_sentence_knows_is_told_by_name() -> None:
    """A newer analysis may bring other evidence; it is shown rather than hidden."""
    found = Opportunity(kind="season", where="next spring", size=1.0, evidence={"peak_ratio": 1.5, "years": 3.0})

    row = opening(found, Voice("en", "USD"))
    assert row["where"] == "next spring"
    assert row["note"] == "peak over the mean week 1.5\u00a0×; years 3"


def test_evidence_beside_the_sentence_is_told_too() -> None:
    """With its interval where it has one, and yes or no where it is a question."""
    voice = Voice("en", "USD")
    stock = Opportunity(kind="stock_out", where="3", size=1.0, evidence=EVIDENCE["stock_out"] | {"inferred": 1.0})

    assert (
        str(told("price_gap", "", voice)[1])
        .replace("\u00a0", " ")
        .endswith("1.1–5.3 ×; listings 3; the best listing holds 44 %; in pieces 2.1 × (1.2–3.6 ×); sellers 3")
    )
    assert str(opening(stock, voice)["note"]).endswith("; inferred from silence yes")


def test_all_known_evidence_has_a_name() -> None:
    """In both languages; a number without one would be a riddle."""
    named = {f"proof.{name}" for name in (*KINDS, "inferred")}

    assert named <= WORDS["en"].keys() & WORDS["ru"].keys()


def test_a_week_that_no_year_has_is_told_as_it_is() -> None:
    """A report never fails for what it is told."""
    assert told("season", "60", Voice("en", "USD"))[0] == "60"
