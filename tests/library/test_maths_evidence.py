"""Estimators of effects against published tables, by hand and in simulation."""

from __future__ import annotations

import numpy as np
import pytest
from published_numbers import published_rows

from zhiyin.maths.arrays import OutOfRange, TooFew, WrongShape
from zhiyin.maths.experiment import randomised_effect, ratio_p
from zhiyin.maths.power import detectable, stepped_wedge_error, two_arm_size
from zhiyin.maths.qini import qini
from zhiyin.maths.sequential import confidence_sequence
from zhiyin.maths.staggered import NEVER, Against, NoComparison, fit_staggered
from zhiyin.maths.synthetic_control import fit_synthetic, placebo_test, simplex_least_squares


def teen_employment() -> tuple[np.ndarray, np.ndarray]:
    """500 counties, 2003-2007: log employment and the place of the year in which the minimum wage rose."""
    rows = published_rows("method_checks/mpdta.csv")
    counties = {key: place for place, key in enumerate(sorted({row["countyreal"] for row in rows}))}
    outcome, starts = np.zeros((len(counties), 5)), np.full(len(counties), NEVER)
    for row in rows:
        county, first = counties[row["countyreal"]], int(float(row["first.treat"]))
        outcome[county, int(row["year"]) - 2003] = float(row["lemp"])
        starts[county] = first - 2003 if first else NEVER
    return outcome, starts


# R package did, README and vignette: start, year, ATT(g, t), analytical standard error
MPDTA = """
2004 2004 -0.0105 .0233  2004 2005 -0.0704 .0310  2004 2006 -0.1373 .0364  2004 2007 -0.1008 .0344
2006 2004  0.0065 .0233  2006 2005 -0.0028 .0196  2006 2006 -0.0046 .0178  2006 2007 -0.0412 .0202
2007 2004  0.0305 .0150  2007 2005 -0.0027 .0164  2007 2006 -0.0311 .0179  2007 2007 -0.0261 .0167
"""


def test_fit_staggered_reproduces_the_published_effects_of_minimum_wages() -> None:
    table = np.array(MPDTA.split(), dtype=float).reshape(12, 4)
    fit = fit_staggered(*teen_employment())
    assert (fit.starts + 2003).tolist() == table[:, 0].tolist()
    assert (fit.periods + 2003).tolist() == table[:, 1].tolist()
    assert fit.effects.round(4).tolist() == table[:, 2].tolist()
    assert fit.errors.round(4).tolist() == table[:, 3].tolist()


def test_fit_staggered_reproduces_the_published_averages_and_pre_trend_test() -> None:
    fit = fit_staggered(*teen_employment())
    assert round(fit.pre_trend_asymptotic_p, 5) == 0.16812
    assert fit.pre_trend_p == pytest.approx(0.17, abs=0.01)
    assert (round(fit.simple.value, 4), round(fit.simple.error, 4)) == (-0.0400, 0.0120)
    assert round(fit.by_start.value, 4) == -0.0310
    assert (round(fit.dynamic.value, 4), round(fit.dynamic.error, 3)) == (-0.0772, 0.020)
    assert fit.lags.tolist() == [-3, -2, -1, 0, 1, 2, 3]
    assert fit.lag_effects.round(4).tolist() == [0.0305, -0.0006, -0.0245, -0.0199, -0.0510, -0.1373, -0.1008]


def test_fit_staggered_band_holds_all_effects_at_once() -> None:
    fit = fit_staggered(*teen_employment())
    assert ((fit.high - fit.effects) / fit.errors).min() == pytest.approx(2.8, abs=0.3)


def wave(seed: int, *, effect: float, units: int = 60, drift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    starts = np.array(([NEVER, 4, 6, 8] * units)[:units])
    y = generator.normal(size=(units, 1)) * 3 + np.arange(12) * 0.3 + generator.normal(size=(units, 12))
    y += drift * (starts[:, None] != NEVER) * np.arange(12)
    return y + effect * ((starts[:, None] != NEVER) & (np.arange(12) >= starts[:, None])), starts


def test_fit_staggered_interval_covers_the_planted_effect() -> None:
    covered = []
    for seed in range(200):
        fit = fit_staggered(*wave(seed, effect=0.7), draws=50)
        low, high = fit.simple.interval()
        covered.append(low <= 0.7 <= high)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.04)


