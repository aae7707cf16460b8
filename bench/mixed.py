"""Crossed mixed models beside gpboost and statsmodels, and the growth to ten million ratings.

Run: python bench/mixed.py [--peer PYTHON] [--limit SECONDS] [--largest RATINGS]

``--peer`` is a Python that has gpboost and statsmodels; each of their fits is stopped after ``--limit`` seconds.
"""

from __future__ import annotations

import argparse
import platform
import resource
import subprocess
import tempfile
import time
from pathlib import Path

import numpy as np

from zhiyin.maths.crossed import Factor
from zhiyin.maths.mixed import MixedFit, Solver, fit_mixed

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "insteval" / "InstEval.csv.gz"

GPBOOST = """
import sys, time, numpy as np, gpboost as gpb
d = np.load(sys.argv[1])
groups = np.column_stack([d[k] for k in d.files if k not in ("y", "x")])
x = np.column_stack([np.ones(len(d["y"])), d["x"]])
start = time.perf_counter()
model = gpb.GPModel(group_data=groups, likelihood="gaussian")
model.fit(y=d["y"], X=x)
print(time.perf_counter() - start, *np.ravel(model.get_cov_pars()))
"""
STATSMODELS = """
import sys, time, numpy as np, statsmodels.api as sm
d = np.load(sys.argv[1])
x = np.column_stack([np.ones(len(d["y"])), d["x"]])
start = time.perf_counter()
fit = sm.MixedLM(d["y"], x, groups=d[sys.argv[2]]).fit()
print(time.perf_counter() - start, fit.scale, float(np.ravel(fit.cov_re)[0]))
"""


def bank(n: int, seed: int = 1) -> tuple[np.ndarray, list[Factor], np.ndarray]:
    """Ratings of an invented bank: one customer in five ratings, home outlets, 20 staff an outlet, three adjusters."""
    generator = np.random.default_rng(seed)
    customers, staff = n // 5, max(n // 500, 100)
    units = staff // 20
    activity = np.cumsum(generator.gamma(1.5, size=customers))
    customer = np.minimum(np.searchsorted(activity / activity[-1], generator.random(n)), customers - 1).astype(np.int32)
    home = generator.integers(0, units, customers)
    unit = np.where(generator.random(n) < 0.85, home[customer], generator.integers(0, units, n)).astype(np.int32)
    member = (unit * 20 + generator.integers(0, 20, n)).astype(np.int32)
    x = generator.normal(size=(n, 3)).astype(np.float32)
    y = 4.0 + x @ np.array([0.1, 0.2, 0.3], dtype=np.float32) + generator.normal(size=n)
    for codes, levels, variance in ((customer, customers, 0.3), (member, units * 20, 0.05), (unit, units, 0.02)):
        y += np.sqrt(variance) * generator.normal(size=levels)[codes]
    factors = [
        Factor("customer", customer, customers),
        Factor("staff", member, units * 20),
        Factor("unit", unit, units),
    ]
    return y, factors, x


def lectures() -> tuple[np.ndarray, list[Factor], np.ndarray]:
    rows = np.genfromtxt(DATA, delimiter=",", names=True, dtype=None, encoding="utf-8")
    factors = []
    for name in ("s", "d", "dept"):
        levels, codes = np.unique(rows[name], return_inverse=True)
        factors.append(Factor(name, codes, len(levels)))
    return rows["y"].astype(float), factors, rows["service"].astype(float)[:, None]


def peer(python: str, code: str, y: np.ndarray, factors: list[Factor], x: np.ndarray, limit: float, *more: str) -> str:
    with tempfile.NamedTemporaryFile(suffix=".npz") as file:
        np.savez(file, y=y, x=x, **{factor.name: factor.codes for factor in factors})
        file.flush()
        command = [python, "-c", code, file.name, *more]
        try:
            done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=limit)
        except subprocess.TimeoutExpired:
            return f"not finished in {limit:.0f} s"
        seconds, *values = done.stdout.split("\n")[-2].split()
        return f"{float(seconds):.2f} s  {' '.join(f'{float(value):.5f}' for value in values)}"


def ours(y: np.ndarray, factors: list[Factor], x: np.ndarray, solver: Solver) -> tuple[float, MixedFit]:
    start = time.perf_counter()
    names = [f"x{place}" for place in range(x.shape[1])]
    found = fit_mixed(y, factors, fixed=x, names=names, solver=solver)
    return time.perf_counter() - start, found


def show(label: str, seconds: float, fit: MixedFit) -> None:
    values = " ".join(f"{factor.name} {factor.variance:.5f}" for factor in fit.factors)
    print(f"{label}: {seconds:.2f} s  {values} residual {fit.residual:.5f}  -2logL {fit.criterion:.4f}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--peer", help="a Python that has gpboost and statsmodels")
    parser.add_argument("--limit", type=float, default=120.0)
    parser.add_argument("--largest", type=int, default=10_000_000)
    options = parser.parse_args()
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}")
    if DATA.exists():
        y, factors, x = lectures()
        print("73,421 lecture ratings, (1|s) + (1|d) + (1|dept); published variances .10600 .26522 .00691 1.38650")
        for solver in (Solver.EXACT, Solver.LINEAR):
            show(f"  {solver}", *ours(y, factors, x, solver))
        if options.peer:
            print("  gpboost:", peer(options.peer, GPBOOST, y, factors, x, options.limit))
            seconds, fit = ours(y, [factors[1]], x, Solver.AUTO)
            show("  (1|d) only", seconds, fit)
            print("  statsmodels, (1|d) only:", peer(options.peer, STATSMODELS, y, factors, x, options.limit, "d"))
    n = 10_000
    while n <= options.largest:
        y, factors, x = bank(n)
        print(f"{n:,} ratings, {', '.join(f'{factor.levels:,} {factor.name} levels' for factor in factors)}")
        show("  linear", *ours(y, factors, x, Solver.LINEAR))
        if n <= 100_000:
            show("  exact", *ours(y, factors, x, Solver.EXACT))
        if options.peer and n <= 1_000_000:
            print("  gpboost:", peer(options.peer, GPBOOST, y, factors, x, options.limit))
        n *= 10
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20:.2f} GiB")


if __name__ == "__main__":
    main()
