"""Every member is what its authors wrote, computed here one series and one step at a time."""

from itertools import product

import numpy as np
import pytest

from services.analysis.forecasting import smoothing
from services.analysis.forecasting.smoothing import ALPHAS, BETAS, DAMPINGS, intermittent, smooth

RNG = np.random.default_rng(7)
PLAIN = RNG.normal(100, 10, 60)
RISING = np.arange(60) * 2.0 + RNG.normal(50, 3, 60)
Y = np.vstack([PLAIN, RISING, np.abs(np.cumsum(RNG.normal(0, 5, 60))) + 20])


def simple_by_hand(y: list[float]) -> float:
    """Simple smoothing; the starting level has the first value as its prior, which weighs as one observation."""
    found = []
    for alpha in ALPHAS:
        level, weight, pairs = y[0], 1.0, []
        for value in y[1:]:
            error = value - level
            pairs.append((error, weight))
            level, weight = level + alpha * error, weight * (1 - alpha)
        grid = sum(e * w for e, w in pairs) / (1 + sum(w * w for _, w in pairs))
        wrong = sum((e - grid * w) ** 2 for e, w in pairs) + grid**2
        found.append((wrong, level + grid * weight))
    return min(found)[1]


def theta_by_hand(y: list[float], horizon: int) -> list[float]:
    """Fiorucci et al. (2016): the line is fitted anew at each period; theta by a fine search from one to infinity."""
    lines = [np.polyfit(np.arange(1, n + 1), y[:n], 1)[::-1] if n > 1 else (y[0], 0.0) for n in range(1, len(y) + 1)]
    best = (np.inf, [0.0])
    for alpha, share in product(ALPHAS, np.linspace(0, 1, 201)):
        level, wrong = y[0], 0.0
        for n in range(1, len(y)):
            start, slope = lines[n - 1]
            drift = (1 - alpha) ** n * start + (1 - (1 - alpha) ** (n + 1)) / alpha * slope
            wrong += (y[n] - level - share * drift) ** 2
            level += alpha * (y[n] - level)
        n, (start, slope) = len(y), lines[-1]
        drift = (1 - alpha) ** n * start + (1 - (1 - alpha) ** (n + 1)) / alpha * slope
        best = min(best, (wrong, [level + share * (drift + slope * step) for step in range(horizon)]))
    return best[1]


def trend_by_hand(y: list[float], horizon: int, phis: tuple[float, ...]) -> list[float]:
    """Holt's trend, damped by phi, as Gardner and McKenzie write it."""
    best = (np.inf, [0.0])
    for alpha, beta, phi in product(ALPHAS, BETAS, phis):
        level, trend, wrong = y[0], 0.0, 0.0
        for value in y[1:]:
            error = value - level - phi * trend
            wrong += error**2
            level, trend = level + phi * trend + alpha * error, phi * trend + alpha * beta * error
        best = min(best, (wrong, [level + trend * sum(phi**k for k in range(1, h + 1)) for h in range(1, horizon + 1)]))
    return best[1]


@pytest.mark.parametrize("row", range(3))
def test_the_forecast_is_the_mean_of_four_methods_by_hand(row: int) -> None:
    """Theta, simple, Holt and damped smoothing, each with its best parameters."""
    y = Y[row].tolist()
    members = [
        theta_by_hand(y, 6),
        [simple_by_hand(y)] * 6,
        trend_by_hand(y, 6, (1.0,)),
        trend_by_hand(y, 6, DAMPINGS),
    ]

    np.testing.assert_allclose(smooth(Y, 6, 1)[row, 0], np.mean(members, axis=0), rtol=2e-3)


def test_simple_smoothing_is_the_library_s() -> None:
    """Zeros and sales are smoothed simply: as statsmodels does with the best alpha and starting level of a search."""
    from statsmodels.tsa.holtwinters import SimpleExpSmoothing  # noqa: PLC0415 - seconds to import

    y = np.where(np.arange(40) % 3 == 0, PLAIN[:40], 0.0)
    made = smooth(y[None], 3, 1)[0, 0]
    found = [
        SimpleExpSmoothing(y, initialization_method="known", initial_level=start).fit(
            smoothing_level=alpha, optimized=False
        )
        for alpha in ALPHAS
        for start in np.linspace(0, y[0], 60)
    ]
    best = min(found, key=lambda fit: ((y[1:] - fit.fittedvalues[1:]) ** 2).sum() + (fit.level[0] - y[0]) ** 2)

    assert intermittent(y[None])[0, -1]
    np.testing.assert_allclose(made, best.forecast(1)[0], rtol=0.02)


def test_chunks_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Smoothed two at a time or all at once, a series has the same forecasts to the last bit."""
    together = smooth(Y, 5, 30)
    monkeypatch.setattr(smoothing, "KEPT", 60)

    np.testing.assert_array_equal(smooth(Y, 5, 30), together)


def test_more_zeros_than_not_are_forecast_flat() -> None:
    """An intermittent series has no trend, and its forecast lies between nothing and its largest sale."""
    y = np.where(RNG.random((20, 52)) < 0.3, RNG.lognormal(3, 1, (20, 52)), 0.0)
    y[:, 0] = 1.0
    made = smooth(y, 8, 1)[intermittent(y)[:, -1], 0]

    assert len(made) > 10
    assert (made == made[:, :1]).all()
    assert ((made >= 0) & (made[:, :1] <= y[intermittent(y)[:, -1]].max(axis=1, keepdims=True))).all()


def test_negative_series_may_be_forecast_negative() -> None:
    """Only a series that never was below zero stays above it."""
    falling = 50.0 - np.arange(40)[None] * 2

    assert (smooth(falling, 4, 1) < 0).all()
    assert (smooth(np.maximum(falling, 0.0), 4, 1) >= 0).all()
