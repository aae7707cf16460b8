"""Mode and mix adjustment against a plain regression, and on planted unfairness."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.maths.arrays import OutOfRange, Repeated, TooFew
from zhiyin.maths.mix import Cells, adjusted_means, dummies


def cells_of(unit: np.ndarray, design: np.ndarray, y: np.ndarray, names: tuple[str, ...]) -> Cells:
    """Cells of rows, one cell for every unit and row of the design."""
    key = np.column_stack([unit, design])
    levels, code = np.unique(key, axis=0, return_inverse=True)
    return Cells(
        unit=levels[:, 0].astype(np.int64),
        units=int(unit.max()) + 1,
        design=levels[:, 1:],
        names=names,
        n=np.bincount(code).astype(float),
        total=np.bincount(code, y),
        squares=np.bincount(code, y**2),
    )


class Survey:
    """Units with true levels, two circumstances that lower answers, and unequal mixes."""

    def __init__(self, seed: int = 1, units: int = 12, answers: int = 3000) -> None:
        generator = np.random.default_rng(seed)
        self.unit = generator.integers(0, units, answers)
        share = generator.uniform(0.1, 0.9, units)
        self.collections = (generator.random(answers) < share[self.unit]).astype(float)
        self.phone = (generator.random(answers) < 0.4).astype(float)
        self.truth = generator.normal(70, 3, units)
        noise = generator.normal(0, 15, answers)
        self.y = self.truth[self.unit] - 12 * self.collections + 6 * self.phone + noise
        self.design = np.column_stack([self.collections, self.phone])

    def cells(self) -> Cells:
        return cells_of(self.unit, self.design, self.y, ("collections", "phone"))


def test_adjusted_means_equal_a_regression_with_a_constant_for_every_unit() -> None:
    survey = Survey()
    found = adjusted_means(survey.cells())
    constants = np.eye(12)[survey.unit]
    design = np.column_stack([constants, survey.design])
    beta, rest, *_ = np.linalg.lstsq(design, survey.y, rcond=None)
    noise = rest[0] / (len(survey.y) - 14)
    assert found.coefficients == pytest.approx(beta[12:], abs=1e-8)
    assert found.noise == pytest.approx(noise, rel=1e-8)
    errors = np.sqrt(noise * np.diag(np.linalg.inv(design.T @ design)))
    assert found.coefficient_errors == pytest.approx(errors[12:], rel=1e-6)
    centre = survey.design.mean(axis=0)
    assert found.adjusted == pytest.approx(beta[:12] + centre @ beta[12:], abs=1e-8)


def test_adjusted_means_take_unfairness_out() -> None:
    survey = Survey(seed=2, units=60, answers=60_000)
    found = adjusted_means(survey.cells())
    truth = survey.truth - survey.truth.mean()
    raw, adjusted = found.raw - found.raw.mean(), found.adjusted - found.adjusted.mean()
    assert np.corrcoef(adjusted, truth)[0, 1] > 0.97
    assert np.std(adjusted - truth) < 0.5 * np.std(raw - truth)


def test_adjusted_means_errors_are_those_of_repeated_surveys() -> None:
    misses = []
    for seed in range(200):
        survey = Survey(seed=seed)
        found = adjusted_means(survey.cells())
        level = survey.truth + survey.design.mean(axis=0) @ [-12.0, 6.0]
        misses.append((found.adjusted - level) / found.errors)
    assert np.std(misses) == pytest.approx(1.0, abs=0.05)


def test_adjusted_means_with_all_coefficients_known_subtract_them() -> None:
    survey = Survey()
    found = adjusted_means(survey.cells(), known={"collections": -12.0, "phone": 6.0})
    shift = np.array([survey.design[survey.unit == unit].mean(axis=0) for unit in range(12)])
    shift -= survey.design.mean(axis=0)
    assert found.adjusted == pytest.approx(found.raw - shift @ [-12.0, 6.0])
    assert found.coefficient_errors.tolist() == [0.0, 0.0]


def test_adjusted_means_estimate_what_is_left_beside_a_known_mode_effect() -> None:
    survey = Survey()
    found = adjusted_means(survey.cells(), known={"phone": 6.0})
    assert found.coefficients[1] == 6.0
    assert found.coefficients[0] == pytest.approx(-12.0, abs=1.5)


def test_adjusted_means_leave_a_unit_without_answers_unknown() -> None:
    cells = Survey().cells()
    wider = Cells(cells.unit, 13, cells.design, cells.names, cells.n, cells.total, cells.squares)
    found = adjusted_means(wider)
    assert np.isnan(found.adjusted[12])
    assert np.isinf(found.errors[12])


def test_adjusted_means_without_circumstances_are_the_means() -> None:
    survey = Survey()
    cells = cells_of(survey.unit, np.zeros((len(survey.y), 0)), survey.y, ())
    found = adjusted_means(cells)
    assert found.adjusted == pytest.approx(found.raw)


def test_adjusted_means_name_a_circumstance_that_only_differs_between_units() -> None:
    survey = Survey()
    city = (survey.unit % 2).astype(float)
    with pytest.raises(Repeated, match=r"^city repeats"):
        adjusted_means(cells_of(survey.unit, city[:, None], survey.y, ("city",)))
    with pytest.raises(OutOfRange, match=r"one of collections, phone"):
        adjusted_means(survey.cells(), known={"mode": 1.0})
    with pytest.raises(TooFew):
        adjusted_means(cells_of(np.arange(3), np.zeros((3, 0)), np.arange(3.0), ()))


def test_dummies_compare_with_the_most_frequent_level() -> None:
    design, names = dummies([["sms", "phone", "sms", "app"]], ["mode"])
    assert names == ("mode=app", "mode=phone")
    assert design.tolist() == [[0.0, 0.0], [0.0, 1.0], [0.0, 0.0], [1.0, 0.0]]
