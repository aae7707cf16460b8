"""Raking beside ``ipfn``: the same margins, the same weights.

Run: python bench/raking.py [--peer PYTHON]   (a Python that has ipfn)
"""

from __future__ import annotations

import argparse
import platform
import subprocess
import tempfile
import time

import numpy as np

from zhiyin.maths.raking import Margin, rake

PEER = """
import sys, time, numpy as np, pandas as pd
from ipfn.ipfn import ipfn
d = np.load(sys.argv[1])
codes, totals = d["codes"], d["totals"]
k = len(totals)
frame = pd.DataFrame({f"m{j}": codes[j] for j in range(k)})
frame["total"] = 1.0
names = [f"m{j}" for j in range(k)]
aggregates = [pd.Series(totals[j], index=pd.Index(range(len(totals[j])), name=names[j])) for j in range(k)]
start = time.perf_counter()
fitted = ipfn(frame, aggregates, [[name] for name in names], convergence_rate=1e-10).iteration()
print(time.perf_counter() - start)
np.save(sys.argv[2], fitted["total"].to_numpy())
"""


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--peer", help="a Python that has ipfn")
    peer = parser.parse_args().peer
    print(f"{platform.machine()}, Python {platform.python_version()}, numpy {np.__version__}")
    for n in (10_000, 100_000, 1_000_000):
        generator = np.random.default_rng(1)
        codes = generator.integers(0, 5, (6, n))
        totals = np.tile([1.2, 1.1, 1.0, 0.9, 0.8], (6, 1)) * n
        margins = [
            Margin(f"m{place}", code, total) for place, (code, total) in enumerate(zip(codes, totals, strict=True))
        ]
        start = time.perf_counter()
        raked = rake(np.ones(n), margins)
        seconds = time.perf_counter() - start
        y = generator.normal(size=n)
        start = time.perf_counter()
        raked.mean(y)
        print(f"{n:>9,} answers x 6 margins: {seconds:.3f} s, error of a mean {time.perf_counter() - start:.3f} s")
        if peer:
            with tempfile.NamedTemporaryFile(suffix=".npz") as given, tempfile.NamedTemporaryFile(suffix=".npy") as got:
                np.savez(given, codes=codes, totals=totals)
                given.flush()
                command = [peer, "-W", "ignore", "-c", PEER, given.name, got.name]
                done = subprocess.run(command, check=True, capture_output=True, text=True)
                theirs = float(done.stdout.split()[-1])
                gap = np.abs(np.load(got.name) / raked.weights - 1).max()
            print(
                f"          ipfn: {theirs:.2f} s, ratio {theirs / seconds:.0f}, largest relative difference {gap:.1e}"
            )


if __name__ == "__main__":
    main()
