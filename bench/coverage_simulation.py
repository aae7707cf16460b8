"""How often do the intervals of ``zhiyin.satisfaction`` hold what they promise?

Run: python -m bench.coverage_simulation [--repetitions 20000] [--seed 1] [--only shares nps mean ...]

Prints one Markdown table a question, as ``docs/methods/satisfaction.md`` shows them. Shares, NPS and changes are
computed exactly, by adding up the probability of every possible sample; the rest is simulated. Coverage is the share of
samples whose 95 % interval holds the truth; the floor is the lowest coverage at any of the populations tried.
"""

from __future__ import annotations

import argparse
import platform
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special, stats

from zhiyin.maths.clusters import ClusterSums, effective_number
from zhiyin.maths.counts import probability_limits, rate_interval, spread
from zhiyin.maths.intervals import Interval, difference
from zhiyin.maths.reliability import reliability
from zhiyin.maths.scores import score_interval
from zhiyin.maths.shares import clopper_pearson, wilson

Floats = NDArray[np.float64]
SHARES = np.round(np.arange(0.05, 0.9501, 0.001), 4)
ROOM = 1e-9
"""A truth on the limit itself is covered; doubles are not that exact."""


@dataclass(frozen=True)
class Coverage:
    """Of one interval over many populations."""

    mean: float
    floor: float
    where: str
    width: float

    def row(self, *names: object) -> str:
        cells = [*map(str, names), f"{self.mean:.3f}", f"{self.floor:.3f}", self.where, f"{self.width:.3g}"]
        return "| " + " | ".join(cells) + " |"


def summarised(covered: Floats, widths: Floats, labels: list[str]) -> Coverage:
    worst = int(np.argmin(covered))
    return Coverage(float(covered.mean()), float(covered[worst]), labels[worst], float(widths.mean()))


# --- shares: every k of n ------------------------------------------------------------------------------------------


def wald(share: Floats, n: int) -> Interval:
    reach = stats.norm.ppf(0.975) * np.sqrt(share * (1 - share) / n)
    return Interval(share - reach, share + reach)


SHARE_METHODS: dict[str, Callable[[Floats, int], Interval]] = {
    "score (n-1), ours": lambda share, n: wilson(share, n, corrected=True),
    "Wilson": lambda share, n: wilson(share, n),
    "Clopper-Pearson, ours with interval=exact": lambda share, n: clopper_pearson(share, n),
    "textbook (Wald)": wald,
}


def share_coverage(n: int, method: str) -> Coverage:
    """Exact, over shares from .05 to .95 in steps of .001."""
    k = np.arange(n + 1)
    limits = SHARE_METHODS[method](k / n, n)
    chance = stats.binom.pmf(k[None], n, SHARES[:, None])
    held = (limits.low[None] <= SHARES[:, None] + ROOM) & (SHARES[:, None] - ROOM <= limits.high[None])
    return summarised(
        (chance * held).sum(axis=1),
        (chance * (np.minimum(limits.high, 1) - np.maximum(limits.low, 0))).sum(axis=1),
        [f"share {p:.3f}" for p in SHARES],
    )


# --- NPS: every split of n into detractors, passives, promoters ----------------------------------------------------


def splits(n: int) -> NDArray[np.int64]:
    return np.array([(i, n - i - j, j) for i in range(n + 1) for j in range(n + 1 - i)])


def rocks(counts: NDArray[np.int64]) -> Interval:
    """Adjusted Wald of Rocks (2016): three answers more, divided as 3/4, 3/2, 3/4."""
    n = counts.sum(axis=1) + 3
    low, high = (counts[:, 0] + 0.75) / n, (counts[:, 2] + 0.75) / n
    middle = high - low
    reach = stats.norm.ppf(0.975) * np.sqrt((high + low - middle**2) / n)
    return Interval(middle - reach, middle + reach)


NPS_METHODS: dict[str, Callable[[NDArray[np.int64]], Interval]] = {
    "score (n-1), ours": lambda counts: score_interval(counts, [-1, 0, 1]),
    "adjusted Wald (Rocks)": rocks,
}


