"""The interval of a mean of scores: its special cases have names and published values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize

from zhiyin.maths.arrays import OutOfRange, WrongShape
from zhiyin.maths.intervals import Interval, normal_quantile
from zhiyin.maths.scores import score_interval
from zhiyin.maths.shares import wilson

FIVE = (0, 25, 50, 75, 100)


def pair(limits: Interval) -> tuple[float, float]:
    return float(limits.low[0]), float(limits.high[0])


def counts_of(draw: st.DrawFn, scores: int) -> list[int]:
    return draw(st.lists(st.integers(0, 60), min_size=scores, max_size=scores).filter(lambda counts: sum(counts) > 1))


@st.composite
def samples(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    """Counts and ascending scores."""
    scores = sorted(draw(st.sets(st.integers(-180, 180), min_size=2, max_size=11)))
    return counts_of(draw, len(scores)), scores


def test_two_scores_give_the_corrected_interval_of_wilson():
    k = np.arange(0, 38)
    found = score_interval(np.stack([37 - k, k], axis=1), [0, 1])
    expected = wilson(k / 37, np.full(38, 37), corrected=True)
    np.testing.assert_allclose(found.low, expected.low, atol=1e-12)
    np.testing.assert_allclose(found.high, expected.high, atol=1e-12)


def test_three_scores_give_the_published_interval_of_tango():
    # 21 children, 7 worse and 1 better: Fagerland, Lydersen and Laake (2014), Statistics in Medicine 33, 2850-2875.
    found = score_interval([[7, 13, 1]], [-1, 0, 1], effective=[22])  # n - 1 = 21 is Tango's n
    assert pair(found) == pytest.approx((-0.517, -0.026), abs=5e-4)


def test_everybody_at_the_top_leaves_room_below():
    # As for a share of 1 with N = 19: 100 * 19 / (19 + z^2)
    low, high = pair(score_interval([[0, 0, 0, 0, 20]], FIVE))
    assert low == pytest.approx(1900 / (19 + normal_quantile(0.95) ** 2), abs=1e-9)
    assert high == 100


def test_one_answer_says_nothing():
    assert pair(score_interval([[0, 0, 1, 0, 0]], FIVE)) == (0, 100)


def test_many_answers_come_close_to_the_textbook():
    counts, places = np.array([[3000, 2000, 1000, 3000, 6000]]), np.array(FIVE)
    n = counts.sum()
    mean = float((counts @ places)[0] / n)
    reach = 1.959964 * np.sqrt(float((counts @ places**2)[0]) / n - mean**2) / np.sqrt(n)
    assert pair(score_interval(counts, places)) == pytest.approx((mean - reach, mean + reach), abs=0.02)


def most_likely_variance(counts: np.ndarray, places: np.ndarray, theta: float) -> float:
    """Variance under the most likely population of mean theta, found by a general optimiser."""
    n = counts.sum()
    start = np.full(len(places), 1 / len(places))
    found = optimize.minimize(
        lambda p: -np.sum(counts * np.log(np.maximum(p, 1e-300))) / n,
        start,
        jac=lambda p: -counts / np.maximum(p, 1e-12) / n,
        bounds=[(1e-12, 1)] * len(places),
        constraints=[
            {"type": "eq", "fun": lambda p: p.sum() - 1, "jac": lambda p: np.ones_like(p)},
            {"type": "eq", "fun": lambda p: p @ places - theta, "jac": lambda p: places},
        ],
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-14},
    )
    p = found.x / found.x.sum()
    return float(p @ places**2 - (p @ places) ** 2)


@pytest.mark.parametrize(
    "counts", [[2, 3, 5, 4, 6], [0, 0, 4, 6, 10], [0, 1, 0, 0, 19], [1, 0, 0, 0, 24], [8, 0, 0, 5, 0]]
)
def test_limits_solve_the_equation_they_are_defined_by(counts: list[int]):
    array, places = np.array(counts, dtype=float), np.linspace(0, 1, 5)
    n, square = array.sum(), normal_quantile(0.95) ** 2
    mean = array @ places / n
    for limit in pair(score_interval([counts], places)):
        if 0 < limit < 1:
            variance = most_likely_variance(array, places, limit)
            assert (n - 1) * (mean - limit) ** 2 == pytest.approx(square * variance, rel=2e-3)


@given(samples())
def test_limits_enclose_the_mean_and_stay_on_the_scale(sample: tuple[list[int], list[int]]):
    counts, scores = sample
    mean = float(np.dot(counts, scores) / sum(counts))
    low, high = pair(score_interval([counts], scores))
    assert scores[0] - 1e-9 <= low <= mean + 1e-9
    assert mean - 1e-9 <= high <= scores[-1] + 1e-9
    assert high - low > 1e-3


@given(samples(), st.integers(-50, 50), st.integers(1, 9))
def test_limits_move_with_the_scale(sample: tuple[list[int], list[int]], shift: int, stretch: int):
    counts, scores = sample
    low, high = pair(score_interval([counts], scores))
    moved = pair(score_interval([counts], [stretch * score + shift for score in scores]))
    assert moved == pytest.approx((stretch * low + shift, stretch * high + shift), abs=1e-6)


@given(samples())
def test_limits_mirror_with_the_scale(sample: tuple[list[int], list[int]]):
    counts, scores = sample
    low, high = pair(score_interval([counts], scores))
    assert pair(score_interval([counts[::-1]], [-s for s in scores[::-1]])) == pytest.approx((-high, -low), abs=1e-7)


@given(samples(), st.data())
def test_a_better_answer_never_lowers_a_limit(sample: tuple[list[int], list[int]], data: st.DataObject):
    counts, scores = sample
    place = data.draw(st.sampled_from([i for i, count in enumerate(counts[:-1]) if count] or [-1]))
    if place < 0:
        return
    better = list(counts)
    better[place] -= 1
    better[place + 1] += 1
    before, after = pair(score_interval([counts], scores)), pair(score_interval([better], scores))
    assert before[0] <= after[0] + 1e-7
    assert before[1] <= after[1] + 1e-7


@given(samples())
def test_fewer_effective_answers_never_narrow_the_interval(sample: tuple[list[int], list[int]]):
    counts, scores = sample
    whole = pair(score_interval([counts], scores))
    half = pair(score_interval([counts], scores, effective=[max(1.0, sum(counts) / 2)]))
    assert half[0] <= whole[0] + 1e-9
    assert whole[1] - 1e-9 <= half[1]


@settings(max_examples=50)
@given(st.lists(samples(), min_size=2, max_size=5))
def test_rows_do_not_touch_each_other(rows: list[tuple[list[int], list[int]]]):
    scores = rows[0][1]
    tables = [counts for counts, other in rows if len(other) == len(scores)]
    together = score_interval(tables, scores)
    for place, counts in enumerate(tables):
        expected = pytest.approx((together.low[place], together.high[place]), abs=1e-9)
        assert pair(score_interval([counts], scores)) == expected


@pytest.mark.parametrize(
    ("counts", "scores", "error"),
    [
        ([[1, 2, 3]], [0, 1], WrongShape),
        ([[1]], [0], WrongShape),
        ([1, 2], [0, 1], WrongShape),
        ([[1, 2]], [1, 0], OutOfRange),
        ([[-1, 2]], [0, 1], OutOfRange),
        ([[0, 0]], [0, 1], OutOfRange),
    ],
)
def test_impossible_counts_are_refused(counts: list, scores: list[int], error: type[Exception]):
    with pytest.raises(error):
        score_interval(counts, scores)


def test_an_effective_number_below_one_is_refused():
    with pytest.raises(OutOfRange, match="effective"):
        score_interval([[1, 2]], [0, 1], effective=[0.5])
