"""Moments add up, whatever the grouping, and carry the spread within groups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.maths.arrays import NotFinite, TooFew, WrongShape
from zhiyin.maths.moments import Moments, moments

RATINGS = st.lists(st.tuples(st.integers(1, 10), st.integers(1, 10), st.integers(0, 4)), min_size=2, max_size=40)


@given(RATINGS)
def test_moments_do_not_depend_on_how_rows_are_grouped(rows: list[tuple[int, int, int]]) -> None:
    values = np.array([row[:2] for row in rows], dtype=float)
    single = moments(values, ["a", "b"]).pooled()
    grouped = moments(values, ["a", "b"], groups=[row[2] for row in rows]).pooled()
    assert single.sums.tolist() == grouped.sums.tolist()
    assert single.products.tolist() == grouped.products.tolist()


@given(RATINGS)
def test_moments_covariance_equals_a_direct_computation(rows: list[tuple[int, int, int]]) -> None:
    values = np.array([row[:2] for row in rows], dtype=float)
    assert np.allclose(moments(values, ["a", "b"]).covariance(), np.cov(values.T, bias=True), atol=1e-9)


@given(RATINGS)
def test_moments_within_equals_covariance_of_deviations_from_group_means(rows: list[tuple[int, int, int]]) -> None:
    values = np.array([row[:2] for row in rows], dtype=float)
    group = np.array([row[2] for row in rows])
    deviations = values.copy()
    for level in set(group.tolist()):
        deviations[group == level] -= values[group == level].mean(axis=0)
    within = moments(values, ["a", "b"], groups=group).within()
    assert np.allclose(within, deviations.T @ deviations / len(values), atol=1e-9)


def test_moments_of_long_and_of_short_groups_agree() -> None:
    generator = np.random.default_rng(2)
    values = generator.integers(1, 11, size=(600, 3)).astype(float)
    long, short = np.arange(600) % 4, np.arange(600) % 200
    one = moments(values, ["a", "b", "c"], groups=long)
    two = moments(values, ["a", "b", "c"], groups=short).blocks(4)
    assert one.products.tolist() == two.products.tolist()


def test_moments_weights_count_a_row_several_times() -> None:
    weighted = moments([[1.0], [4.0]], ["a"], weights=[2.0, 1.0])
    repeated = moments([[1.0], [1.0], [4.0]], ["a"])
    assert weighted.covariance()[0, 0] == pytest.approx(repeated.covariance()[0, 0])
    assert weighted.n == repeated.n


def test_moments_select_keeps_the_order_asked_for() -> None:
    data = moments([[1.0, 2.0, 3.0], [2.0, 5.0, 7.0]], ["a", "b", "c"])
    assert data.select(["c", "a"]).products.tolist() == data.products[:, [2, 0], :][:, :, [2, 0]].tolist()


def test_moments_blocks_add_up_to_the_same() -> None:
    generator = np.random.default_rng(3)
    data = moments(generator.integers(1, 11, size=(1000, 3)), ["a", "b", "c"])
    blocks = data.blocks(64)
    assert blocks.count.shape == (64,)
    assert blocks.pooled().products.tolist() == data.pooled().products.tolist()


def test_moments_resampled_has_the_spread_of_the_mean() -> None:
    generator = np.random.default_rng(4)
    values = generator.normal(size=(4000, 1))
    means, _ = moments(values, ["a"]).blocks(200).resampled(2000, seed=1)
    assert means[:, 0].std() == pytest.approx(1 / np.sqrt(4000), rel=0.12)


def test_moments_resampled_by_customer_is_wider_when_customers_repeat_themselves() -> None:
    generator = np.random.default_rng(5)
    customer = np.arange(500).repeat(4)
    values = generator.normal(size=500).repeat(4)[:, None]
    by_row, _ = moments(values, ["a"]).resampled(500, seed=1)
    by_customer, _ = moments(values, ["a"], groups=customer).resampled(500, seed=1)
    assert by_customer.std() / by_row.std() == pytest.approx(2.0, rel=0.1)


def test_moments_refuse_missing_values_and_wrong_shapes() -> None:
    with pytest.raises(NotFinite, match=r"^rows: 1 values are missing"):
        moments([[1.0], [float("nan")]], ["a"])
    with pytest.raises(WrongShape):
        moments([[1.0, 2.0]], ["a"])
    with pytest.raises(TooFew):
        moments([[1.0]], ["a"]).resampled(10, seed=1)
    with pytest.raises(WrongShape):
        Moments(("a",), np.ones(2), np.ones((1, 1)), np.ones((2, 1, 1)))
