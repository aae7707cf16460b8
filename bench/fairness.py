"""Who ends up in the bottom tenth: plain means beside mix adjustment, shrinkage and the crossed mixed model.

Run: python bench/fairness.py [--staff N] [--engine RATINGS]

Staff of four desks with true skills are rated by customers of differing leniency, through three modes. Everything is
simulated; the table says how well each score finds the truly worst tenth, whom it blames wrongly, and how large a part
of its bottom tenth sits at the collections desk (a quarter of all staff do). ``--engine`` times the whole way instead,
from strings in a Parquet file to ranks.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from scipy.stats import spearmanr

from zhiyin.engine import DuckEngine
from zhiyin.fairness import crossed_comparison
from zhiyin.maths.crossed import Factor
from zhiyin.maths.mix import Cells, adjusted_means
from zhiyin.maths.mixed import fit_mixed
from zhiyin.maths.small_area import fit_areas

DESK = np.array([0.0, 0.1, -0.1, -0.45])  # counter, wealth, lending, collections: what the desk does to a rating
MODE = np.array([0.0, 0.15, 0.35])


class Ratings:
    def __init__(self, staff: int, each: int, seed: int = 1) -> None:
        generator = np.random.default_rng(seed)
        n = staff * each
        self.staff = np.repeat(np.arange(staff), each).astype(np.int32)
        self.main = np.arange(staff) % 4
        elsewhere = generator.random(n) < 0.15
        self.desk = np.where(elsewhere, generator.integers(0, 4, n), self.main[self.staff])
        self.mode = generator.integers(0, 3, n)
        self.unit = (self.staff // 20).astype(np.int32)
        self.customers = n * 3 // 10
        self.customer = generator.integers(0, self.customers, n).astype(np.int32)
        self.skill = 0.22 * generator.normal(size=staff)
        unit = 0.11 * generator.normal(size=staff // 20)[self.unit]
        leniency = 0.5 * generator.normal(size=self.customers)[self.customer]
        score = 4.1 + self.skill[self.staff] + unit + leniency + DESK[self.desk] + MODE[self.mode]
        self.y = np.clip(np.round(score + 0.9 * generator.normal(size=n)), 1, 5)
        self.design = np.column_stack(
            [*(self.desk == level for level in (1, 2, 3)), *(self.mode == level for level in (1, 2))]
        ).astype(np.float32)


def scores(data: Ratings) -> dict[str, tuple[np.ndarray, float]]:
    staff = len(data.skill)
    found = {}
    start = time.perf_counter()
    count = np.bincount(data.staff, minlength=staff)
    found["plain mean"] = np.bincount(data.staff, data.y) / count, time.perf_counter() - start
    start = time.perf_counter()
    cells = Cells(
        unit=data.staff.astype(np.int64),
        units=staff,
        design=data.design.astype(float),
        names=("wealth", "lending", "collections", "mode 1", "mode 2"),
        n=np.ones(len(data.y)),
        total=data.y,
        squares=data.y**2,
    )
    adjusted = adjusted_means(cells)
    found["mix adjusted"] = adjusted.adjusted, time.perf_counter() - start
    fit = fit_areas(adjusted.adjusted, adjusted.errors**2)
    found["adjusted and shrunk"] = fit.estimates, time.perf_counter() - start
    start = time.perf_counter()
    mixed = fit_mixed(
        data.y,
        [
            Factor("customer", data.customer, data.customers),
            Factor("staff", data.staff, staff),
            Factor("unit", data.unit, staff // 20),
        ],
        fixed=data.design,
        names=cells.names,
    )
    found["crossed mixed model"] = mixed.factor("staff").effects, time.perf_counter() - start
    return found


def through_engine(n: int) -> None:
    """Ratings of 20,000 staff in 1,000 units by n / 5 customers, read, coded, fitted and ranked."""
    generator = np.random.default_rng(1)
    staff = generator.integers(0, 20_000, n).astype(np.int32)
    customer = generator.integers(0, n // 5, n).astype(np.int32)
    mode = generator.integers(0, 4, n).astype(np.int32)
    score = 7 + 0.25 * generator.normal(size=20_000)[staff] + 0.6 * generator.normal(size=n // 5)[customer]
    score += 0.15 * generator.normal(size=1000)[staff // 20] + 0.3 * mode + 1.1 * generator.normal(size=n)

    def keys(codes: np.ndarray, prefix: str, levels: int) -> pa.Array:
        names = pa.array([f"{prefix}{code:07d}" for code in range(levels)])
        return pa.DictionaryArray.from_arrays(pa.array(codes), names).cast(pa.string())

    table = pa.table(
        {
            "customer_id": keys(customer, "C", n // 5),
            "staff_id": keys(staff, "S", 20_000),
            "unit_id": keys((staff // 20).astype(np.int32), "Q", 1000),
            "mode": keys(mode, "M", 4),
            "scale": pa.array(["points10"] * n),
            "value": np.clip(np.round(score), 1, 10).astype(np.int16),
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "responses.parquet"
        pq.write_table(table, file)
        schema = table.schema
        del table, score, staff, customer, mode
        engine = DuckEngine(threads=2)
        engine.bind_files("ratings", [file], schema)
        ratings = ibis.table(ibis.Schema.from_pyarrow(schema), name="ratings")
        start, used = time.perf_counter(), time.process_time()
        found = engine.compute(crossed_comparison(ratings))
        wall, cpu = time.perf_counter() - start, time.process_time() - used
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        print(
            f"{n:,} ratings, {n // 5:,} customers, 20,000 staff, 1,000 units: {wall:.1f} s wall, {cpu:.1f} s of cores"
        )
        print(f"peak memory {peak:.1f} GiB (making the data included); {found.ranked:,} ranked; shares {found.shares}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--staff", type=int, default=20_000)
    parser.add_argument("--engine", type=int, help="ratings to take through the engine")
    options = parser.parse_args()
    staff = options.staff
    if options.engine:
        through_engine(options.engine)
        return
    for each in (50, 8):
        data = Ratings(staff, each)
        tenth = staff // 10
        worst = np.zeros(staff, dtype=bool)
        worst[np.argsort(data.skill)[:tenth]] = True
        good = data.skill > np.median(data.skill)
        print(f"{staff:,} staff, {each} ratings each")
        print(f"{'score':22}{'Spearman':>9}{'precision':>11}{'good blamed':>13}{'collections':>13}{'seconds':>9}")
        for name, (score, seconds) in scores(data).items():
            bottom = np.zeros(staff, dtype=bool)
            bottom[np.argsort(score)[:tenth]] = True
            print(
                f"{name:22}{spearmanr(score, data.skill).statistic:9.3f}{(bottom & worst).sum() / tenth:11.3f}"
                f"{(bottom & good).sum() / tenth:13.1%}{(data.main[bottom] == 3).mean():13.1%}{seconds:9.2f}"
            )


if __name__ == "__main__":
    main()
