"""Shapley values of R squared against published numbers and brute force; relative weights beside them."""

from __future__ import annotations

import time
from itertools import permutations

import numpy as np
import pytest

from zhiyin.maths.arrays import Constant, Repeated, TooFew, WrongShape
from zhiyin.maths.linear import fit_linear
from zhiyin.maths.relative_weights import relative_weights
from zhiyin.maths.shapley import TooManyDrivers, shapley_r_squared, subset_r_squared, subset_sizes

# Fertility and five indicators of 47 Swiss provinces, 1888 (Mosteller and Tukey 1977): fertility, agriculture,
# examination, education, catholic, infant mortality
SWISS = """
80.2 17 15 12 9.96 22.2  83.1 45.1 6 9 84.84 22.2  92.5 39.7 5 5 93.4 20.2  85.8 36.5 12 7 33.77 20.3
76.9 43.5 17 15 5.16 20.6  76.1 35.3 9 7 90.57 26.6  83.8 70.2 16 7 92.85 23.6  92.4 67.8 14 8 97.16 24.9
82.4 53.3 12 7 97.67 21  82.9 45.2 16 13 91.38 24.4  87.1 64.5 14 6 98.61 24.5  64.1 62 21 12 8.52 16.5
66.9 67.5 14 7 2.27 19.1  68.9 60.7 19 12 4.43 22.7  61.7 69.3 22 5 2.82 18.7  68.3 72.6 18 2 24.2 21.2
71.7 34 17 8 3.3 20  55.7 19.4 26 28 12.11 20.2  54.3 15.2 31 20 2.15 10.8  65.1 73 19 9 2.84 20
65.5 59.8 22 10 5.23 18  65 55.1 14 3 4.52 22.4  56.6 50.9 22 12 15.14 16.7  57.4 54.1 20 6 4.2 15.3
72.5 71.2 12 1 2.4 21  74.2 58.1 14 8 5.23 23.8  72 63.5 6 3 2.56 18  60.5 60.8 16 10 7.72 16.3
58.3 26.8 25 19 18.46 20.9  65.4 49.5 15 8 6.1 22.5  75.5 85.9 3 2 99.71 15.1  69.3 84.9 7 6 99.68 19.8
77.3 89.7 5 2 100 18.3  70.5 78.2 12 6 98.96 19.4  79.4 64.9 7 3 98.22 20.2  65 75.9 9 9 99.06 17.8
92.2 84.6 3 3 99.46 16.3  79.3 63.1 13 13 96.83 18.1  70.4 38.4 26 12 5.62 20.3  65.7 7.7 29 11 13.79 20.5
72.7 16.7 22 13 11.22 18.9  64.4 17.6 35 32 16.92 23  77.6 37.6 15 7 4.97 20  67.6 18.7 25 7 8.65 19.5
35 1.2 37 53 42.34 18  44.7 46.6 16 29 50.43 18.2  42.8 27.7 22 29 58.33 19.3
"""


def swiss() -> np.ndarray:
    table = np.array(SWISS.split(), dtype=float).reshape(47, 6)
    return np.cov(np.column_stack([table[:, 1:], table[:, 0]]).T)


def invented(drivers: int, seed: int = 0) -> np.ndarray:
    generator = np.random.default_rng(seed)
    rows = generator.normal(size=(5 * drivers + 20, drivers + 1)) + 0.7 * generator.normal(size=(5 * drivers + 20, 1))
    return np.cov(rows.T)


def r_squared(covariance: np.ndarray, subset: tuple[int, ...]) -> float:
    if not subset:
        return 0.0
    inside = covariance[np.ix_(subset, subset)]
    right = covariance[list(subset), -1]
    return float(right @ np.linalg.solve(inside, right) / covariance[-1, -1])


def test_shapley_r_squared_reproduces_relaimpo_on_the_swiss_provinces() -> None:
    found = shapley_r_squared(swiss())
    assert found == pytest.approx([0.05709122, 0.17117303, 0.26013468, 0.10557015, 0.11276592], abs=1e-7)
    assert found.sum() == pytest.approx(0.7067350, abs=1e-7)


