"""Rates against published values, and limits that hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from zhiyin.maths.arrays import OutOfRange
from zhiyin.maths.counts import THREE_SIGMA, probability_limits, rate_interval, spread

GARWOOD = [
    (0, 0.000, 3.689),
    (1, 0.025, 5.572),
    (2, 0.242, 7.225),
    (5, 1.623, 11.668),
    (10, 4.795, 18.390),
    (20, 12.217, 30.888),
]
"""Events and their exact limits: the table of 95 % limits for a Poisson mean, Johnson, Kemp and Kotz, chapter 4."""


@pytest.mark.parametrize(("events", "low", "high"), GARWOOD)
def test_rate_interval_gives_the_published_limits(events: int, low: float, high: float):
    found = rate_interval([events], [1])
    assert (float(found.low[0]), float(found.high[0])) == pytest.approx((low, high), abs=5e-4)


@given(st.integers(0, 500), st.floats(0.1, 1e6))
def test_rate_interval_encloses_the_rate(events: int, exposure: float):
    found = rate_interval([events], [exposure])
    assert 0 <= found.low[0] <= events / exposure <= found.high[0]


@given(st.integers(0, 300))
def test_more_events_raise_both_limits(events: int):
    found = rate_interval([events, events + 1], [1, 1])
    assert found.low[0] < found.low[1]
    assert found.high[0] < found.high[1]


@given(st.lists(st.integers(1, 5), min_size=1, max_size=40))
def test_customers_who_complain_again_widen_the_interval(times: list[int]):
    alone = rate_interval([sum(times)], [1000])
    found = rate_interval([sum(times)], [1000], squared=[sum(t**2 for t in times)], largest=[max(times)])
    assert found.low[0] <= alone.low[0] + 1e-12
    assert alone.high[0] <= found.high[0] + 1e-12
    if max(times) == 1:
        assert (found.low[0], found.high[0]) == pytest.approx((alone.low[0], alone.high[0]))


@pytest.mark.parametrize(("events", "exposure"), [([-1], [1]), ([1], [0]), ([1], [-2])])
def test_impossible_counts_are_refused(events: list[int], exposure: list[int]):
    with pytest.raises(OutOfRange):
        rate_interval(events, exposure)


@pytest.mark.parametrize("mean", [0.01, 0.7, 3.0, 20.0, 500.0, 1e6])
@pytest.mark.parametrize("widened", [1.0, 1.6, 4.0])
def test_limits_are_the_quantiles_of_the_distribution(mean: float, widened: float):
    found = probability_limits(mean, [1.0], spread=widened)
    tail = (1 - THREE_SIGMA) / 2
    if widened == 1:
        expected = stats.poisson.ppf([tail, 1 - tail], mean)
    else:
        expected = stats.nbinom.ppf([tail, 1 - tail], mean / (widened**2 - 1), 1 / widened**2)
    assert [found.low[0], found.high[0]] == expected.tolist()


def test_nothing_expected_allows_nothing():
    found = probability_limits(0, [10, 100])
    assert found.low.tolist() == found.high.tolist() == [0, 0]


@given(st.floats(0.5, 200), st.floats(1, 5))
def test_spread_widens_the_limits(mean: float, widened: float):
    narrow, wide = probability_limits(mean, [1.0]), probability_limits(mean, [1.0], spread=widened)
    assert wide.low[0] <= narrow.low[0]
    assert narrow.high[0] <= wide.high[0]


@pytest.mark.parametrize("ordered", [True, False])
def test_spread_of_mere_chance_is_about_one(ordered: bool):
    generator = np.random.default_rng(5)
    found = [spread(generator.poisson(30, 24), np.full(24, 1e4), ordered=ordered) for _ in range(300)]
    assert 1.0 <= float(np.mean(found)) < 1.1


def test_spread_of_rates_that_vary_by_a_third():
    generator = np.random.default_rng(6)
    # variance of the rates 100 (1 + 100 / 9), so the spread is the root of 12.1
    found = [
        spread(generator.poisson(generator.gamma(9, 100 / 9, 200)), np.full(200, 1e4), ordered=True) for _ in range(50)
    ]
    assert float(np.mean(found)) == pytest.approx(np.sqrt(1 + 100 / 9), rel=0.05)


def test_a_lasting_change_does_not_hide_itself():
    events = np.array([10.0] * 12 + [40.0] * 12)
    assert spread(events, np.full(24, 1e4), ordered=True) == 1.0


@pytest.mark.parametrize(("events", "exposure"), [([3], [100]), ([0, 0, 0], [10, 10, 10])])
def test_spread_of_nothing_is_one(events: list[int], exposure: list[int]):
    assert spread(events, exposure, ordered=True) == 1.0