def nps_coverage(n: int, method: str) -> Coverage:
    """Exact, over all shares of promoters and detractors from .05 on in steps of .05."""
    counts = splits(n)
    limits = NPS_METHODS[method](counts)
    ways = special.gammaln(n + 1) - special.gammaln(counts + 1).sum(axis=1)
    covered, widths, labels = [], [], []
    for detractors in range(1, 20):
        for promoters in range(1, 21 - detractors):
            shares = np.array([detractors, 20 - detractors - promoters, promoters]) / 20
            chance = np.exp(ways + special.xlogy(counts, shares).sum(axis=1))
            truth = shares[2] - shares[0]
            held = (limits.low <= truth + ROOM) & (truth - ROOM <= limits.high)
            covered.append((chance * held).sum())
            widths.append((chance * (np.minimum(limits.high, 1) - np.maximum(limits.low, -1))).sum() * 100)
            labels.append(f"{shares[2]:.2f} promoters, {shares[0]:.2f} detractors")
    return summarised(np.array(covered), np.array(widths), labels)


# --- means on scales -----------------------------------------------------------------------------------------------


def shapes(points: int) -> Iterator[tuple[str, Floats]]:
    """Populations of answers in which no answer has a share above .95: seven kinds, from two camps to a ceiling."""
    return ((name, chances) for name, chances in all_shapes(points) if chances.max() <= 0.95 * chances.sum() + ROOM)


def all_shapes(points: int) -> Iterator[tuple[str, Floats]]:
    edges = np.linspace(0, 1, points + 1)
    for mean in np.round(np.arange(0.05, 0.951, 0.05), 2):
        for name, mass in (("polarised", 0.6), ("flat", 2), ("peaked", 8)):
            yield f"{name} {mean:.2f}", np.diff(stats.beta.cdf(edges, mean * mass, (1 - mean) * mass))
        ends, next_to_top, spread_below, mixed = (np.zeros(points) for _ in range(4))
        ends[[0, -1]] = 1 - mean, mean
        yield f"only the ends {mean:.2f}", ends
        next_to_top[[-2, -1]] = 1 - mean, mean
        yield f"only the top two {mean:.2f}", next_to_top
        spread_below[:-1], spread_below[-1] = (1 - mean) / (points - 1), mean
        yield f"top {mean:.2f}, rest even", spread_below
        mixed[[0, -2, -1]] = 0.2 * (1 - mean), 0.8 * (1 - mean), mean
        yield f"top {mean:.2f}, few at the bottom", mixed


def t_interval(counts: Floats, places: Floats) -> Interval:
    n = counts.sum(axis=1)
    mean = counts @ places / n
    variance = np.maximum(counts @ places**2 - n * mean**2, 0) / (n - 1)
    reach = stats.t.ppf(0.975, n - 1) * np.sqrt(variance / n)
    return Interval(mean - reach, mean + reach)


MEAN_METHODS: dict[str, Callable[[Floats, Floats], Interval]] = {
    "score (n-1), ours": lambda counts, places: score_interval(counts, places),
    "t": t_interval,
}


def mean_coverage(points: int, n: int, method: str, repetitions: int, seed: int) -> Coverage:
    """Simulated, over all shapes; the same samples for every method."""
    generator = np.random.default_rng([seed, points, n])
    places = np.linspace(0, 100, points)
    covered, widths, labels = [], [], []
    for name, chances in shapes(points):
        samples = generator.multinomial(n, chances / chances.sum(), repetitions)
        counts, times = np.unique(samples, axis=0, return_counts=True)
        limits = MEAN_METHODS[method](counts.astype(float), places)
        truth = chances @ places / chances.sum()
        held = (limits.low <= truth + ROOM) & (truth - ROOM <= limits.high)
        covered.append((times * held).sum() / repetitions)
        widths.append((times * (np.minimum(limits.high, 100) - np.maximum(limits.low, 0))).sum() / repetitions)
        labels.append(name)
    return summarised(np.array(covered), np.array(widths), labels)


# --- customers who answer several times ----------------------------------------------------------------------------

SIZES: dict[str, Callable[[np.random.Generator, tuple[int, int]], NDArray[np.int64]]] = {
    "mostly once": lambda generator, shape: 1 + generator.poisson(0.4, shape),
    "three on average": lambda generator, shape: generator.geometric(1 / 3, shape),
    "five each": lambda generator, shape: np.full(shape, 5),
    "a few very often": lambda generator, shape: np.minimum(
        np.ceil((1 - generator.random(shape)) ** (-1 / 1.2)), 200
    ).astype(np.int64),
}
CORRELATIONS = (0.0, 0.2, 0.6, 1.0)
CLUSTERED_SHARES = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
SCORES = {
    "share": (np.array([0.0, 1.0]), lambda p: np.array([1 - p, p])),
    "NPS": (np.array([-1.0, 0.0, 1.0]), lambda p: np.array([(1 - p) * 0.7, (1 - p) * 0.3, p])),
    "mean of 5": (np.linspace(0, 1, 5), lambda p: np.array([0.3, 0.1, 0.2, 0.4, 0]) * (1 - p) + np.eye(5)[4] * p),
}


