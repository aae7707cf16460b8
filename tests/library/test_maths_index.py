"""The 0-100 index by hand."""

from __future__ import annotations

import pytest

from zhiyin.maths.arrays import OutOfRange
from zhiyin.maths.index import Item, NegativeWeight, NoMean, satisfaction_index

TEN = Item(1, 10)


def test_satisfaction_index_equals_the_published_formula_on_ten_points() -> None:
    weights = {"x1": 0.3885, "x2": 0.3190, "x3": 0.2925}
    means = {"x1": 8.4, "x2": 7.9, "x3": 7.1}
    by_hand = 100 * (0.3885 * 7.4 + 0.3190 * 6.9 + 0.2925 * 6.1) / 9
    scale = dict.fromkeys(weights, TEN)
    assert satisfaction_index(weights, means, scale) == pytest.approx(by_hand, abs=1e-12)


def test_satisfaction_index_depends_on_ratios_of_weights_only() -> None:
    scale = {"a": TEN, "b": TEN}
    means = {"a": 8.0, "b": 5.0}
    one = satisfaction_index({"a": 0.2, "b": 0.1}, means, scale)
    assert satisfaction_index({"a": 2.0, "b": 1.0}, means, scale) == pytest.approx(one, abs=1e-12)


def test_satisfaction_index_is_0_at_the_worst_and_100_at_the_best_answers() -> None:
    scale = {"a": Item(1, 5), "b": Item(0, 10)}
    weights = {"a": 0.7, "b": 0.3}
    assert satisfaction_index(weights, {"a": 1, "b": 0}, scale) == 0.0
    assert satisfaction_index(weights, {"a": 5, "b": 10}, scale) == 100.0


def test_satisfaction_index_refuses_a_negative_weight() -> None:
    with pytest.raises(NegativeWeight, match=r"^b has a negative weight"):
        satisfaction_index({"a": 1.2, "b": -0.2}, {"a": 5, "b": 5}, {"a": TEN, "b": TEN})


def test_satisfaction_index_refuses_a_missing_mean_and_one_off_the_scale() -> None:
    with pytest.raises(NoMean):
        satisfaction_index({"a": 1.0}, {}, {"a": TEN})
    with pytest.raises(OutOfRange, match="within its scale, 1 to 10"):
        satisfaction_index({"a": 1.0}, {"a": 11.0}, {"a": TEN})