def test_fit_staggered_pre_trend_test_sees_a_drift_and_leaves_flat_trends_alone() -> None:
    flat = [fit_staggered(*wave(seed, effect=1.0), draws=20).pre_trend_p < 0.05 for seed in range(100)]
    drifting = [
        fit_staggered(*wave(seed, effect=1.0, units=200, drift=0.4), draws=20).pre_trend_p < 0.05 for seed in range(60)
    ]
    assert np.mean(flat) < 0.17
    assert np.mean(drifting) > 0.9


def test_fit_staggered_against_not_yet_needs_no_unchanged_unit_until_the_last_start() -> None:
    y, starts = wave(1, effect=1.0)
    changed = starts != NEVER
    with pytest.raises(NoComparison):
        fit_staggered(y[changed], starts[changed])
    fit = fit_staggered(y[:, :8], np.where(starts == 8, NEVER, starts), against=Against.NOT_YET)
    assert fit.simple.value == pytest.approx(1.0, abs=0.5)


def test_fit_staggered_leaves_out_units_changed_from_the_start_and_names_bad_input() -> None:
    y, starts = wave(1, effect=1.0)
    early = np.where(starts == 4, 0, starts)
    assert fit_staggered(y, early).units == 45
    with pytest.raises(TooFew):
        fit_staggered(y, np.full(60, NEVER))
    with pytest.raises(OutOfRange):
        fit_staggered(y, np.full(60, 12))
    with pytest.raises(WrongShape):
        fit_staggered(y, starts[:10])


def basque() -> tuple[list[str], np.ndarray, np.ndarray]:
    """17 regions of Spain: names, income a head 1955-1997 and predictors as in Abadie and Gardeazabal."""
    rows = [row for row in published_rows("method_checks/basque.csv") if float(row["regionno"]) != 1]
    names = sorted({row["regionname"] for row in rows}, key=lambda name: next(
        float(row["regionno"]) for row in rows if row["regionname"] == name))  # fmt: skip

    def mean(name: str, column: str, years: range) -> float:
        found = [float(row[column]) for row in rows if row["regionname"] == name and float(row["year"]) in years
                 and row[column] not in ("", "NA")]  # fmt: skip
        return float(np.mean(found))

    schools = ["school.illit", "school.prim", "school.med", "school.high", "school.post.high"]
    sectors = ["agriculture", "energy", "industry", "construction", "services.venta", "services.nonventa"]
    income, predictors = [], []
    for name in names:
        income.append([float(row["gdpcap"]) for row in rows if row["regionname"] == name])
        school = np.array([mean(name, column, range(1964, 1970)) for column in schools])
        levels = np.array([*school[:3], school[3] + school[4]])
        predictors.append(
            [
                *(100 * levels / levels.sum()),
                mean(name, "invest", range(1964, 1970)),
                mean(name, "gdpcap", range(1960, 1970)),
                *(mean(name, f"sec.{sector}", range(1961, 1970, 2)) for sector in sectors),
                mean(name, "popdens", range(1969, 1970)),
            ]
        )
    return names, np.array(income).T, np.array(predictors).T


@pytest.mark.slow
def test_fit_synthetic_reproduces_the_published_basque_country() -> None:
    names, income, predictors = basque()
    own = names.index("Basque Country (Pais Vasco)")
    donors = [place for place in range(len(names)) if place != own]
    fit = fit_synthetic(
        income[:, own],
        income[:, donors],
        before=15,
        predictors=(predictors[:, own], predictors[:, donors]),
        matched=slice(5, 15),
    )
    mix = {names[donors[place]]: round(weight, 3) for place, weight in enumerate(fit.weights) if weight > 0.001}
    assert mix == {
        "Cataluna": pytest.approx(0.851, abs=0.005),
        "Madrid (Comunidad De)": pytest.approx(0.149, abs=0.005),
    }
    assert fit.effect < -0.4


def test_fit_synthetic_finds_a_planted_mix_and_effect() -> None:
    generator = np.random.default_rng(1)
    donors = generator.normal(size=(30, 8)).cumsum(axis=0)
    unit = donors @ [0.6, 0.4, 0, 0, 0, 0, 0, 0]
    unit[20:] -= 2.0
    fit = fit_synthetic(unit, donors, before=20)
    assert fit.weights == pytest.approx([0.6, 0.4, 0, 0, 0, 0, 0, 0], abs=1e-6)
    assert fit.effect == pytest.approx(-2.0, abs=1e-6)
    assert placebo_test(unit, donors, before=20).rank == 1


