"""Fay-Herriot against the published fit of the milk expenditure data, and in simulation."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.maths.arrays import OutOfRange, Repeated, TooFew
from zhiyin.maths.small_area import Uncertainty, fit_areas

# Average expenditure on fresh milk in 43 areas of the United States, 1989: estimate, standard deviation, major area.
# Arora and Lahiri (1997), Statistica Sinica 7; areas grouped by You and Chapman (2006), Survey Methodology 32.
MILK = """
1.099 .163 1  1.075 .080 1  1.105 .083 1   .628 .109 1   .753 .119 1   .981 .141 1  1.257 .202 1
1.095 .127 2  1.405 .168 2  1.356 .178 2   .615 .100 2  1.460 .201 2  1.338 .148 2   .854 .143 2
1.176 .149 3  1.111 .145 3  1.257 .135 3  1.430 .172 3  1.278 .137 3  1.292 .163 3  1.002 .125 3
1.183 .247 3  1.044 .140 3  1.267 .171 3  1.193 .106 3   .791 .121 4   .795 .121 4   .759 .259 4
 .796 .106 4   .565 .089 4   .886 .225 4   .952 .205 4   .807 .119 4   .582 .067 4   .684 .106 4
 .787 .126 4   .440 .092 4   .759 .132 4   .770 .100 4   .800 .113 4   .756 .083 4   .865 .121 4
 .640 .129 4
"""
# R package sae, eblupFH and mseFH, REML: estimates and mean squared errors of areas 1-7, 22, 28, 34 and 43
PLACES = (0, 1, 2, 3, 4, 5, 6, 21, 27, 33, 42)
ESTIMATES = (1.0219703, 1.0476018, 1.0679513, 0.7608170, 0.8461574, 0.9743727, 1.0584523, 1.1923057, 0.7338443,
             0.6102302, 0.6810870)  # fmt: skip
ERRORS = (0.013460220, 0.005372876, 0.005701990, 0.008541740, 0.009579594, 0.011670632, 0.015926137, 0.017243977,
          0.016476912, 0.003870786, 0.009903626)  # fmt: skip


def test_fit_areas_reproduces_the_published_milk_model() -> None:
    table = np.array(MILK.split(), dtype=float).reshape(43, 3)
    majors = (table[:, 2, None] == [2, 3, 4]).astype(float)
    fit = fit_areas(table[:, 0], table[:, 1] ** 2, covariates=majors, uncertainty=Uncertainty.PLUGGED)
    assert fit.coefficients == pytest.approx([0.9681890, 0.1327801, 0.2269462, -0.2413011], abs=2e-6)
    assert fit.coefficient_errors == pytest.approx([0.06936208, 0.10300072, 0.09232981, 0.08161707], abs=2e-6)
    assert fit.variance == pytest.approx(0.01855, abs=1e-5)
    assert fit.estimates[list(PLACES)] == pytest.approx(ESTIMATES, abs=2e-6)
    assert fit.errors[list(PLACES)] ** 2 == pytest.approx(ERRORS, abs=2e-7)


def test_fit_areas_alike_gives_everybody_the_mean() -> None:
    direct, variances = np.array([70.0, 70.5, 69.5, 70.2]), np.full(4, 25.0)
    plugged = fit_areas(direct, variances, uncertainty=Uncertainty.PLUGGED)
    assert plugged.variance == 0.0
    assert plugged.weights.tolist() == [0.0] * 4
    assert plugged.estimates == pytest.approx([70.05] * 4)
    integrated = fit_areas(direct, variances)
    assert integrated.estimates == pytest.approx([70.05] * 4, abs=0.6)
    assert integrated.weights.max() < 0.7


def test_fit_areas_integrated_and_plugged_agree_where_areas_clearly_differ() -> None:
    generator = np.random.default_rng(0)
    direct = generator.normal(70, 8, 200) + generator.normal(0, 3, 200)
    one = fit_areas(direct, np.full(200, 9.0))
    two = fit_areas(direct, np.full(200, 9.0), uncertainty=Uncertainty.PLUGGED)
    assert one.estimates == pytest.approx(two.estimates, abs=0.05)
    assert one.errors == pytest.approx(two.errors, rel=0.01)


def test_fit_areas_gives_an_area_without_answers_what_the_model_expects() -> None:
    x = np.arange(12.0)
    direct = 50.0 + 2.0 * x + np.array([1, -1] * 6)
    fit = fit_areas([*direct[:-1], 0.0], [1.0] * 11 + [float("inf")], covariates=x[:, None])
    assert fit.estimates[-1] == fit.synthetic[-1]
    assert fit.estimates[-1] == pytest.approx(72.0, abs=1.0)
    assert fit.weights[-1] == 0.0


def test_fit_areas_does_not_depend_on_the_unit_of_measurement() -> None:
    direct, variances = np.array([70.0, 90.0, 80.0, 76.0, 84.0]), np.array([9.0, 4.0, 4.0, 1.0, 1.0])
    one, two = fit_areas(direct, variances), fit_areas(direct / 1000, variances / 1e6)
    assert two.estimates * 1000 == pytest.approx(one.estimates, rel=1e-8)
    assert two.errors * 1000 == pytest.approx(one.errors, rel=1e-8)


def test_fit_areas_names_what_is_wrong() -> None:
    with pytest.raises(TooFew, match=r"^areas with answers: 2"):
        fit_areas([1.0, 2.0, 3.0], [1.0, 1.0, float("inf")])
    with pytest.raises(OutOfRange, match=r"^variances is 0"):
        fit_areas([1.0, 2.0, 3.0], [1.0, 0.0, 1.0])
    with pytest.raises(Repeated):
        fit_areas(np.arange(6.0), np.ones(6), covariates=np.ones((6, 1)))


@pytest.mark.slow
def test_fit_areas_halves_the_error_of_the_plain_mean_and_covers() -> None:
    plain, model, covered = [], [], []
    for seed in range(200):
        generator = np.random.default_rng(seed)
        predicted = generator.normal(70, 4, 300)
        truth = predicted + generator.normal(0, 2, 300)
        variances = 400.0 / generator.integers(5, 25, 300)
        direct = truth + generator.normal(size=300) * np.sqrt(variances)
        fit = fit_areas(direct, variances, covariates=predicted[:, None])
        plain.append(((direct - truth) ** 2).mean())
        model.append(((fit.estimates - truth) ** 2).mean())
        covered.append((np.abs(fit.estimates - truth) <= 1.96 * fit.errors).mean())
    assert np.sqrt(np.mean(model) / np.mean(plain)) < 0.5
    assert np.mean(covered) == pytest.approx(0.95, abs=0.015)
