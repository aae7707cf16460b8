"""Fair comparisons of an invented bank whose truth is known."""

from __future__ import annotations

import pickle

import ibis
import numpy as np
import pyarrow as pa
import pytest

from zhiyin.engine import DuckEngine, Query
from zhiyin.fairness import (
    Comparison,
    Policy,
    Standing,
    crossed_comparison,
    rate_comparison,
    sentence,
    unit_comparison,
)
from zhiyin.fairness.asked import NothingToCompare, UnknownColumn, UnknownScale

MODES = np.array(["device", "sms", "phone"])


class Bank:
    """Ratings on ten points: staff in outlets, a collections desk, modes, lenient and strict customers."""

    def __init__(self, *, seed: int = 1, answers: int = 20_000, staff: int = 80, outlets: int = 20) -> None:
        generator = np.random.default_rng(seed)
        self.staff = generator.integers(0, staff, answers)
        self.outlet = self.staff % outlets
        self.customer = generator.integers(0, answers // 4, answers)
        share = generator.beta(1, 3, outlets)
        self.collections = generator.random(answers) < share[self.outlet]
        self.mode = MODES[generator.integers(0, 3, answers)]
        self.skill = generator.normal(size=staff) * 0.35
        self.place = generator.normal(size=outlets) * 0.25
        habit = generator.normal(size=answers // 4) * 0.7
        score = (
            7.0
            + self.skill[self.staff]
            + self.place[self.outlet]
            + habit[self.customer]
            - 1.2 * self.collections
            + 0.8 * (self.mode == "phone")
            + generator.normal(size=answers) * 1.3
        )
        self.value = np.clip(np.round(score), 1, 10).astype(np.int16)

    def responses(self) -> ibis.expr.types.Table:
        return ibis.memtable(
            pa.table(
                {
                    "value": self.value,
                    "scale": ["points10"] * len(self.value),
                    "staff_id": [f"s{code:03d}" for code in self.staff],
                    "unit_id": [f"u{code:02d}" for code in self.outlet],
                    "customer_id": [f"c{code:05d}" for code in self.customer],
                    "mode": self.mode,
                    "desk": np.where(self.collections, "collections", "counter"),
                }
            )
        )


def computed(query: Query[Comparison]) -> Comparison:
    engine = DuckEngine(threads=1)
    try:
        return engine.compute(query)
    finally:
        engine.close()


def test_unit_comparison_finds_the_better_outlets_after_taking_mode_and_desk_out() -> None:
    bank = Bank(outlets=40, staff=40, answers=30_000)
    found = computed(unit_comparison(bank.responses(), adjusters=["mode", "desk"]))
    truth = bank.place + bank.skill
    score = np.array([place.score for place in found.places])
    raw = np.array([place.raw for place in found.places])
    assert [place.key for place in found.places] == [f"u{code:02d}" for code in range(40)]
    assert np.corrcoef(score, truth)[0, 1] > 0.9
    assert np.corrcoef(score, truth)[0, 1] > np.corrcoef(raw, truth)[0, 1]
    effect, error = found.adjusters["desk=collections"]
    assert effect == pytest.approx(-1.2 * 100 / 9, abs=4 * error + 0.5)
    assert found.adjusters.keys() == {"mode=phone", "mode=sms", "desk=collections"} or len(found.adjusters) == 3


def test_unit_comparison_raw_means_are_those_of_the_answers() -> None:
    bank = Bank()
    found = computed(unit_comparison(bank.responses()))
    for place in found.places:
        own = bank.value[bank.outlet == int(place.key[1:])]
        assert place.answers == len(own)
        assert place.raw == pytest.approx((own.mean() - 1) * 100 / 9)


def test_unit_comparison_intervals_cover_the_true_place_of_every_outlet() -> None:
    covered = []
    for seed in range(12):
        bank = Bank(seed=seed, outlets=30, staff=30, answers=4000)
        bank.value = np.clip(bank.value, 1, 10)
        found = computed(unit_comparison(bank.responses(), adjusters=["mode", "desk"], policy=Policy(shown_from=1)))
        truth = (bank.place + bank.skill) * 100 / 9 * 0.97  # clipping at 1 and 10 costs about 3 % of an effect
        truth = truth - truth.mean() + found.centre
        covered += [place.low <= level <= place.high for place, level in zip(found.places, truth, strict=True)]
    assert np.mean(covered) >= 0.9


def test_crossed_comparison_finds_the_better_staff_and_blames_few_good_ones() -> None:
    bank = Bank(staff=200, outlets=20, answers=40_000)
    found = computed(crossed_comparison(bank.responses(), adjusters=["mode", "desk"]))
    score = np.array([place.score for place in found.places])
    assert np.corrcoef(score, bank.skill)[0, 1] > 0.85
    worse = [place.standing is Standing.WORSE for place in found.places]
    assert np.mean(np.array(worse) & (bank.skill > 0.1)) <= 0.01
    assert found.shares.keys() == {"customer_id", "staff_id", "unit_id"}
    assert found.shares["customer_id"] == pytest.approx(0.49 / 2.35, abs=0.05)


def test_crossed_comparison_ranks_nothing_below_the_reliability_of_the_policy() -> None:
    found = computed(crossed_comparison(Bank(staff=200, answers=12_000).responses(), adjusters=["mode"]))
    standings = {place.standing for place in found.places}
    assert Standing.TOO_FEW in standings
    for place in found.places:
        ranked = place.reliability >= 0.7
        assert (place.first_place is not None) == ranked
        assert (place.worst_tenth is not None) == (ranked and found.ranked >= 10)
        assert (place.more_needed == 0) == ranked


def test_more_needed_is_about_what_brings_the_reliability_to_the_threshold() -> None:
    bank = Bank(outlets=40, staff=40, answers=600)
    found = computed(unit_comparison(bank.responses(), adjusters=["mode"]))
    needs = [place.answers + place.more_needed for place in found.places if place.standing is Standing.TOO_FEW]
    more = Bank(outlets=40, staff=40, answers=40 * int(np.median(needs)))
    again = computed(unit_comparison(more.responses(), adjusters=["mode"]))
    assert np.median([place.reliability for place in again.places]) == pytest.approx(0.7, abs=0.07)


def test_crossed_comparison_counts_anonymous_customers_one_by_one() -> None:
    bank = Bank(answers=6000)
    table = bank.responses()
    unknown = table.mutate(customer_id=ibis.cases((table.mode == "sms", ibis.null("string")), else_=table.customer_id))
    found = computed(crossed_comparison(unknown))
    assert sum(place.answers for place in found.places) == 6000


def test_unit_comparison_withholds_figures_of_the_few() -> None:
    bank = Bank()
    bank.outlet[:] = np.where(bank.outlet == 3, 4, bank.outlet)
    bank.outlet[:5] = 3
    place = computed(unit_comparison(bank.responses())).place("u03")
    assert place.standing is Standing.WITHHELD
    assert (place.raw, place.adjusted, place.score, place.low, place.first_place) == (None,) * 5
    assert place.answers == 5


def test_unit_comparison_of_outlets_that_are_alike_ranks_none() -> None:
    bank = Bank(answers=5000)
    bank.value = np.clip(np.round(np.random.default_rng(1).normal(7, 1.5, 5000)), 1, 10).astype(np.int16)
    found = computed(unit_comparison(bank.responses()))
    assert found.ranked == 0
    assert {place.standing for place in found.places} == {Standing.TOO_FEW}


def test_unit_comparison_ignores_other_scales_missing_values_and_row_order() -> None:
    bank = Bank(answers=3000)
    table = bank.responses()
    noise = table.mutate(scale=ibis.literal("points5"), value=ibis.literal(5, "int16"))
    missing = table.mutate(value=ibis.null("int16"))
    mixed = table.union(noise).union(missing).order_by(ibis.desc("customer_id"))
    assert computed(unit_comparison(mixed)) == computed(unit_comparison(table))


def test_comparison_is_picklable_and_repeatable() -> None:
    bank = Bank(answers=3000)
    one = computed(crossed_comparison(bank.responses()))
    assert pickle.loads(pickle.dumps(one)) == computed(crossed_comparison(bank.responses()))


class Ceiling:
    """Customers served by 60 outlets, one in a hundred dissatisfied; pensioners three times as often."""

    def __init__(self, seed: int = 1, served: int = 120_000, deviation: float = 0.5) -> None:
        generator = np.random.default_rng(seed)
        self.outlet = generator.integers(0, 60, served)
        shape = 1 / deviation**2
        self.rate = generator.gamma(shape, 1 / shape, 60)
        share = generator.uniform(0.05, 0.6, 60)
        self.pensioner = generator.random(served) < share[self.outlet]
        self.unhappy = generator.random(served) < 0.007 * self.rate[self.outlet] * np.where(self.pensioner, 3, 1)

    def served(self) -> ibis.expr.types.Table:
        return ibis.memtable(
            pa.table(
                {
                    "unit_id": [f"u{code:02d}" for code in self.outlet],
                    "is_dissatisfied": self.unhappy,
                    "age": np.where(self.pensioner, "60+", "below 60"),
                }
            )
        )


def test_rate_comparison_takes_the_mix_out() -> None:
    bank = Ceiling(served=300_000)
    found = computed(rate_comparison(bank.served(), adjusters=["age"]))
    score = np.array([place.score for place in found.places])
    raw = np.array([place.raw for place in found.places])
    assert np.corrcoef(score, bank.rate)[0, 1] > 0.95
    assert np.corrcoef(score, bank.rate)[0, 1] > np.corrcoef(raw, bank.rate)[0, 1]
    assert not found.higher_is_better
    worst = min(found.places, key=lambda place: -(place.score or 0))
    best = min(found.places, key=lambda place: place.score or 0)
    assert (worst.standing, best.standing) == (Standing.WORSE, Standing.BETTER)
    assert worst.first_place > best.last_place
    assert worst.worst_tenth > 0.5


def test_rate_comparison_raw_rates_are_per_ten_thousand_served() -> None:
    bank = Ceiling(served=30_000)
    found = computed(rate_comparison(bank.served()))
    own = bank.unhappy[bank.outlet == 7]
    assert found.place("u07").raw == pytest.approx(10_000 * own.mean())
    assert found.place("u07").answers == len(own)


def test_rate_comparison_says_how_many_more_must_be_served() -> None:
    found = computed(rate_comparison(Ceiling(served=30_000).served(), adjusters=["age"]))
    few = [place for place in found.places if place.standing is Standing.TOO_FEW]
    assert few
    assert all(place.more_needed > 0 for place in few)


def test_comparisons_name_what_is_missing() -> None:
    table = Bank(answers=200).responses()
    with pytest.raises(UnknownColumn, match=r"Did you mean unit_id"):
        unit_comparison(table, by="unit")
    with pytest.raises(UnknownScale, match=r"Did you mean points10"):
        unit_comparison(table, scale="point10")
    with pytest.raises(UnknownColumn):
        crossed_comparison(table, others=["line_id"])
    with pytest.raises(UnknownColumn):
        rate_comparison(table)
    with pytest.raises(NothingToCompare, match=r"Only 0 have answers"):
        computed(unit_comparison(table, scale="points5"))


def test_sentence_says_places_or_what_is_missing_in_both_languages() -> None:
    bank = Bank(outlets=40, staff=40, answers=8000)
    found = computed(unit_comparison(bank.responses(), adjusters=["mode", "desk"]))
    by_standing = {place.standing: place for place in found.places}
    clear = by_standing[Standing.SIMILAR]
    expected = f"place {clear.first_place}-{clear.last_place} of {found.ranked}."
    assert sentence(clear, found, "en") == f"Not distinguishable from the mean; {expected}"
    few = computed(unit_comparison(Bank(outlets=40, staff=40, answers=1500).responses()))
    place = next(place for place in few.places if place.standing is Standing.TOO_FEW)
    assert sentence(place, few, "en") == f"Too few answers to compare; about {place.more_needed} more are needed."