def test_simplex_least_squares_is_at_the_minimum() -> None:
    generator = np.random.default_rng(2)
    columns, target = generator.normal(size=(10, 5)), generator.normal(size=10)
    weights = simplex_least_squares(columns, target)
    assert weights.sum() == pytest.approx(1.0)
    assert weights.min() >= 0
    best = ((columns @ weights - target) ** 2).sum()
    for other in generator.dirichlet(np.ones(5), size=500):
        step = weights + 0.01 * (other - weights)
        assert ((columns @ step - target) ** 2).sum() >= best - 1e-12


def test_fit_synthetic_names_bad_input() -> None:
    y = np.arange(5.0)
    with pytest.raises(TooFew, match=r"^donors: 1"):
        fit_synthetic(y, np.ones((5, 1)), before=3)
    with pytest.raises(TooFew, match=r"^periods before"):
        fit_synthetic(y, np.ones((5, 3)), before=1)
    with pytest.raises(OutOfRange):
        fit_synthetic(y, np.ones((5, 3)), before=5)


def test_randomised_effect_without_covariates_is_the_difference_of_means_with_welch_s_error() -> None:
    generator = np.random.default_rng(1)
    arm = np.arange(300) % 3 == 0
    y = generator.normal(size=300) + arm
    found = randomised_effect(y, arm, planned_share=1 / 3)
    assert found.effect.value == pytest.approx(y[arm].mean() - y[~arm].mean())
    welch = np.sqrt(y[arm].var(ddof=1) / arm.sum() + y[~arm].var(ddof=1) / (~arm).sum())
    assert found.effect.error == pytest.approx(welch, rel=0.01)
    assert found.effect == found.plain
    assert found.is_ratio_sound


def test_randomised_effect_gains_what_r_squared_promises_and_covers() -> None:
    covered, ratios = [], []
    for seed in range(300):
        generator = np.random.default_rng(seed)
        x = generator.normal(size=400)
        arm = generator.random(400) < 0.5
        y = 0.6 * x + 0.8 * generator.normal(size=400) + 0.3 * arm * (1 + x)
        found = randomised_effect(y, arm, before=x)
        low, high = found.effect.interval()
        covered.append(low <= 0.3 <= high)
        ratios.append(found.variance_ratio)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.03)
    assert np.mean(ratios) == pytest.approx(0.6, abs=0.1)


def test_randomised_effect_counts_customers_not_answers() -> None:
    generator = np.random.default_rng(3)
    arm = generator.random(500) < 0.5
    y = generator.normal(size=500) + 0.2 * arm
    one = randomised_effect(y, arm)
    five = randomised_effect(y.repeat(5), arm.repeat(5), units=np.arange(500).repeat(5))
    assert five.effect.value == pytest.approx(one.effect.value)
    assert five.effect.error == pytest.approx(one.effect.error, rel=0.01)
    assert five.treated + five.control == 500


def test_randomised_effect_sees_a_spoiled_split() -> None:
    generator = np.random.default_rng(4)
    arm = np.arange(10_000) % 100 < 46
    found = randomised_effect(generator.normal(size=10_000), arm)
    assert not found.is_ratio_sound
    assert ratio_p(5000, 5000, 0.5) == 1.0
    with pytest.raises(OutOfRange, match=r"^units in both arms is 1"):
        randomised_effect(np.arange(6.0), [True, True, False, False, True, False], units=[1, 2, 3, 4, 5, 5])
    with pytest.raises(TooFew, match=r"^control units: 1"):
        randomised_effect([1.0, 2.0, 3.0], [True, True, False])


