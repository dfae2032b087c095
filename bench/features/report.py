"""The tables that the features bench prints."""

import os
from collections.abc import Mapping, Sequence
from statistics import median

import numpy as np


def report(rows: int, rounds: Sequence[Mapping[str, float]], each: Sequence[float], shares: Mapping[str, float]) -> str:
    """Tell the rounds (seconds by contender), the seconds of each niche by itself, and the shares of a batch."""
    niches = len(each) // len(rounds) + 1
    lines = [
        f"{niches} niches, {rows:,} rows, one core, {len(rounds)} rounds, load {os.getloadavg()[0]:.1f}",
        "",
        "| contender | median s | least | most | ms a niche |",
        "|---|---|---|---|---|",
    ]
    for name in rounds[0]:
        values = [each_round[name] for each_round in rounds]
        middle = median(values)
        lines.append(f"| {name} | {middle:.3f} | {min(values):.3f} | {max(values):.3f} | {middle / niches * 1e3:.2f} |")
    low, high = np.quantile(each, (0.05, 0.95))
    lines += [
        "",
        f"One by one: {median(each) * 1e3:.1f} ms a niche at the median, 5-95 %: {low * 1e3:.1f} to {high * 1e3:.1f}",
        "",
        "| where a batch spends its time | share |",
        "|---|---|",
    ]
    lines += [f"| {name} | {share:.0%} |" for name, share in list(shares.items())[:14]]
    return "\n".join(lines)