def draw_customers(
    generator: np.random.Generator, sizes: NDArray[np.int64], chances: Floats, correlation: float
) -> NDArray[np.int64]:
    """Counts (repetitions, customers, scores): opinions vary between customers by the correlation."""
    if correlation == 0:
        opinion = np.broadcast_to(chances, (*sizes.shape, len(chances)))
    elif correlation == 1:
        opinion = generator.multinomial(1, chances, sizes.shape).astype(float)
    else:
        mass = (1 - correlation) / correlation
        parts = generator.standard_gamma(np.maximum(chances * mass, 1e-12), (*sizes.shape, len(chances)))
        opinion = parts / np.maximum(parts.sum(axis=-1, keepdims=True), 1e-300)
        lost = parts.sum(axis=-1) < 1e-300
        opinion[lost] = generator.multinomial(1, chances, int(lost.sum()))
    return generator.multinomial(sizes, opinion)


def cluster_sums(counts: NDArray[np.int64], places: Floats) -> ClusterSums:
    sizes = counts.sum(axis=2).astype(float)
    totals = counts @ places
    return ClusterSums(
        customers=np.full(len(counts), float(counts.shape[1])),
        answers=sizes.sum(axis=1),
        totals=totals.sum(axis=1),
        squares=(counts @ places**2).sum(axis=1),
        sizes_squared=(sizes**2).sum(axis=1),
        totals_squared=(totals**2).sum(axis=1),
        sizes_by_totals=(sizes * totals).sum(axis=1),
        totals_squared_by_size=(totals**2 / sizes).sum(axis=1),
    )


def ours_clustered(counts: NDArray[np.int64], places: Floats) -> Interval:
    effective = effective_number(cluster_sums(counts, places), lowest=places[0], highest=places[-1])
    return score_interval(counts.sum(axis=1), places, effective=effective)


def usual_clustered(counts: NDArray[np.int64], places: Floats) -> Interval:
    """Cluster-robust variance CR1 with t and customers - 1 degrees of freedom, as statistical packages print it."""
    sums = cluster_sums(counts, places)
    n, groups = sums.answers, sums.customers
    mean = sums.totals / n
    residuals = sums.totals_squared - 2 * mean * sums.sizes_by_totals + mean**2 * sums.sizes_squared
    reach = stats.t.ppf(0.975, groups - 1) * np.sqrt(np.maximum(residuals, 0) / n**2 * groups / (groups - 1))
    return Interval(mean - reach, mean + reach)


def ignored_clustered(counts: NDArray[np.int64], places: Floats) -> Interval:
    return score_interval(counts.sum(axis=1), places)


CLUSTERED_METHODS: dict[str, Callable[[NDArray[np.int64], Floats], Interval]] = {
    "ours": ours_clustered,
    "CR1 and t": usual_clustered,
    "customers ignored": ignored_clustered,
}


def clustered_coverage(kind: str, sizes: str, customers: int, method: str, repetitions: int, seed: int) -> Coverage:
    """Simulated, over shares .05 to .95 and correlations 0 to 1; samples of fewer than 20 answers are left out."""
    generator = np.random.default_rng([seed, customers, list(SIZES).index(sizes)])
    places, population = SCORES[kind]
    covered, widths, labels = [], [], []
    for correlation in CORRELATIONS:
        for share in CLUSTERED_SHARES:
            chances = population(share)
            drawn = SIZES[sizes](generator, (repetitions, customers))
            counts = draw_customers(generator, drawn, chances, correlation)
            counts = counts[drawn.sum(axis=1) >= 20]
            limits = CLUSTERED_METHODS[method](counts, places)
            truth = chances @ places
            covered.append(((limits.low <= truth + ROOM) & (truth - ROOM <= limits.high)).mean())
            bounded = np.minimum(limits.high, places[-1]) - np.maximum(limits.low, places[0])
            widths.append(bounded.mean() / (places[-1] - places[0]))
            labels.append(f"share {share:.2f}, correlation {correlation:.1f}")
    return summarised(np.array(covered), np.array(widths), labels)


# --- rates, changes, limits, reliability ---------------------------------------------------------------------------


