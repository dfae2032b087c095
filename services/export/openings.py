"""An opening as a row of a table: where it is in words, and the evidence that a reader can check."""

from collections.abc import Mapping

from contracts.analysis import Opportunity, OpportunityKind
from services.export.season_side import week_of_year
from services.export.tables import Kind, Row
from services.export.words import Voice

SAID: dict[OpportunityKind, tuple[str, ...]] = {
    "price_gap": ("offer_share", "revenue_share", "ratio"),
    "rating_gap": ("below", "limit", "below_share"),
    "stock_out": ("products_out", "out_share", "lost_revenue"),
    "season": ("peak_ratio", "weeks_ahead", "strength"),
}
"""What the sentence of each kind tells; all other evidence follows it by name."""
ENDS = {f"{name}{end}" for name in ("", "ratio_", "units_ratio_") for end in ("lo", "hi")}
"""Evidence that is told with what it is an end of."""
KINDS: dict[str, tuple[Kind, int]] = {
    **dict.fromkeys(("offers", "below", "products_out", "weeks_ahead", "sellers", "listings"), ("count", 0)),
    **dict.fromkeys(
        ("offer_share", "revenue_share", "below_share", "out_share", "top_share", "lost_share"), ("share", 0)
    ),
    **dict.fromkeys(("ratio", "units_ratio", "peak_ratio"), ("ratio", 1)),
    **dict.fromkeys(("lost_revenue", "mean_week"), ("money", 0)),
    **dict.fromkeys(("strength", "mean"), ("number", 2)),
    "limit": ("number", 1),
}


def opening(found: Opportunity, voice: Voice) -> Row:
    """The row of an opening: a sentence of its main evidence, and all else that a reader can check."""
    said, known = SAID[found.kind], found.evidence
    told, skipped = [], set[str]()
    if known.keys() >= set(said):
        figures = {name: _figure(name, known[name], voice) for name in said}
        told.append(voice.say(f"opening_{found.kind}", **figures, interval=_interval("ratio", known, voice)))
        skipped = {*said, *ENDS}
    told += [_named(name, known, voice) for name in known if name not in skipped]
    return {"opening": found.kind, "where": where(found, voice), "size": found.size, "note": "; ".join(told)}


def where(found: Opportunity, voice: Voice) -> str:
    """Where an opening is: a range of prices, a rating, a count of products, a week of the year."""
    known = found.evidence
    if found.kind == "price_gap" and {"lo", "hi"} <= known.keys():
        return voice.interval(known["lo"], known["hi"], "price")
    try:
        number = float(found.where)
        match found.kind:
            case "rating_gap":
                return voice.say("rated_under", rating=voice.figure(number, "number", 1))
            case "stock_out":
                return voice.many(int(number), "product")
            case "season":
                return week_of_year(int(number), voice)
            case _:
                return found.where
    except ValueError:  # no number, or no week of any year: as it is told
        return found.where


def _named(name: str, known: Mapping[str, float], voice: Voice) -> str:
    """A piece of evidence by its name, with its interval where it has one."""
    text = f"{voice.word('proof', name)} {_figure(name, known[name], voice)}"
    return f"{text} ({_interval(name, known, voice)})" if f"{name}_lo" in known else text


def _figure(name: str, value: float, voice: Voice) -> str:
    if name == "inferred":
        return voice.word("passed", "yes" if value else "no")
    kind, digits = KINDS.get(name, ("number", 0 if value.is_integer() else 2))
    return voice.figure(value, kind, digits)


def _interval(name: str, known: Mapping[str, float], voice: Voice) -> str:
    low, high = (known.get(f"{name}_{end}") for end in ("lo", "hi"))
    if low is None or high is None:
        return voice.say("unknown")
    return voice.interval(low, high, *KINDS.get(name, ("number", 2)))
