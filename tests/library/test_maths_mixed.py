"""Crossed mixed models against published likelihoods, brute force and planted truth."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from published_numbers import published_rows

from zhiyin.maths.arrays import Constant, NotFinite, OutOfRange, Repeated, TooFew, WrongShape
from zhiyin.maths.crossed import Factor, NoFactor
from zhiyin.maths.mixed import MixedFit, OnlyExact, Solver, UnknownFactor, fit_mixed


class Lectures:
    """The 73,421 ratings of lectures, as columns."""

    def __init__(self) -> None:
        rows = published_rows("insteval/InstEval.csv.gz")
        self.y = np.array([float(row["y"]) for row in rows])
        self.service = np.array([float(row["service"]) for row in rows])
        self.department = np.array([int(row["dept"]) for row in rows])
        self.factors = {}
        for name in ("s", "d", "dept"):
            levels, codes = np.unique([row[name] for row in rows], return_inverse=True)
            self.factors[name] = Factor(name, codes, len(levels))

    def with_departments(self, *, solver: Solver, restricted: bool) -> MixedFit:
        return fit_mixed(
            self.y,
            [self.factors[name] for name in ("s", "d", "dept")],
            fixed=self.service[:, None],
            names=["service"],
            solver=solver,
            restricted=restricted,
            seed=3,
        )


@pytest.mark.slow
def test_fit_mixed_reproduces_the_published_likelihood_with_three_factors() -> None:
    fit = Lectures().with_departments(solver=Solver.EXACT, restricted=False)
    assert fit.criterion == pytest.approx(237721.76877450, abs=1e-4)
    variances = {factor.name: round(factor.variance, 5) for factor in fit.factors}
    assert variances == {"s": 0.10597, "d": 0.26520, "dept": 0.00617}
    assert round(fit.residual, 5) == 1.38649


@pytest.mark.slow
def test_fit_mixed_reproduces_the_published_likelihood_with_an_interaction() -> None:
    data = Lectures()
    columns = {"service": data.service}
    for level in np.unique(data.department)[1:]:
        columns[f"dept{level}"] = (data.department == level).astype(float)
        columns[f"service:dept{level}"] = columns[f"dept{level}"] * data.service
    fit = fit_mixed(
        data.y,
        [data.factors["s"], data.factors["d"]],
        fixed=np.column_stack(list(columns.values())),
        names=list(columns),
        restricted=False,
    )
    assert fit.solver is Solver.EXACT
    assert fit.criterion == pytest.approx(237585.55341517, abs=1e-4)


@pytest.mark.slow
def test_fit_mixed_linear_agrees_with_exact_on_the_lectures() -> None:
    data = Lectures()
    exact = data.with_departments(solver=Solver.EXACT, restricted=True)
    linear = data.with_departments(solver=Solver.LINEAR, restricted=True)
    for one, two in zip(exact.factors, linear.factors, strict=True):
        assert two.variance == pytest.approx(one.variance, rel=0.01)
        assert np.abs(two.effects - one.effects).max() < 0.01 * np.sqrt(one.variance)
        assert (two.errors / one.errors).tolist() == pytest.approx(np.ones(len(one.errors)).tolist(), abs=0.05)
    assert linear.residual == pytest.approx(exact.residual, rel=1e-3)
    assert linear.fixed.tolist() == pytest.approx(exact.fixed.tolist(), abs=1e-3)
    assert linear.fixed_errors.tolist() == pytest.approx(exact.fixed_errors.tolist(), rel=0.01)


class Invented:
    """Ratings of an invented bank: customers with a home unit, staff within units, two circumstances."""

    def __init__(self, n: int = 3000, levels: tuple[int, int, int] = (400, 40, 6), seed: int = 1) -> None:
        generator = np.random.default_rng(seed)
        customers, staff, units = levels
        self.customer = generator.integers(0, customers, n)
        at_home = generator.random(n) < 0.8
        unit = np.where(at_home, self.customer % units, generator.integers(0, units, n))
        self.staff = unit * (staff // units) + generator.integers(0, staff // units, n)
        self.staff = np.minimum(self.staff, staff - 1)
        self.x = generator.normal(size=(n, 2))
        self.truth = [
            generator.normal(size=size) * deviation for size, deviation in zip(levels, (0.6, 0.3, 0.2), strict=True)
        ]
        self.y = (
            4.0
            + self.x @ [0.5, -0.25]
            + self.truth[0][self.customer]
            + self.truth[1][self.staff]
            + self.truth[2][unit]
            + generator.normal(size=n)
        )
        self.factors = [
            Factor("customer", self.customer, customers),
            Factor("staff", self.staff, staff),
            Factor("unit", unit, units),
        ]

    def fit(self, solver: Solver) -> MixedFit:
        return fit_mixed(self.y, self.factors, fixed=self.x, names=["wait", "queue"], solver=solver, seed=2)


def brute_force(data: Invented, fit: MixedFit) -> tuple[float, np.ndarray, np.ndarray, np.ndarray]:
    """-2 REML, fixed effects, predictions and their errors from the n x n covariance matrix, at the fit's variances."""
    n = len(data.y)
    design = np.column_stack([np.ones(n), data.x])
    indicator = np.hstack([np.eye(factor.levels)[factor.codes] for factor in data.factors])
    spread = np.concatenate([np.full(factor.levels, fit.factor(factor.name).variance) for factor in data.factors])
    covariance = (indicator * spread) @ indicator.T + fit.residual * np.eye(n)
    inverse = np.linalg.inv(covariance)
    information = design.T @ inverse @ design
    beta = np.linalg.solve(information, design.T @ inverse @ data.y)
    left = data.y - design @ beta
    criterion = (
        np.linalg.slogdet(covariance)[1]
        + np.linalg.slogdet(information)[1]
        + left @ inverse @ left
        + (n - design.shape[1]) * np.log(2 * np.pi)
    )
    projector = inverse - inverse @ design @ np.linalg.solve(information, design.T @ inverse)
    effects = spread * (indicator.T @ inverse @ left)
    explained = (spread[:, None] * (indicator.T @ projector @ indicator)) * spread
    return float(criterion), beta, effects, np.sqrt(spread - np.diag(explained))