def rate_coverage(expected: float, repeated: float, repetitions: int, seed: int) -> tuple[float, float]:
    """Coverage of the rate interval, and of Garwood's without regard to customers who complain several times."""
    generator = np.random.default_rng([seed, int(expected * 100), int(repeated * 100)])
    complainers = generator.poisson(expected, repetitions)
    most = int(complainers.max(initial=1)) or 1
    times = 1 + (generator.geometric(1 - repeated, (repetitions, most)) - 1 if repeated else 0)
    times = np.where(np.arange(most) < complainers[:, None], times, 0)
    events, base = times.sum(axis=1).astype(float), np.ones(repetitions)
    truth = expected / (1 - repeated)
    covered = []
    for options in ({"squared": (times**2).sum(axis=1), "largest": times.max(axis=1)}, {}):
        limits = rate_interval(events, base, **options)
        covered.append(float(((limits.low <= truth) & (truth <= limits.high)).mean()))
    return covered[0], covered[1]


def change_coverage(first: int, second: int) -> Coverage:
    """Coverage of the difference of two shares with n answers each: exact, over a grid of pairs of shares."""
    k, m = np.arange(first + 1) / first, np.arange(second + 1) / second
    a, b = wilson(k, np.full(first + 1, first), corrected=True), wilson(m, np.full(second + 1, second), corrected=True)
    limits = difference(
        k[:, None], Interval(a.low[:, None], a.high[:, None]), m[None], Interval(b.low[None], b.high[None])
    )
    covered, widths, labels = [], [], []
    for p in CLUSTERED_SHARES:
        for q in CLUSTERED_SHARES:
            chance = np.outer(
                stats.binom.pmf(np.arange(first + 1), first, p), stats.binom.pmf(np.arange(second + 1), second, q)
            )
            held = (limits.low <= p - q + ROOM) & (p - q - ROOM <= limits.high)
            covered.append((chance * held).sum())
            widths.append((chance * (limits.high - limits.low)).sum())
            labels.append(f"shares {p:.2f} and {q:.2f}")
    return summarised(np.array(covered), np.array(widths), labels)


def false_alarms(expected: float, extra: float, repetitions: int, seed: int) -> tuple[float, float, float]:
    """Share of points outside: our limits, limits without the spread, and symmetric three-sigma limits.

    24 points a chart, denominators that differ by a factor of four, and rates that vary by ``extra`` (coefficient of
    variation) for harmless reasons.
    """
    generator = np.random.default_rng([seed, int(expected * 10), int(extra * 100)])
    outside = np.zeros(3)
    for _ in range(repetitions):
        base = generator.uniform(0.5, 2.0, 24) * 10_000
        rates = expected / 10_000 * (generator.gamma(1 / extra**2, extra**2, 24) if extra else 1.0)
        events = generator.poisson(rates * base).astype(float)
        if events.sum() == 0:
            continue
        rate, share = float(events.sum() / base.sum()), events / base
        for place, widened in ((0, spread(events, base, ordered=True)), (1, 1.0)):
            limits = probability_limits(rate, base, spread=widened)
            outside[place] += ((share > limits.high) | (share < limits.low)).sum()
        outside[2] += (np.abs(share - rate) > 3 * np.sqrt(rate / base)).sum()
    alarms = outside / (24 * repetitions)
    return float(alarms[0]), float(alarms[1]), float(alarms[2])


def reliability_error(groups: int, truth: float, repetitions: int, seed: int) -> tuple[float, float, float]:
    """Mean and 10 % and 90 % quantiles of the reliability estimated from that many groups of 50 answers of 1 to 5."""
    generator = np.random.default_rng([seed, groups, int(truth * 100)])
    signal = truth / (1 - truth) / 50
    found = []
    for _ in range(repetitions):
        means = generator.normal(0, np.sqrt(signal), groups) + generator.normal(0, np.sqrt(1 / 50), groups)
        variances = generator.chisquare(49, groups) / 50
        result = reliability(means, variances, np.full(groups, 50.0))
        if result is not None:
            found.append(result.shares[0])
    low, high = np.quantile(found, [0.1, 0.9])
    return float(np.mean(found)), float(low), float(high)


# --- printing ------------------------------------------------------------------------------------------------------


def print_shares(repetitions: int, seed: int) -> None:
    print("\n### Shares (exact; shares .05 to .95 in steps of .001)\n")
    print("| n | interval | mean | floor | at | mean width |\n|---|---|---|---|---|---|")
    for n in (20, 30, 50, 100, 200, 1000):
        for method in SHARE_METHODS:
            print(share_coverage(n, method).row(n, method))
    for method in list(SHARE_METHODS)[:2]:
        worst = min((share_coverage(n, method) for n in range(20, 301)), key=lambda found: found.floor)
        print(worst.row("any of 20-300", method))


