"""Who ends up in the bottom tenth: plain means beside mix adjustment, shrinkage and the crossed mixed model.

Run: python bench/fairness.py [--staff N]

Staff of four desks with true skills are rated by customers of differing leniency, through three modes. Everything is
simulated; the table says how well each score finds the truly worst tenth, whom it blames wrongly, and how large a part
of its bottom tenth sits at the collections desk (a quarter of all staff do).
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from scipy.stats import spearmanr

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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--staff", type=int, default=20_000)
    staff = parser.parse_args().staff
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
