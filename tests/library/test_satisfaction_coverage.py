"""The intervals hold what the page of the method says, from 20 answers on."""

from __future__ import annotations

import pytest

from bench.coverage_simulation import (
    SIZES,
    Coverage,
    change_coverage,
    clustered_coverage,
    false_alarms,
    mean_coverage,
    nps_coverage,
    rate_coverage,
    share_coverage,
)

OURS = "score (n-1), ours"
FLOOR, LOWEST_MEAN, HIGHEST_MEAN = 0.92, 0.94, 0.97
CHANCE = 0.015
"""Simulated coverages of 2,000 samples lie within this of the true one in nearly all of hundreds of cases."""


def held(found: Coverage, *, chance: float = 0.0) -> bool:
    return found.floor >= FLOOR - chance and LOWEST_MEAN <= found.mean <= HIGHEST_MEAN


@pytest.mark.parametrize("n", [20, 21, 25, 35, 38, 50, 100, 300])
def test_shares_are_covered(n: int):
    assert held(share_coverage(n, OURS))


@pytest.mark.slow
def test_shares_are_covered_for_every_number_of_answers():
    assert [n for n in range(20, 301) if not held(share_coverage(n, OURS))] == []


@pytest.mark.parametrize("n", [20, 35])
def test_exact_intervals_never_cover_less_than_the_level(n: int):
    assert share_coverage(n, "Clopper-Pearson, ours with interval=exact").floor >= 0.95


@pytest.mark.parametrize("n", [20, 21, 35])
def test_nps_is_covered(n: int):
    assert held(nps_coverage(n, OURS))


@pytest.mark.slow
@pytest.mark.parametrize("n", range(20, 61))
def test_nps_is_covered_for_every_number_of_answers(n: int):
    assert held(nps_coverage(n, OURS))


@pytest.mark.slow
@pytest.mark.parametrize("points", [3, 4, 5, 7, 10, 11])
@pytest.mark.parametrize("n", [20, 50, 200])
def test_means_are_covered(points: int, n: int):
    assert held(mean_coverage(points, n, OURS, 2_000, seed=3), chance=CHANCE)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["share", "NPS", "mean of 5"])
@pytest.mark.parametrize("sizes", [name for name in SIZES if name != "a few very often"])
@pytest.mark.parametrize("customers", [20, 50, 200])
def test_customers_who_answer_again_are_covered(kind: str, sizes: str, customers: int):
    assert held(clustered_coverage(kind, sizes, customers, "ours", 1_000, seed=4), chance=0.02)


@pytest.mark.slow
@pytest.mark.parametrize("customers", [20, 50, 200])
def test_customers_who_answer_very_often_are_covered_with_room(customers: int):
    found = clustered_coverage("share", "a few very often", customers, "ours", 1_000, seed=4)
    assert found.floor >= FLOOR
    assert LOWEST_MEAN <= found.mean <= 0.98


@pytest.mark.parametrize(("first", "second"), [(20, 20), (50, 20), (100, 100)])
def test_changes_are_covered(first: int, second: int):
    assert held(change_coverage(first, second))


@pytest.mark.slow
@pytest.mark.parametrize("expected", [1.0, 10.0, 100.0])
def test_rates_are_covered_whoever_complains_again(expected: float):
    for repeated in (0.0, 0.3):
        ours, _ = rate_coverage(expected, repeated, 5_000, seed=5)
        assert ours >= 0.93


@pytest.mark.slow
def test_control_limits_rarely_raise_a_false_alarm():
    for expected in (1.0, 20.0, 100.0):
        for extra in (0.0, 0.3):
            ours, _, _ = false_alarms(expected, extra, 300, seed=6)
            assert ours <= 0.006
