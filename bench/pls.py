"""PLS path modelling beside the peer ``plspm``, and its growth to a million answers.

Run: python bench/pls.py [--peer PYTHON]

``plspm`` needs old numpy and pandas, so it lives in an environment of its own:
``python -m venv P && P/bin/pip install plspm 'numpy<2' 'pandas<3'``, then ``--peer P/bin/python``.
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from zhiyin.maths.moments import moments
from zhiyin.maths.pls import fit_pls
from zhiyin.maths.pls_bootstrap import bootstrap_pls
from zhiyin.maths.pls_model import Block, PathModel

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "plspm_satisfaction" / "satisfaction.csv"
COUNTS = {"imag": 5, "expe": 5, "qual": 5, "val": 4, "sat": 4, "loy": 4}
ARROWS = "imag-expe imag-sat imag-loy expe-qual expe-val expe-sat qual-val qual-sat val-sat sat-loy"
PATHS = tuple((pair.split("-")[0], pair.split("-")[1]) for pair in ARROWS.split())
MODEL = PathModel(tuple(Block(k, tuple(f"{k}{i}" for i in range(1, n + 1))) for k, n in COUNTS.items()), PATHS)

PEER = """
import sys, time, pandas as pd, plspm.config as c
from plspm.plspm import Plspm
from plspm.mode import Mode
data = pd.read_csv(sys.argv[1], index_col=0)
structure = c.Structure()
for a, b in [pair.split("-") for pair in sys.argv[2].split()]:
    structure.add_path([a], [b])
config = c.Config(structure.path(), scaled=False)
for name in ("imag", "expe", "qual", "val", "sat", "loy"):
    config.add_lv_with_columns_named(name, Mode.A, data, name)
Plspm(data, config)
start = time.perf_counter()
for _ in range(5):
    fit = Plspm(data, config)
print((time.perf_counter() - start) / 5, fit.goodness_of_fit())
"""


def seconds(work: Callable[[], object], times: int) -> float:
    work()
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--peer", help="a Python that has plspm")
    peer = parser.parse_args().peer
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}")
    if DATA.exists():
        with DATA.open(encoding="utf-8") as file:
            header = [name.strip('"') for name in file.readline().strip().split(",")]
        at = [header.index(item) for item in MODEL.items]
        rows = np.loadtxt(DATA, delimiter=",", skiprows=1, usecols=at, quotechar='"')
        data = moments(rows, MODEL.items)
        fit = fit_pls(data.covariance(), MODEL)
        ours = seconds(lambda: fit_pls(moments(rows, MODEL.items).covariance(), MODEL), 50)
        print(f"250 customers, one fit: {ours * 1000:.2f} ms, GoF {fit.goodness_of_fit:.9f}")
        boot = seconds(lambda: bootstrap_pls(data, MODEL, seed=1, scale=(1, 10)), 3)
        print(f"250 customers, 1000 bootstrap samples: {boot:.3f} s")
        if peer:
            command = [peer, "-c", PEER, str(DATA), ARROWS]
            found = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
            print(f"plspm, one fit: {float(found[0]) * 1000:.1f} ms, GoF {float(found[1]):.9f}")
            print(f"ratio: {float(found[0]) / ours:.0f} times faster")
    for n in (10_000, 100_000, 1_000_000):
        generator = np.random.default_rng(1)
        common = generator.normal(size=(n, 1))
        rows = np.clip(np.round(7 + common + generator.normal(size=(n, len(MODEL.items)))), 1, 10)
        blocks = np.arange(n) % 256

        def work(rows: np.ndarray = rows, blocks: np.ndarray = blocks) -> object:
            return bootstrap_pls(moments(rows, MODEL.items, groups=blocks), MODEL, seed=1, scale=(1, 10))

        start = time.perf_counter()
        work()
        print(f"{n:>9,} answers x 27 questions, moments + fit + 1000 samples: {time.perf_counter() - start:.2f} s")


if __name__ == "__main__":
    main()