def print_nps(repetitions: int, seed: int) -> None:
    print("\n### NPS (exact; all shares of promoters and detractors from .05 in steps of .05)\n")
    print("| n | interval | mean | floor | at | mean width |\n|---|---|---|---|---|---|")
    for n in (20, 30, 50, 100, 200):
        for method in NPS_METHODS:
            print(nps_coverage(n, method).row(n, method))
    for method in NPS_METHODS:
        worst = min((nps_coverage(n, method) for n in range(20, 61)), key=lambda found: found.floor)
        print(worst.row("any of 20-60", method))


def print_mean(repetitions: int, seed: int) -> None:
    print(f"\n### Mean score 0-100 (about 130 shapes of answers, {repetitions:,} samples each)\n")
    print("| points | n | interval | mean | floor | at | mean width |\n|---|---|---|---|---|---|---|")
    for points in (5, 7, 11):
        for n in (20, 50, 200):
            for method in MEAN_METHODS:
                print(mean_coverage(points, n, method, repetitions, seed).row(points, n, method))


def print_clustered(repetitions: int, seed: int) -> None:
    few = max(repetitions // 10, 200)
    print(f"\n### Customers who answer several times (44 populations, {few:,} samples each)\n")
    print("| measure | answers a customer | customers | interval | mean | floor | at | width |")
    print("|---|---|---|---|---|---|---|---|")
    for kind, sizes, customers in [
        *(("share", sizes, customers) for sizes in SIZES for customers in (20, 50, 200)),
        *((kind, "three on average", customers) for kind in ("NPS", "mean of 5") for customers in (20, 50, 200)),
    ]:
        for method in CLUSTERED_METHODS:
            print(clustered_coverage(kind, sizes, customers, method, few, seed).row(kind, sizes, customers, method))


def print_rates(repetitions: int, seed: int) -> None:
    print(f"\n### Dissatisfied per 10,000 ({repetitions:,} samples each)\n")
    print(
        "| customers expected to complain | complaining again | ours | Garwood, customers ignored |\n|---|---|---|---|"
    )
    for expected in (1.0, 3.0, 10.0, 30.0, 100.0):
        for repeated in (0.0, 0.3):
            ours, plain = rate_coverage(expected, repeated, repetitions, seed)
            print(f"| {expected:g} | {repeated:.0%} | {ours:.3f} | {plain:.3f} |")


def print_changes(repetitions: int, seed: int) -> None:
    print("\n### Change between two periods (exact; 121 pairs of shares)\n")
    print("| n before | n now | mean | floor | at | mean width |\n|---|---|---|---|---|---|")
    for first, second in ((20, 20), (50, 20), (100, 100), (500, 50)):
        print(change_coverage(first, second).row(first, second))


def print_limits(repetitions: int, seed: int) -> None:
    few = max(repetitions // 20, 100)
    print(f"\n### Control limits: points out of control though nothing happened ({few:,} charts of 24 points)\n")
    print("| expected count | harmless variation | ours | without spread | symmetric 3 sigma |\n|---|---|---|---|---|")
    for expected in (1.0, 5.0, 20.0, 100.0):
        for extra in (0.0, 0.3):
            ours, plain, symmetric = false_alarms(expected, extra, few, seed)
            print(f"| {expected:g} | {extra:.0%} | {ours:.2%} | {plain:.2%} | {symmetric:.2%} |")


def print_reliability(repetitions: int, seed: int) -> None:
    few = max(repetitions // 10, 200)
    print(f"\n### Reliability estimated from few groups ({few:,} samples)\n")
    print("| groups | true | mean of estimates | 80 % of estimates lie in |\n|---|---|---|---|")
    for groups in (5, 8, 20, 100):
        for truth in (0.3, 0.7, 0.9):
            mean, low, high = reliability_error(groups, truth, few, seed)
            print(f"| {groups} | {truth:.1f} | {mean:.2f} | {low:.2f} to {high:.2f} |")


QUESTIONS: dict[str, Callable[[int, int], None]] = {
    "shares": print_shares,
    "nps": print_nps,
    "mean": print_mean,
    "clustered": print_clustered,
    "rates": print_rates,
    "changes": print_changes,
    "limits": print_limits,
    "reliability": print_reliability,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repetitions", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=sorted(QUESTIONS), default=list(QUESTIONS))
    options = parser.parse_args()
    began = time.monotonic()
    for name in options.only:
        QUESTIONS[name](options.repetitions, options.seed)
    print(f"\nSeed {options.seed}, {time.monotonic() - began:.0f} s on {platform.machine()}, numpy {np.__version__}.")


if __name__ == "__main__":
    main()
