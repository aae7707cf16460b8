"""Figures for everybody: predictions, weights, calls and bounds, each where it is right and where it is not."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.maths.aipw import aipw_mean
from zhiyin.maths.arrays import OutOfRange, TooFew
from zhiyin.maths.callback import called_back_mean, calls_needed, draw_calls
from zhiyin.maths.ppi import powered_mean
from zhiyin.maths.sensitivity import sensitivity


def test_powered_mean_with_useless_predictions_is_the_plain_mean() -> None:
    generator = np.random.default_rng(1)
    y = generator.normal(7, 2, 300)
    found = powered_mean(y, np.full(300, 5.0), np.full(9000, 5.0))
    assert found.estimate == found.plain
    assert (found.tuning, found.r_squared, found.gain) == (0.0, 0.0, 1.0)


def test_powered_mean_with_perfect_predictions_is_the_mean_of_everybody() -> None:
    generator = np.random.default_rng(2)
    everybody = generator.normal(7, 2, 100_000)
    found = powered_mean(everybody[:300], everybody[:300] + 3.0, everybody[300:] + 3.0)
    assert found.estimate.value == pytest.approx(everybody.mean(), abs=0.01)
    assert found.r_squared == pytest.approx(1.0)


@pytest.mark.slow
@pytest.mark.parametrize("r_squared", [0.1, 0.5, 0.7])
def test_powered_mean_covers_and_gains_what_r_squared_promises(r_squared: float) -> None:
    covered, gains = [], []
    for seed in range(600):
        generator = np.random.default_rng(seed)
        f = generator.normal(size=20_300)
        y = np.sqrt(r_squared) * f + np.sqrt(1 - r_squared) * generator.normal(size=20_300)
        found = powered_mean(y[:300], 2 * f[:300] + 1, 2 * f[300:] + 1)
        low, high = found.estimate.interval()
        covered.append(low <= 0.0 <= high)
        gains.append(found.gain)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.025)
    assert np.mean(gains) == pytest.approx(1 / (1 - r_squared), rel=0.06)


class Bank:
    """30,000 customers of 20 branches; the unhappy answer more by ``tilt``, beyond what is recorded."""

    def __init__(self, seed: int, tilt: float, people: int = 30_000) -> None:
        generator = np.random.default_rng(seed)
        self.branch = generator.integers(0, 20, people)
        x = generator.normal(size=people)
        self.y = (generator.random(people) < 1 / (1 + np.exp(-(1.5 + 0.8 * x + 0.02 * self.branch)))).astype(float)
        self.predicted = 1 / (1 + np.exp(-(1.4 + 0.7 * x)))
        self.probability = 1 / (1 + np.exp(-(-2.5 + 0.8 * x)))
        odds = self.probability / (1 - self.probability) * np.exp(tilt * (1 - self.y))
        self.answered = generator.random(people) < odds / (1 + odds)


def test_aipw_mean_is_right_where_silence_depends_on_what_is_known() -> None:
    misses = []
    for seed in range(60):
        bank = Bank(seed, tilt=0.0)
        found = aipw_mean(bank.y, bank.answered, bank.probability, bank.predicted)
        misses.append((found.values[0] - bank.y.mean()) / found.errors[0])
        assert abs(found.raw[0] - bank.y.mean()) > 3 * found.errors[0]
    assert np.mean(np.abs(misses) <= 1.96) >= 0.88
    assert abs(np.mean(misses)) < 0.4


@pytest.mark.parametrize("broken", ["probability", "predicted"])
def test_aipw_mean_needs_only_one_of_its_two_models(broken: str) -> None:
    misses = []
    for seed in range(40):
        bank = Bank(seed, tilt=0.0)
        if broken == "probability":
            bank.probability = np.full(len(bank.y), bank.answered.mean())
            bank.predicted = _fitted(bank)
        else:
            bank.predicted = np.full(len(bank.y), 0.5)
        found = aipw_mean(bank.y, bank.answered, bank.probability, bank.predicted)
        misses.append(found.values[0] - bank.y.mean())
    assert abs(np.mean(misses)) < 0.005


def _fitted(bank: Bank) -> np.ndarray:
    """A calibrated prediction by deciles of the crude one, from those who answered."""
    bins = np.searchsorted(np.quantile(bank.predicted, np.linspace(0, 1, 41)[1:-1]), bank.predicted)
    return (np.bincount(bins, bank.y * bank.answered) / np.bincount(bins, bank.answered))[bins]


def test_aipw_mean_is_wrong_where_silence_depends_on_the_answer_and_calls_mend_it() -> None:
    weighted, called = [], []
    for seed in range(60):
        bank = Bank(seed, tilt=0.6)
        truth = bank.y.mean()
        found = aipw_mean(bank.y, bank.answered, bank.probability, bank.predicted)
        weighted.append(abs(found.values[0] - truth) <= 1.96 * found.errors[0])
        silent = np.flatnonzero(~bank.answered)
        drawn = draw_calls(bank.predicted[silent], 400, seed=seed)
        rest = np.delete(silent, drawn)
        both = called_back_mean(
            bank.y[bank.answered],
            bank.y[silent[drawn]],
            silent=len(silent),
            customers=len(bank.y),
            predicted_calls=bank.predicted[silent[drawn]],
            predicted_silent=bank.predicted[rest],
        )
        low, high = both.estimate.interval()
        called.append(low <= truth <= high)
    assert np.mean(weighted) < 0.1
    assert np.mean(called) >= 0.88


def test_aipw_mean_by_branch_adds_up_and_marks_a_branch_without_answers() -> None:
    bank = Bank(3, tilt=0.0)
    bank.answered[bank.branch == 7] = False
    found = aipw_mean(bank.y, bank.answered, bank.probability, bank.predicted, groups=bank.branch, number=21)
    assert found.customers.sum() == len(bank.y)
    assert np.isinf(found.errors[7])
    assert found.values[7] == pytest.approx(bank.predicted[bank.branch == 7].mean())
    assert found.customers[20] == 0
    assert np.isnan(found.values[20])


def test_aipw_mean_error_grows_when_customers_repeat_themselves() -> None:
    bank = Bank(4, tilt=0.0, people=4000)
    twice = {name: np.repeat(getattr(bank, name), 4) for name in ("y", "answered", "probability", "predicted")}
    customer = np.repeat(np.arange(4000), 4)
    arguments = (twice["y"], twice["answered"], twice["probability"], twice["predicted"])
    alone, together = aipw_mean(*arguments), aipw_mean(*arguments, clusters=customer)
    assert together.errors[0] / alone.errors[0] == pytest.approx(2.0, rel=0.01)


def test_aipw_mean_bounds_tiny_probabilities() -> None:
    found = aipw_mean([1.0, 0.0, 1.0], [True, True, False], [1e-9, 0.5, 0.5], [0.5, 0.5, 0.5], least=0.01)
    assert found.largest_weight[0] == pytest.approx(100 / 102)
    with pytest.raises(TooFew):
        aipw_mean([1.0], [False], [0.5], [0.5])
    with pytest.raises(OutOfRange):
        aipw_mean([1.0], [True], [1.5], [0.5])


def test_called_back_mean_by_hand() -> None:
    found = called_back_mean([4.0, 6.0], [1.0, 3.0, 2.0], silent=8)
    assert found.estimate.value == pytest.approx(0.2 * 5.0 + 0.8 * 2.0)
    assert found.silent_share == pytest.approx(0.8)
    everybody = 0.2 * 2.0 + 0.8 * 1.0 + 0.16 * 9.0
    by_hand = everybody / 10 + 0.64 * (1 - 3 / 8) * 1.0 / 3
    assert found.estimate.error == pytest.approx(np.sqrt(by_hand))
    assert found.difference.value == pytest.approx(-3.0)


def test_called_back_mean_of_everybody_called_and_everybody_invited_is_exact() -> None:
    found = called_back_mean([4.0, 6.0], [1.0, 3.0, 2.0], silent=3, customers=5)
    assert found.estimate.value == pytest.approx(16 / 5)
    assert found.estimate.error == pytest.approx(0.0)


def test_called_back_mean_says_how_many_were_reached_and_refuses_impossible_counts() -> None:
    assert called_back_mean([4.0, 6.0], [1.0, 3.0], silent=8, called=5).reached == pytest.approx(0.4)
    with pytest.raises(OutOfRange, match=r"at most the 2 silent"):
        called_back_mean([4.0, 6.0], [1.0, 3.0, 2.0], silent=2)
    with pytest.raises(TooFew, match=r"^calls: 1"):
        called_back_mean([4.0, 6.0], [1.0], silent=2)


def test_draw_calls_gives_everybody_the_same_chance_and_spreads_over_the_scores() -> None:
    scores = np.random.default_rng(0).random(500)
    drawn = np.zeros(500)
    for seed in range(2000):
        chosen = draw_calls(scores, 50, seed=seed)
        assert len(set(chosen.tolist())) == 50
        drawn[chosen] += 1
    assert drawn / 2000 == pytest.approx(np.full(500, 0.1), abs=0.035)
    means = [scores[draw_calls(scores, 50, seed=seed)].mean() for seed in range(200)]
    assert np.std(means) < 0.2 * scores.std() / np.sqrt(50)


def test_calls_needed_reaches_the_error_it_promises() -> None:
    calls = calls_needed(silent_share=0.9, deviation=25.0, error=1.5)
    assert calls == 225
    assert 0.9 * 25.0 / np.sqrt(calls) == pytest.approx(1.5)


def test_sensitivity_of_yes_and_no_is_an_odds_ratio() -> None:
    (bound,) = sensitivity([0, 1], [20, 80], silent_share=1.0, ratios=[3.0])
    assert bound.low / (1 - bound.low) == pytest.approx(4.0 / 3.0)
    assert bound.high / (1 - bound.high) == pytest.approx(12.0)


def test_sensitivity_widens_with_the_ratio_and_holds_the_figure() -> None:
    said = np.array([5.0, 10.0, 15.0, 40.0, 30.0])
    mean = said @ np.arange(1, 6) / said.sum()
    bounds = sensitivity(np.arange(1, 6), said, silent_share=0.7)
    lows = [bound.low for bound in bounds]
    highs = [bound.high for bound in bounds]
    assert lows == sorted(lows, reverse=True)
    assert highs == sorted(highs)
    assert lows[0] < mean < highs[0]
    assert sensitivity(np.arange(1, 6), said, silent_share=0.0)[0].low == pytest.approx(mean)
