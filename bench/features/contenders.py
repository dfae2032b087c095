"""The same market's statistics by three ways: in a batch, by the house's command, and by well-known libraries."""

import asyncio
import cProfile
import gc
import pstats
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np

from bench.features.market import AS_OF, MARKET, Market, house
from contracts.analysis import AnalysisCompleted, AnalyzeParams
from services.analysis import analysis
from services.analysis.analysis import Background, Question, analyze_many
from services.analysis.ledger import ledgers
from services.analysis.quality import tidy
from services.analysis.reference import measure
from services.analysis.tasks import analyze_niche
from services.analysis.trends import trends
from services.analysis.weeks import Floats

_PUTS_TOGETHER, _JOINTS = analysis.__file__, {"analyze_many", "_analysis", "_forecasts"}

SILENT = AnalyzeParams(as_of=AS_OF, lang=())
"""Numbers only: sentences are no statistics."""


class Contenders:
    """What is measured, over one market; each method answers seconds."""

    def __init__(self, of: Market) -> None:
        self.of, self._rows = of, of.rows
        reference, span = measure(of.frame, MARKET, AS_OF)
        self._background = Background("USD", AS_OF, span, reference.terms)
        self._questions = [Question(niche.id, "bench", niche, SILENT) for niche in of.niches]
        books = ledgers(tidy(self._rows, AS_OF).rows, [niche.id for niche in of.niches], span, AS_OF)
        self._weekly, self._numbers = np.array([book.weekly for book in books]), books[0].numbers

    def batch(self) -> float:
        """All analyses of the market in one pass, from its rows in memory."""
        return _seconds(self._analyze_all)

    def one_by_one(self) -> list[float]:
        """Each niche by the command `analyze_niche`: rows from disk, all its statistics, its file written."""
        with tempfile.TemporaryDirectory() as folder:
            return asyncio.run(self._ask_each(Path(folder)))

    def trends_in_batch(self) -> float:
        """Mann-Kendall, Theil-Sen, season and change points of all niches in a batch."""
        return _seconds(lambda: trends(self._weekly, self._numbers))

    def trends_by_libraries(self) -> float:
        """Mann-Kendall by pymannkendall, Theil-Sen by scipy, change points by ruptures, a niche after the other."""
        return _seconds(self._by_libraries)

    def shares(self) -> dict[str, float]:
        """Where the time of a batch goes: the share of each part of an analysis, the largest first."""
        profile = cProfile.Profile()
        profile.runcall(self._analyze_all)
        spent: dict[str, float] = {}
        for (path, _, name), (_, _, _, _, callers) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined] # typeshed does not know it
            inside = sum(
                timing[3] for caller, timing in callers.items() if caller[0] == _PUTS_TOGETHER and caller[2] in _JOINTS
            )
            if inside and name not in _JOINTS:
                spent[f"{Path(path).stem}.{name}"] = inside
        whole = sum(spent.values())
        return {name: value / whole for name, value in sorted(spent.items(), key=lambda item: -item[1])}

    def _by_libraries(self) -> None:
        for weekly in self._weekly:
            _by_libraries(weekly[~np.isnan(weekly)])

    def _analyze_all(self) -> int:
        return sum(1 for _ in analyze_many(self._rows, self._background, self._questions))

    async def _ask_each(self, folder: Path) -> list[float]:
        job = await house(self.of, folder)
        found = []
        for niche in self.of.niches:
            started = time.perf_counter()
            answer = await analyze_niche(niche.id, AnalyzeParams(as_of=AS_OF), job=job)
            found.append(time.perf_counter() - started)
            assert isinstance(answer, AnalysisCompleted)
        await job.store.close()
        return found[1:]  # the first one measures the market, which is kept


def _by_libraries(weekly: Floats) -> None:
    import pymannkendall  # noqa: PLC0415 - loaded once, before the first round counts
    import ruptures  # noqa: PLC0415 - the same
    from scipy import stats  # noqa: PLC0415 - the same

    if len(weekly) < 8 or np.ptp(weekly) == 0:  # noqa: PLR2004 - as ours: too short for a trend
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a niche of few values
        pymannkendall.hamed_rao_modification_test(weekly)
        stats.theilslopes(weekly, np.arange(len(weekly)))
        ruptures.Pelt("l2", min_size=4, jump=1).fit(weekly).predict(3 * np.log(len(weekly)) * max(weekly.var(), 1e-9))


def _seconds(work: Callable[[], object]) -> float:
    """How long it takes; as in `timeit` the garbage collector does not run meanwhile."""
    gc.collect()
    gc.disable()
    try:
        started = time.perf_counter()
        work()
        return time.perf_counter() - started
    finally:
        gc.enable()
