"""Raking against R's survey package, by hand and in simulation."""

from __future__ import annotations

import numpy as np
import pytest
from published_numbers import numbers, published_rows

from zhiyin.maths.raking import EmptyLevel, Margin, MarginsDisagree, NoAgreement, rake


def test_rake_reproduces_the_published_means_and_errors_of_californian_schools() -> None:
    rows = published_rows("method_checks/apiclus1.csv")
    kinds = {"E": 0, "H": 1, "M": 2}
    margins = [
        Margin("type", np.array([kinds[row["stype"]] for row in rows]), np.array([4421.0, 755.0, 1018.0])),
        Margin("target", np.array([int(row["sch_wide"] == "Yes") for row in rows]), np.array([1072.0, 5122.0])),
    ]
    raked = rake(numbers(rows, "pw"), margins)
    districts = [row["dnum"] for row in rows]
    score = raked.mean(numbers(rows, "api00"), clusters=districts, population_clusters=757)
    pupils = raked.total(numbers(rows, "enroll"), clusters=districts, population_clusters=757)
    assert (round(score.value, 2), round(score.error, 3)) == (641.23, 23.704)
    assert (round(pupils.value), round(pupils.error)) == (3_647_280, 400_603)


def test_rake_meets_every_margin() -> None:
    generator = np.random.default_rng(1)
    age, channel = generator.integers(0, 3, 500), generator.integers(0, 4, 500)
    margins = [
        Margin("age", age, np.array([5000.0, 3000.0, 2000.0])),
        Margin("channel", channel, np.array([1000.0, 2000.0, 3000.0, 4000.0])),
    ]
    raked = rake(np.ones(500), margins)
    for margin in margins:
        assert np.bincount(margin.codes, raked.weights) == pytest.approx(margin.totals, rel=1e-9)


def test_rake_of_one_margin_is_poststratification_with_its_error() -> None:
    generator = np.random.default_rng(2)
    stratum = np.repeat([0, 1], [30, 70])
    y = np.where(stratum == 0, 60.0, 80.0) + generator.normal(size=100)
    found = rake(np.ones(100), [Margin("age", stratum, np.array([500.0, 500.0]))]).mean(y)
    by_hand = 0.5 * y[:30].mean() + 0.5 * y[30:].mean()
    within = 0.25 * y[:30].var(ddof=1) / 30 + 0.25 * y[30:].var(ddof=1) / 70
    assert found.value == pytest.approx(by_hand, abs=1e-9)
    assert found.error == pytest.approx(np.sqrt(within), rel=0.02)


def test_rake_effective_n_falls_with_uneven_weights() -> None:
    even = rake(np.ones(4), [Margin("a", np.array([0, 0, 1, 1]), np.array([10.0, 10.0]))])
    uneven = rake(np.ones(4), [Margin("a", np.array([0, 0, 1, 1]), np.array([1.0, 19.0]))])
    assert even.effective_n == pytest.approx(4.0)
    assert uneven.effective_n == pytest.approx(400 / (2 * 0.5**2 + 2 * 9.5**2))


def test_rake_names_what_cannot_be_met() -> None:
    codes = np.array([0, 0, 1])
    with pytest.raises(EmptyLevel, match=r"nobody answered in level 2, which has 5"):
        rake(np.ones(3), [Margin("age", codes, np.array([5.0, 5.0, 5.0]))])
    with pytest.raises(MarginsDisagree, match=r"Margin sex adds up to 9"):
        rake(np.ones(3), [Margin("age", codes, np.array([5.0, 5.0])), Margin("sex", codes, np.array([5.0, 4.0]))])
    other = Margin("sex", np.array([0, 0, 1]), np.array([2.0, 8.0]))
    with pytest.raises(NoAgreement, match=r"After 50 rounds margin"):
        rake(np.ones(3), [Margin("age", codes, np.array([5.0, 5.0])), other], rounds=50)


@pytest.mark.slow
def test_rake_interval_covers_when_silence_depends_on_the_margins() -> None:
    covered = []
    for seed in range(400):
        generator = np.random.default_rng(seed)
        age, kind = generator.integers(0, 4, 8000), generator.integers(0, 3, 8000)
        y = 6.0 + 0.5 * age - 0.7 * kind + generator.normal(size=8000)
        answered = generator.random(8000) < 0.02 + 0.03 * age + 0.02 * kind
        margins = [
            Margin("age", age[answered], np.bincount(age).astype(float)),
            Margin("kind", kind[answered], np.bincount(kind).astype(float)),
        ]
        low, high = rake(np.ones(answered.sum()), margins).mean(y[answered]).interval()
        covered.append(low <= y.mean() <= high)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.025)