def test_fit_mixed_exact_equals_brute_force() -> None:
    data = Invented(n=800, levels=(90, 18, 4))
    fit = data.fit(Solver.EXACT)
    criterion, beta, effects, errors = brute_force(data, fit)
    assert fit.criterion == pytest.approx(criterion, abs=1e-6)
    assert fit.fixed.tolist() == pytest.approx(beta.tolist(), abs=1e-8)
    names = ("customer", "staff", "unit")
    assert np.concatenate([fit.factor(name).effects for name in names]) == pytest.approx(effects, abs=1e-8)
    assert np.concatenate([fit.factor(name).errors for name in names]) == pytest.approx(errors, abs=1e-8)


def test_fit_mixed_linear_equals_brute_force_at_its_variances() -> None:
    data = Invented(n=800, levels=(90, 18, 4))
    fit = data.fit(Solver.LINEAR)
    _, beta, effects, errors = brute_force(data, fit)
    assert fit.fixed.tolist() == pytest.approx(beta.tolist(), abs=2e-4)
    names = ("customer", "staff", "unit")
    assert np.concatenate([fit.factor(name).effects for name in names]) == pytest.approx(effects, abs=2e-3)
    assert np.concatenate([fit.factor(name).errors for name in names]) == pytest.approx(errors, rel=0.06)


def test_fit_mixed_solvers_agree_on_the_invented_bank() -> None:
    data = Invented()
    exact, linear = data.fit(Solver.EXACT), data.fit(Solver.LINEAR)
    assert np.isnan(linear.criterion)
    for one, two in zip(exact.factors, linear.factors, strict=True):
        assert two.variance == pytest.approx(one.variance, rel=0.01)
        assert np.abs(two.effects - one.effects).max() < 0.02 * np.sqrt(one.variance)


def test_fit_mixed_linear_is_repeatable_and_picklable() -> None:
    data = Invented()
    one, two = data.fit(Solver.LINEAR), pickle.loads(pickle.dumps(data.fit(Solver.LINEAR)))
    assert one.factor("staff").effects.tolist() == two.factor("staff").effects.tolist()


def test_fit_mixed_of_a_balanced_layout_is_the_analysis_of_variance() -> None:
    generator = np.random.default_rng(8)
    group = np.arange(30).repeat(7)
    y = (generator.normal(size=30) * 0.8)[group] + generator.normal(size=len(group))
    means = y.reshape(30, 7).mean(axis=1)
    within = ((y - means[group]) ** 2).sum() / (30 * 6)
    between = (7 * means.var(ddof=1) - within) / 7
    fit = fit_mixed(y, [Factor("unit", group, 30)])
    assert fit.factor("unit").variance == pytest.approx(between, rel=1e-4)
    assert fit.residual == pytest.approx(within, rel=1e-5)
    shrunk = (between / (between + within / 7)) * (means - y.mean())
    assert fit.factor("unit").effects == pytest.approx(shrunk, abs=1e-4)


@pytest.mark.parametrize("solver", [Solver.EXACT, Solver.LINEAR])
def test_fit_mixed_reports_no_variance_where_nobody_differs(solver: Solver) -> None:
    generator = np.random.default_rng(9)
    n = 2000
    customer, staff = generator.integers(0, 300, n), np.arange(n) % 50
    y = generator.normal(size=300)[customer] + generator.normal(size=n)
    means = np.bincount(staff, y) / np.bincount(staff)
    y = y - 0.9 * means[staff]  # staff differ by less than chance would make them
    fit = fit_mixed(y, [Factor("customer", customer, 300), Factor("staff", staff, 50)], solver=solver)
    assert fit.factor("staff").variance == pytest.approx(0.0, abs=1e-5)
    assert fit.factor("staff").reliability.max() < 0.01
    assert np.abs(fit.factor("staff").effects).max() < 1e-2


