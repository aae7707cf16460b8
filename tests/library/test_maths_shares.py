"""Intervals of a share against published values, and what must hold for every share."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from zhiyin.maths.arrays import OutOfRange
from zhiyin.maths.intervals import Interval, difference, normal_quantile
from zhiyin.maths.shares import clopper_pearson, wilson

NEWCOMBE = [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0000, 0.1611), (1, 29, 0.0061, 0.1718)]
"""Hits, trials, and Wilson's limits: Newcombe (1998), Statistics in Medicine 17, 857-872, table I, method 3."""
NEWCOMBE_EXACT = [
    (81, 263, 0.2527, 0.3676),
    (15, 148, 0.0578, 0.1617),
    (0, 20, 0.0000, 0.1684),
    (1, 29, 0.0009, 0.1776),
]
"""The same for Clopper-Pearson, method 5."""
NEWCOMBE_DIFFERENCES = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (10, 10, 0, 20, 0.6791, 1.0000),
]
"""Hits and trials of two shares, limits of their difference: Newcombe (1998), 17, 873-890, table II, method 10."""


def pair(limits: Interval) -> tuple[float, float]:
    return float(limits.low[0]), float(limits.high[0])


@pytest.mark.parametrize(("hits", "trials", "low", "high"), NEWCOMBE)
def test_wilson_gives_the_published_limits(hits: int, trials: int, low: float, high: float):
    assert pair(wilson([hits / trials], [trials])) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("hits", "trials", "low", "high"), NEWCOMBE_EXACT)
def test_clopper_pearson_gives_the_published_limits(hits: int, trials: int, low: float, high: float):
    assert pair(clopper_pearson([hits / trials], [trials])) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(("a", "m", "b", "n", "low", "high"), NEWCOMBE_DIFFERENCES)
def test_difference_of_two_wilson_intervals_gives_the_published_limits(
    a: int, m: int, b: int, n: int, low: float, high: float
):
    found = difference([a / m], wilson([a / m], [m]), [b / n], wilson([b / n], [n]))
    assert pair(found) == pytest.approx((low, high), abs=5e-5)


def test_corrected_wilson_by_hand():
    # 9 of 10, N = 9, z = 1.959964: (8.1 + 1.920729 +- 1.959964 sqrt(0.81 + 0.960365)) / (9 + 3.841459)
    reach = 1.959964 * math.sqrt(0.81 + 0.960365)
    expected = ((8.1 + 1.920729 - reach) / 12.841459, (8.1 + 1.920729 + reach) / 12.841459)
    assert pair(wilson([0.9], [10], corrected=True)) == pytest.approx(expected, abs=1e-6)


def test_one_answer_says_nothing_once_corrected():
    assert pair(wilson([1.0], [1], corrected=True)) == (0.0, 1.0)
    assert pair(wilson([0.37], [1], corrected=True)) == pytest.approx((0.0, 1.0), abs=1e-12)


@pytest.mark.parametrize("level", [0.8, 0.9, 0.95, 0.99])
def test_normal_quantile_encloses_the_level(level: float):
    z = normal_quantile(level)
    assert stats.norm.cdf(z) - stats.norm.cdf(-z) == pytest.approx(level, abs=1e-12)


@given(st.integers(1, 500), st.floats(0, 1), st.booleans(), st.sampled_from([0.8, 0.95, 0.99]))
def test_limits_enclose_the_share_and_stay_within_0_and_1(n: int, share: float, corrected: bool, level: float):
    for limits in (wilson([share], [n], level=level, corrected=corrected), clopper_pearson([share], [n], level=level)):
        low, high = pair(limits)
        assert -1e-12 <= low <= share + 1e-12
        assert share - 1e-12 <= high <= 1 + 1e-12


@given(st.integers(1, 300), st.data())
def test_more_hits_never_lower_a_limit(n: int, data: st.DataObject):
    k = data.draw(st.integers(0, n - 1))
    for method in (wilson, clopper_pearson, lambda p, t: wilson(p, t, corrected=True)):
        limits = method(np.array([k, k + 1]) / n, np.array([n, n]))
        assert limits.low[0] <= limits.low[1] + 1e-12
        assert limits.high[0] <= limits.high[1] + 1e-12


@given(st.integers(1, 300), st.data())
def test_counting_misses_mirrors_the_interval(n: int, data: st.DataObject):
    k = data.draw(st.integers(0, n))
    for method in (wilson, clopper_pearson, lambda p, t: wilson(p, t, corrected=True)):
        hits, misses = method([k / n], [n]), method([1 - k / n], [n])
        assert float(hits.low[0]) == pytest.approx(1 - float(misses.high[0]), abs=1e-9)


@given(st.floats(0, 1), st.floats(0, 1), st.integers(1, 200), st.integers(1, 200))
def test_difference_encloses_the_difference_and_turns_round_with_it(p: float, q: float, m: int, n: int):
    a, b = wilson([p], [m]), wilson([q], [n])
    forth, back = difference([p], a, [q], b), difference([q], b, [p], a)
    assert float(forth.low[0]) <= p - q + 1e-9
    assert p - q - 1e-9 <= float(forth.high[0])
    assert float(forth.low[0]) == pytest.approx(-float(back.high[0]), abs=1e-12)


@pytest.mark.parametrize(("share", "trials"), [(-0.1, 5), (1.1, 5), (float("nan"), 5), (0.5, 0)])
@pytest.mark.parametrize("method", [wilson, clopper_pearson])
def test_impossible_counts_are_refused(method, share: float, trials: int):
    with pytest.raises(OutOfRange):
        method([share], [trials])


@pytest.mark.parametrize("level", [0, 1, -0.5, 95])
def test_a_level_outside_0_and_1_is_refused(level: float):
    with pytest.raises(OutOfRange, match="level"):
        normal_quantile(level)
