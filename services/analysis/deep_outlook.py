"""The deep forecast of one niche: what its whole market teaches about how sales go on, and how well that held."""

from collections.abc import Callable

import numpy as np

from contracts.forecast import Forecast
from services.analysis.forecasting.deep import Deep, combined
from services.analysis.outlook import HISTORY, ORIGINS, SEASON, outlooks, since_first_sale, told
from services.analysis.weeks import Floats

BLOCK = 13
"""Past weeks that are judged by what was learnt before the first of them: learning anew every week would take hours."""


def deep_outlook(
    weekly: Floats, market: Floats, numbers: range, horizon: int, progress: Callable[[str], None]
) -> Forecast:
    """Forecast a niche's revenue per week [weeks] by what the series of its market [niches, weeks] have in common.

    NaN is a week that is not known; `numbers` are the weeks; the niche may be among the market's or not. Past origins
    are judged by what was known then: in blocks of 13 weeks, everything is learnt anew from the weeks before the
    block. Bands, errors, and the reasons for no forecast are those of the fast tier. `progress` hears `learn`, `judge`
    and `forecast`, in this order, once each.
    """
    [fast] = outlooks(weekly[None], numbers, horizon)
    if fast.reason:
        return fast.model_copy(update={"tier": "deep"})
    niche = since_first_sale(weekly[None])
    every = np.vstack([niche, since_first_sale(market)])
    progress("learn")
    learnt = Deep.train(every, horizon, SEASON)
    progress("judge")
    origins = min(ORIGINS + 1, len(weekly) - HISTORY + 1)
    first, blocks = len(weekly) - origins + 1, []
    for known in range(first, len(weekly), BLOCK):
        then = Deep.train(every[:, :known], horizon, SEASON)
        judged = min(BLOCK, len(weekly) - known)
        blocks.append(combined(then.members(niche[:, : known + judged - 1], horizon, judged)))
    progress("forecast")
    members = learnt.members(niche, horizon)
    made = np.maximum(np.concatenate([*blocks, combined(members)], axis=1), 0.0)
    return told(niche, made, numbers, "deep", [tuple(members)])[0]
