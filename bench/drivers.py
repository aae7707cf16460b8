"""Shapley's split of R squared beside brute force: one regression a subset.

Run: python bench/drivers.py
"""

from __future__ import annotations

import platform
import time
from itertools import combinations
from math import comb

import numpy as np

from zhiyin.maths.relative_weights import relative_weights
from zhiyin.maths.shapley import shapley_r_squared


def brute_force(covariance: np.ndarray) -> np.ndarray:
    p = len(covariance) - 1
    explained = {frozenset(): 0.0}
    for size in range(1, p + 1):
        for subset in combinations(range(p), size):
            inside = covariance[np.ix_(subset, subset)]
            right = covariance[list(subset), -1]
            explained[frozenset(subset)] = float(right @ np.linalg.solve(inside, right) / covariance[-1, -1])
    found = np.zeros(p)
    for subset, value in explained.items():
        for driver in set(range(p)) - subset:
            found[driver] += (explained[subset | {driver}] - value) / (p * comb(p - 1, len(subset)))
    return found


def main() -> None:
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}")
    for p in (6, 8, 10, 12, 14, 16, 18, 20):
        generator = np.random.default_rng(p)
        rows = generator.normal(size=(500, p + 1)) + 0.7 * generator.normal(size=(500, 1))
        covariance = np.cov(rows.T)
        start = time.process_time()
        ours = shapley_r_squared(covariance)
        seconds = time.process_time() - start
        line = f"{p:2} drivers, {2**p:>9,} subsets: {seconds:8.4f} s"
        if p <= 14:
            start = time.process_time()
            theirs = brute_force(covariance)
            brute = time.process_time() - start
            gap = np.abs(ours - theirs).max()
            line += f", brute force {brute:8.3f} s, ratio {brute / seconds:,.0f}, largest difference {gap:.0e}"
        gap = np.abs(relative_weights(covariance) - ours).max()
        print(f"{line}, relative weights differ by {gap / ours.sum():.1%} of R squared")


if __name__ == "__main__":
    main()
