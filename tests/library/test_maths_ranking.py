"""Ranks with their doubt, and rates near the ceiling."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import nbinom

from zhiyin.maths import ranking
from zhiyin.maths.arrays import OutOfRange, TooFew
from zhiyin.maths.ranking import ranks
from zhiyin.maths.rates import shrunk_rates, shrunk_shares


def test_ranks_without_errors_are_the_places() -> None:
    values = np.arange(20.0)
    found = ranks(values, np.zeros(20), seed=1)
    assert found.low.tolist() == found.high.tolist() == [20.0 - place for place in range(20)]
    assert found.worst_tenth.tolist() == [1.0, 1.0] + [0.0] * 18
    assert found.best_tenth.tolist() == [0.0] * 18 + [1.0, 1.0]


def test_ranks_of_units_nobody_can_tell_apart_span_everything() -> None:
    found = ranks(np.zeros(40), np.ones(40), seed=1)
    assert found.low.max() <= 3
    assert found.high.min() >= 38
    assert found.worst_tenth == pytest.approx(np.full(40, 0.1), abs=0.03)


def test_ranks_drawn_and_computed_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(3)
    values, errors = generator.normal(size=250), generator.uniform(0.1, 0.6, 250)
    drawn = ranks(values, errors, seed=1)
    monkeypatch.setattr(ranking, "_DRAWN", 0)
    computed = ranks(values, errors, seed=1)
    assert np.abs(drawn.worst_tenth - computed.worst_tenth).max() < 0.05
    assert np.abs(drawn.best_tenth - computed.best_tenth).max() < 0.05
    assert np.abs(drawn.low - computed.low).max() <= 6
    assert np.abs(drawn.high - computed.high).max() <= 6


def test_ranks_of_twenty_thousand_units_add_up() -> None:
    generator = np.random.default_rng(4)
    found = ranks(generator.normal(size=20_000), np.full(20_000, 0.5), seed=1)
    assert found.worst_tenth.sum() == pytest.approx(2000, rel=0.01)
    assert found.best_tenth.sum() == pytest.approx(2000, rel=0.01)


def test_ranks_give_no_tenth_of_fewer_than_ten_units_and_nothing_of_none() -> None:
    assert np.isnan(ranks(np.arange(9.0), np.ones(9), seed=1).worst_tenth).all()
    assert ranks([], [], seed=1).low.shape == (0,)
    with pytest.raises(OutOfRange):
        ranks([1.0], [-1.0], seed=1)


def test_ranks_cover_the_true_place() -> None:
    covered = []
    for seed in range(40):
        generator = np.random.default_rng(seed)
        truth = generator.normal(size=60)
        seen = truth + 0.5 * generator.normal(size=60)
        weight = 1 / 1.25
        found = ranks(weight * seen, np.full(60, np.sqrt(1 - weight)), seed=seed)
        place = 60 - np.argsort(np.argsort(truth))
        covered.append((found.low <= place) & (place <= found.high))
    assert np.mean(covered) >= 0.94


@pytest.mark.slow
def test_shrunk_rates_find_the_planted_spread_and_cover() -> None:
    covered, deviations = [], []
    for seed in range(30):
        generator = np.random.default_rng(seed)
        exposure = generator.integers(200, 6000, 300).astype(float)
        truth = generator.gamma(4.0, 0.01 / 4.0, 300)
        found = shrunk_rates(generator.poisson(truth * exposure), exposure)
        covered.append((found.low <= truth) & (truth <= found.high))
        deviations.append(found.deviation)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.01)
    assert np.mean(deviations) == pytest.approx(0.005, rel=0.05)


def test_shrunk_rates_are_at_the_maximum_of_the_negative_binomial_likelihood() -> None:
    generator = np.random.default_rng(5)
    exposure = generator.integers(200, 6000, 80).astype(float)
    events = generator.poisson(generator.gamma(3.0, 0.01 / 3.0, 80) * exposure)
    found = shrunk_rates(events, exposure)

    def likelihood(rate: float, prior: float) -> float:
        return float(nbinom.logpmf(events, rate * prior, prior / (prior + exposure)).sum())

    best = likelihood(found.centre, found.prior)
    for factor in (0.99, 1.01):
        assert likelihood(found.centre * factor, found.prior) < best
        assert likelihood(found.centre, found.prior * factor) < best


def test_shrunk_rates_of_units_that_are_alike_are_not_ranked() -> None:
    generator = np.random.default_rng(11)
    events = np.full(30, 10.0) + generator.integers(-1, 2, 30)
    found = shrunk_rates(events, np.full(30, 1000.0))
    assert found.deviation == 0.0
    assert found.reliability.tolist() == [0.0] * 30
    assert np.isinf(found.needed(0.7))
    found_ranks = found.ranks(seed=1)
    assert found_ranks.low.max() <= 2
    assert found_ranks.high.min() >= 29
    assert (found.low < found.values).all()


def test_shrunk_rates_pull_a_small_unit_further_than_a_large_one() -> None:
    events, exposure = [0.0, 0.0, 30.0, 8.0, 50.0, 20.0], [10.0, 5000.0, 1000.0, 1000.0, 1000.0, 1000.0]
    found = shrunk_rates(events, exposure)
    assert found.values[0] > found.values[1]
    assert found.reliability[0] < 0.5 < found.reliability[1]
    assert found.needed(0.7) == pytest.approx(0.7 / 0.3 * found.prior)


@pytest.mark.slow
def test_shrunk_shares_find_the_planted_spread_and_cover() -> None:
    covered, deviations = [], []
    for seed in range(30):
        generator = np.random.default_rng(seed)
        answers = generator.integers(10, 120, 200)
        truth = generator.beta(14.0, 6.0, 200)
        found = shrunk_shares(generator.binomial(answers, truth), answers)
        covered.append((found.low <= truth) & (truth <= found.high))
        deviations.append(found.deviation)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.01)
    assert np.mean(deviations) == pytest.approx(0.1, rel=0.05)


def test_shrunk_rates_rank_the_lowest_first_among_the_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    events = np.array([5, 50, 10, 90, 30, 20, 70, 40, 60, 80, 100, 1])
    found = shrunk_rates(events, np.full(12, 1000.0))
    everyone = found.ranks(seed=1)
    assert int(np.argmin(everyone.low + everyone.high)) == 11
    assert int(np.argmax(everyone.worst_tenth)) == 10
    chosen = events > 5
    monkeypatch.setattr(ranking, "_DRAWN", 0)
    computed = found.ranks(seed=1, chosen=chosen)
    monkeypatch.undo()
    drawn = found.ranks(seed=1, chosen=chosen)
    assert len(drawn.low) == 10
    assert np.abs(drawn.low - computed.low).max() <= 2
    assert np.abs(drawn.worst_tenth - computed.worst_tenth).max() < 0.12


def test_shrunk_shares_and_rates_name_what_is_wrong() -> None:
    with pytest.raises(TooFew, match=r"^units: 2"):
        shrunk_rates([1, 2], [10, 10])
    with pytest.raises(TooFew, match=r"^events: 0"):
        shrunk_rates([0, 0, 0], [10, 10, 10])
    with pytest.raises(OutOfRange, match=r"^exposure is 0"):
        shrunk_rates([1, 0, 0], [10, 0, 10])
    with pytest.raises(OutOfRange, match=r"at most the trials"):
        shrunk_shares([11, 0, 5], [10, 10, 10])
    with pytest.raises(OutOfRange):
        shrunk_shares([1, 9, 5], [10, 10, 10]).needed(1.0)
