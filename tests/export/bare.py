"""The analysis of a niche of which little is known: weeks, products and prices, and no more."""

from contracts.analysis import Analysis
from tests.export.analysed import analysis, competition, demand, economics, price

SELLERS = (
    *("sellers", "sellers_listed", "hhi_lo", "hhi_hi", "effective_sellers", "cr4", "cr10", "gini", "gini_all"),
    *("unknown_share", "revenue_per_seller", "newcomer_share", "brand", "brands", "review_barrier"),
)
COSTS = (
    *("since", "commission", "logistics", "storage", "returns", "tax", "ads", "cost", "margin", "margin_share", "roi"),
    *("break_even_price", "break_even_cost", "first_batch", "first_batch_capital", "order_by"),
)
MISSING = (
    *("commission", "logistics", "storage", "returns", "return_handling", "tax", "ad_share", "cost", "units"),
    *("lead_days", "season"),
)
TESTS = ("growth", "change", "mann_kendall", "slope", "season", "spike_share", "stock", "units")


def bare(**changes: object) -> Analysis:
    """All that needs a seller, a rating, stock, two years or a tariff is absent."""
    absent = dict.fromkeys
    return analysis().model_copy(
        update={
            "demand": demand().model_copy(update={**absent(TESTS), "changes": ()}),
            "competition": competition().model_copy(update={**absent(SELLERS), "top": ()}),
            "price": price().model_copy(update={"variation": None, "modes": (), "segments": ()}),
            "economics": economics().model_copy(update={**absent(COSTS), "missing": MISSING}),
            **absent(("unmet", "entrants")),
            **absent(("opportunities", "red_flags", "texts", "snapshots"), ()),
            "forecast": analysis().forecast.model_copy(
                update={"points": (), "coverage": (), "reason": "short_history"}
            ),
            **changes,
        }
    )
