"""How many answers they are worth: bounds, and the cases that can be told by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.maths.clusters import ClusterSums, effective_number


def sums_of(customers: Sequence[Sequence[int]]) -> ClusterSums:
    """From the scores of each customer."""
    sizes = np.array([len(scores) for scores in customers], dtype=float)
    totals = np.array([sum(scores) for scores in customers], dtype=float)
    whole = (
        len(customers),
        sizes.sum(),
        totals.sum(),
        sum(score**2 for scores in customers for score in scores),
        (sizes**2).sum(),
        (totals**2).sum(),
        (sizes * totals).sum(),
        (totals**2 / sizes).sum(),
    )
    return ClusterSums(*(np.array([value], dtype=float) for value in whole))


def worth(customers: Sequence[Sequence[int]], lowest: int = 0, highest: int = 1) -> float:
    return float(effective_number(sums_of(customers), lowest=lowest, highest=highest)[0])


opinions = st.lists(st.lists(st.integers(0, 1), min_size=1, max_size=6), min_size=1, max_size=30)


@given(opinions)
def test_answers_are_worth_between_one_and_all_of_them(customers: list[list[int]]):
    assert 1 <= worth(customers) <= sum(map(len, customers))


@given(st.lists(st.integers(0, 1), min_size=2, max_size=60))
def test_answers_of_different_customers_are_worth_all(scores: list[int]):
    assert worth([[score] for score in scores]) == len(scores)


@given(st.integers(1, 10_000), st.integers(0, 1))
def test_answers_of_one_customer_are_worth_one(times: int, score: int):
    assert worth([[score] * times]) == 1


def test_unanimous_customers_are_worth_one_each():
    assert worth([[1] * 3] * 4 + [[0] * 3] * 6) == pytest.approx(10)
    assert worth([[1] * 5] * 20) == pytest.approx(20)


def test_customers_who_do_not_resemble_themselves_are_worth_nearly_all():
    customers = [[0, 1], [1, 0]] * 50
    assert 190 < worth(customers) <= 200


def test_one_who_answers_ten_thousand_times_drowns_the_others():
    assert worth([[1] * 10_000] + [[score] for score in (0, 1) * 25]) < 2


def test_often_and_otherwise_is_seen_by_the_residuals():
    # 90 customers answer once, 95 % satisfied; 10 answer ten times, 20 % satisfied.
    once = [[1]] * 85 + [[0]] * 5
    often = [[1, 1, *[0] * 8]] * 10
    assert worth(once + often) == pytest.approx(62.8, abs=0.1)  # the correlation alone would say 79.7


@given(opinions, st.integers(-5, 5), st.integers(1, 7))
def test_moving_and_stretching_the_scale_changes_nothing(customers: list[list[int]], shift: int, stretch: int):
    moved = [[stretch * score + shift for score in scores] for scores in customers]
    assert worth(moved, shift, shift + stretch) == pytest.approx(worth(customers), rel=1e-9)


@given(opinions)
def test_turning_the_scale_round_changes_nothing(customers: list[list[int]]):
    assert worth([[1 - score for score in scores] for scores in customers]) == pytest.approx(worth(customers), rel=1e-9)