@pytest.mark.parametrize("solver", [Solver.EXACT, Solver.LINEAR])
def test_fit_mixed_gives_a_level_without_ratings_the_mean_and_the_full_spread(solver: Solver) -> None:
    data = Invented()
    data.factors[1] = Factor("staff", data.staff, 41)
    staff = data.fit(solver).factor("staff")
    assert staff.counts[40] == 0
    assert staff.effects[40] == pytest.approx(0.0, abs=1e-9)
    assert staff.errors[40] == pytest.approx(np.sqrt(staff.variance), rel=0.03)
    assert staff.reliability[40] == pytest.approx(0.0, abs=0.06)


@pytest.mark.parametrize("solver", [Solver.EXACT, Solver.LINEAR])
def test_fit_mixed_survives_one_customer_with_most_of_the_ratings(solver: Solver) -> None:
    data = Invented()
    hog = data.customer.copy()
    hog[:1500] = 0
    data.factors[0] = Factor("customer", hog, 400)
    fit = data.fit(solver)
    assert fit.factor("staff").variance == pytest.approx(0.09, abs=0.05)
    assert fit.residual == pytest.approx(1.0, abs=0.4)


def test_fit_mixed_does_not_depend_on_the_order_of_ratings_or_factors() -> None:
    data = Invented(n=1500)
    order = np.random.default_rng(0).permutation(1500)
    fit = data.fit(Solver.EXACT)
    shuffled = fit_mixed(
        data.y[order],
        [Factor(factor.name, factor.codes[order], factor.levels) for factor in reversed(data.factors)],
        fixed=data.x[order],
        names=["wait", "queue"],
        solver=Solver.EXACT,
    )
    assert shuffled.factor("staff").effects == pytest.approx(fit.factor("staff").effects, abs=1e-4)


def test_fit_mixed_reversed_scale_reverses_effects() -> None:
    data = Invented(n=1500)
    fit = data.fit(Solver.EXACT)
    data.y = 10.0 - data.y
    reversed_fit = data.fit(Solver.EXACT)
    assert reversed_fit.factor("staff").effects == pytest.approx(-fit.factor("staff").effects, abs=1e-4)
    assert reversed_fit.fixed[0] == pytest.approx(10.0 - fit.fixed[0], abs=1e-4)


@pytest.mark.slow
def test_fit_mixed_intervals_of_staff_cover_the_truth() -> None:
    covered = []
    for seed in range(30):
        data = Invented(n=4000, levels=(800, 60, 6), seed=seed)
        staff = data.fit(Solver.LINEAR).factor("staff")
        covered.append(np.abs(staff.effects - data.truth[1]) <= 1.96 * staff.errors)
    assert np.mean(covered) == pytest.approx(0.95, abs=0.015)


def test_fit_mixed_names_what_is_wrong_with_the_data() -> None:
    factor = Factor("staff", np.array([0, 1, 0, 1]), 2)
    with pytest.raises(NoFactor):
        fit_mixed([1.0, 2.0, 3.0], [])
    with pytest.raises(TooFew, match=r"^ratings: 2"):
        fit_mixed([1.0, 2.0], [Factor("staff", np.array([0, 1]), 2)])
    with pytest.raises(Constant, match=r"^y has the same value"):
        fit_mixed([5.0] * 4, [factor])
    with pytest.raises(Constant, match=r"^wait has the same value"):
        fit_mixed([1.0, 2.0, 3.0, 4.0], [factor], fixed=np.ones((4, 1)), names=["wait"])
    x = np.array([1.0, 2.0, 4.0, 3.0])
    with pytest.raises(Repeated, match=r"^twice repeats"):
        fit_mixed([1.0, 2.0, 3.0, 4.0], [factor], fixed=np.column_stack([x, 2 * x]), names=["once", "twice"])
    with pytest.raises(NotFinite, match=r"^y: 1 values"):
        fit_mixed([1.0, float("nan"), 3.0, 4.0], [factor])
    with pytest.raises(WrongShape):
        fit_mixed([1.0, 2.0, 3.0], [factor])
    with pytest.raises(OutOfRange, match=r"^codes of staff is 2"):
        Factor("staff", np.array([0, 2]), 2)


def test_fit_mixed_refuses_plain_likelihood_from_the_linear_solver_and_unknown_factors() -> None:
    data = Invented(n=600)
    with pytest.raises(OnlyExact):
        fit_mixed(data.y, data.factors, solver=Solver.LINEAR, restricted=False)
    with pytest.raises(UnknownFactor, match="Did you mean staff"):
        data.fit(Solver.EXACT).factor("staf")
