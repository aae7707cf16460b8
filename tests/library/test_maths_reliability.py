"""Reliability against hand computation, and what must hold for every set of groups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhiyin.maths.reliability import FEWEST_GROUPS, rate_reliability, reliability


def test_reliability_by_hand():
    # means 70..86: between sum of squares 100 * 160; noise 500 * 400 / 495; signal ((16000 - 4 noise) / 400)
    found = reliability([70, 74, 78, 82, 86], [400] * 5, [100] * 5)
    noise = 500 * 400 / 495
    assert found is not None
    assert found.noise == pytest.approx(noise)
    assert found.signal == pytest.approx((16_000 - 4 * noise) / 400)
    assert found.shares.tolist() == pytest.approx([found.signal / (found.signal + noise / 100)] * 5)


def test_answers_needed_follow_from_the_definition():
    found = reliability([70, 74, 78, 82, 86], [400] * 5, [100] * 5)
    assert found is not None
    needed = found.needed(0.8)
    assert found.signal / (found.signal + found.noise / needed) == pytest.approx(0.8)


def test_groups_that_do_not_differ_have_none():
    found = reliability([80] * 6, [100] * 6, [50] * 6)
    assert found is not None
    assert found.shares.tolist() == [0] * 6
    assert found.needed(0.7) == float("inf")


def test_a_satisfied_group_is_not_taken_for_one_without_chance():
    found = reliability([1.0, 0.9, 0.8, 0.85, 0.95], [0.0, 0.09, 0.16, 0.1275, 0.0475], [10] * 5)
    assert found is not None
    assert len(set(found.shares.tolist())) == 1


def test_too_few_groups_have_none():
    assert reliability([70, 90], [400, 400], [100, 100]) is None
    assert rate_reliability([1] * (FEWEST_GROUPS - 1), [100] * (FEWEST_GROUPS - 1)) is None


def test_single_answers_say_nothing_of_chance():
    found = reliability([0, 100, 0, 100, 100], [0] * 5, [1] * 5)
    assert found is not None
    assert found.shares.tolist() == [0] * 5


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 2500), st.integers(1, 500)), min_size=5, max_size=30))
def test_reliability_lies_between_0_and_1_and_grows_with_answers(groups: list[tuple[float, float, int]]):
    means, variances, sizes = (np.array(column, dtype=float) for column in zip(*groups, strict=True))
    found = reliability(means, variances, sizes)
    assert found is not None
    assert np.all((found.shares >= 0) & (found.shares <= 1))
    assert np.all(np.diff(found.shares[np.argsort(sizes)]) >= -1e-12)


def test_rates_that_differ_by_chance_alone_have_little():
    generator = np.random.default_rng(3)
    found = [rate_reliability(generator.poisson(20, 100), np.full(100, 1e4)) for _ in range(50)]
    assert np.mean([one.shares[0] for one in found if one]) < 0.15


def test_rates_that_differ_have_what_they_should():
    generator = np.random.default_rng(4)
    # between-group variance 20^2 / 4 = 100 in counts, chance 20: reliability 100 / 120
    found = [rate_reliability(generator.poisson(generator.gamma(4, 5, 200)), np.full(200, 1e4)) for _ in range(30)]
    assert np.mean([one.shares[0] for one in found if one]) == pytest.approx(100 / 120, abs=0.02)