def test_shapley_r_squared_is_the_mean_over_all_orders() -> None:
    covariance = invented(5)
    by_order = np.zeros(5)
    orders = list(permutations(range(5)))
    for order in orders:
        for place, driver in enumerate(order):
            gained = r_squared(covariance, order[: place + 1]) - r_squared(covariance, order[:place])
            by_order[driver] += gained / len(orders)
    assert shapley_r_squared(covariance) == pytest.approx(by_order, abs=1e-10)


def test_subset_r_squared_numbers_subsets_by_their_bits() -> None:
    covariance = invented(4)
    found = subset_r_squared(covariance)
    for number in range(16):
        subset = tuple(driver for driver in range(4) if number >> driver & 1)
        assert found[number] == pytest.approx(r_squared(covariance, subset), abs=1e-10)
    assert subset_sizes(4).tolist() == [bin(number).count("1") for number in range(16)]


def test_shapley_r_squared_of_a_stack_is_that_of_each() -> None:
    one, two = invented(6, 1), invented(6, 2)
    both = shapley_r_squared(np.stack([one, two]))
    assert both[0] == pytest.approx(shapley_r_squared(one))
    assert both[1] == pytest.approx(shapley_r_squared(two))


def test_shapley_r_squared_shares_evenly_between_copies_and_gives_noise_nothing() -> None:
    covariance = np.array([[1.0, 1.0, 0.0, 0.6], [1.0, 1.0, 0.0, 0.6], [0.0, 0.0, 1.0, 0.0], [0.6, 0.6, 0.0, 1.0]])
    assert shapley_r_squared(covariance) == pytest.approx([0.18, 0.18, 0.0])


@pytest.mark.slow
def test_shapley_r_squared_of_twenty_drivers_takes_less_than_five_seconds() -> None:
    covariance = invented(20)
    start = time.process_time()
    found = shapley_r_squared(covariance)
    assert time.process_time() - start < 5.0
    assert found.sum() == pytest.approx(r_squared(covariance, tuple(range(20))), abs=1e-9)


def test_shapley_r_squared_refuses_too_many_drivers_and_other_shapes() -> None:
    with pytest.raises(TooManyDrivers, match=r"^21 drivers"):
        shapley_r_squared(np.eye(22))
    with pytest.raises(WrongShape):
        shapley_r_squared(np.ones((2, 3)))


def test_relative_weights_add_up_and_resemble_the_exact_split() -> None:
    for seed in range(5):
        covariance = invented(10, seed)
        exact, nearly = shapley_r_squared(covariance), relative_weights(covariance)
        assert nearly.sum() == pytest.approx(exact.sum(), abs=1e-10)
        assert np.corrcoef(exact, nearly)[0, 1] > 0.95
    assert relative_weights(swiss()).sum() == pytest.approx(0.7067350, abs=1e-7)


def test_relative_weights_of_uncorrelated_drivers_are_squared_correlations() -> None:
    covariance = np.array([[1.0, 0.0, 0.3], [0.0, 4.0, 0.8], [0.3, 0.8, 1.0]])
    assert relative_weights(covariance) == pytest.approx([0.09, 0.16])


def test_fit_linear_equals_least_squares() -> None:
    generator = np.random.default_rng(1)
    x = generator.normal(size=(80, 3))
    y = x @ [1.0, -2.0, 0.0] + generator.normal(size=80)
    found = fit_linear(np.cov(np.column_stack([x, y]).T, bias=True), ("a", "b", "c", "y"), n=80)
    design = np.column_stack([np.ones(80), x])
    beta, rest, *_ = np.linalg.lstsq(design, y, rcond=None)
    errors = np.sqrt(rest[0] / 76 * np.diag(np.linalg.inv(design.T @ design)))
    assert found.coefficients == pytest.approx(beta[1:])
    assert found.errors == pytest.approx(errors[1:])
    assert found.r_squared == pytest.approx(1 - rest[0] / ((y - y.mean()) ** 2).sum())


def test_fit_linear_names_what_is_wrong() -> None:
    with pytest.raises(Constant, match=r"^wait has"):
        fit_linear(np.diag([0.0, 1.0]), ("wait", "y"), n=10)
    with pytest.raises(Repeated, match=r"^copy repeats"):
        fit_linear(np.array([[1.0, 1.0, 0.5], [1.0, 1.0, 0.5], [0.5, 0.5, 1.0]]), ("a", "copy", "y"), n=10)
    with pytest.raises(TooFew, match=r"^rows: 2"):
        fit_linear(np.eye(2), ("a", "y"), n=2)