def looks(seed: int, effect: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """60 daily looks at an experiment with 100 answers a day."""
    generator = np.random.default_rng(seed)
    arm = generator.random(6000) < 0.5
    y = generator.normal(size=6000) + effect * arm
    until = np.arange(100, 6001, 100)
    one, two = np.cumsum(y * arm)[until - 1], np.cumsum(y * ~arm)[until - 1]
    n1 = np.cumsum(arm)[until - 1]
    values = one / n1 - two / (until - n1)
    return values, np.sqrt(1 / n1 + 1 / (until - n1)), until


def test_confidence_sequence_is_rarely_wrong_however_often_it_is_looked_at() -> None:
    peeking, sequence = [], []
    for seed in range(400):
        values, errors, answers = looks(seed, 0.0)
        peeking.append((np.abs(values) > 1.96 * errors).any())
        sequence.append(confidence_sequence(values, errors, answers, planned=6000).decided_at is not None)
    assert np.mean(peeking) > 0.25
    assert np.mean(sequence) <= 0.05


def test_confidence_sequence_finds_an_effect_early() -> None:
    decided = [confidence_sequence(*looks(seed, 0.15), planned=6000).decided_at for seed in range(100)]
    assert np.mean([day is not None for day in decided]) > 0.95
    assert np.median([day for day in decided if day is not None]) < 40


def test_confidence_sequence_says_nothing_before_there_are_enough() -> None:
    found = confidence_sequence([5.0, 5.0], [1.0, 0.1], [50, 5000], planned=5000)
    assert np.isinf(found.low[0])
    assert found.decided_at == 1
    with pytest.raises(OutOfRange):
        confidence_sequence([1.0, 1.0], [1.0, 1.0], [10, 5], planned=100)


def test_two_arm_size_gives_the_published_example() -> None:
    size = two_arm_size(difference=0.05, deviation=1.1, response_rate=0.05)
    assert (round(size.answers, -2), round(size.customers, -3)) == (7600, 152_000)
    assert two_arm_size(difference=0.05, deviation=1.1, r_squared=0.34).answers == pytest.approx(5000, rel=0.005)


def test_two_arm_size_reaches_its_power_with_branches() -> None:
    size = two_arm_size(difference=2.0, deviation=10.0, per_unit=20, icc=0.1)
    found = []
    for seed in range(400):
        generator = np.random.default_rng(seed)
        branches = 2 * size.units
        arm = np.arange(branches) % 2 == 0
        level = 10 * np.sqrt(0.1) * generator.normal(size=branches) + 2.0 * arm
        y = level.repeat(20) + 10 * np.sqrt(0.9) * generator.normal(size=branches * 20)
        effect = randomised_effect(y, arm.repeat(20), units=np.arange(branches).repeat(20)).effect
        found.append(abs(effect.value) > 1.96 * effect.error)
    assert np.mean(found) == pytest.approx(0.8, abs=0.06)


def test_stepped_wedge_error_is_that_of_generalised_least_squares() -> None:
    steps, each, m, sd, icc = 3, 2, 15.0, 12.0, 0.08
    units, periods = steps * each, steps + 1
    switched = np.array(
        [[period >= unit // each + 1 for period in range(periods)] for unit in range(units)], dtype=float
    )
    design = np.column_stack([switched.ravel(), np.tile(np.eye(periods), (units, 1))])
    within = sd**2 * (1 - icc) / m * np.eye(periods) + sd**2 * icc
    information = design.T @ np.linalg.inv(np.kron(np.eye(units), within)) @ design
    by_hand = np.sqrt(np.linalg.inv(information)[0, 0])
    found = stepped_wedge_error(steps=steps, units_each=each, per_period=m, deviation=sd, icc=icc)
    assert found == pytest.approx(by_hand)
    assert detectable(found) == pytest.approx(2.8016 * found, rel=1e-4)


def trial(seed: int, *, heterogeneous: bool, n: int = 8000) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    generator = np.random.default_rng(seed)
    x, treated = generator.normal(size=n), generator.random(n) < 0.5
    effect = 0.2 * (1 + x) if heterogeneous else np.full(n, 0.2)
    return generator.normal(size=n) + effect * treated, treated, x


def test_qini_z_is_large_where_the_effect_differs_and_standard_normal_where_it_does_not() -> None:
    assert qini(*trial(1, heterogeneous=True)).z > 4
    same = [qini(*trial(seed, heterogeneous=False)).z for seed in range(300)]
    assert np.std(same) == pytest.approx(1.0, abs=0.12)
    assert abs(np.mean(same)) < 0.15


def test_qini_coefficient_is_the_area_between_its_curve_and_the_line() -> None:
    found = qini(*trial(2, heterogeneous=True), points=2000)
    area = np.trapezoid(found.gains - found.shares * found.gains[-1], found.shares)
    assert found.coefficient.value == pytest.approx(area, abs=1e-4)
    assert found.gains[-1] == pytest.approx(found.effect.value)


def test_qini_of_a_constant_score_is_nothing() -> None:
    y, treated, _ = trial(3, heterogeneous=True)
    assert qini(y, treated, np.zeros(len(y))).coefficient.value == pytest.approx(0.0, abs=1e-12)
    with pytest.raises(TooFew):
        qini(y, np.ones(len(y), dtype=bool), y)
