"""PLS path modelling against the tables that R's plspm and seminr published for two satisfaction surveys."""

from __future__ import annotations

import math
import pickle

import numpy as np
import pytest
from published_numbers import numbers, published_rows

from zhiyin.maths.arrays import Constant, Repeated
from zhiyin.maths.moments import Moments, moments
from zhiyin.maths.pls import PlsFit, Scheme, fit_pls
from zhiyin.maths.pls_bootstrap import PlsBootstrap, bootstrap_pls
from zhiyin.maths.pls_model import BadDrawing, Block, Mode, PathModel, UnknownName

PREFIXES = {"IMAG": "imag", "EXPE": "expe", "QUAL": "qual", "VAL": "val", "SAT": "sat", "LOY": "loy"}
COUNTS = {"IMAG": 5, "EXPE": 5, "QUAL": 5, "VAL": 4, "SAT": 4, "LOY": 4}
PATHS = (
    ("IMAG", "EXPE"), ("IMAG", "SAT"), ("IMAG", "LOY"), ("EXPE", "QUAL"), ("EXPE", "VAL"),
    ("EXPE", "SAT"), ("QUAL", "VAL"), ("QUAL", "SAT"), ("VAL", "SAT"), ("SAT", "LOY"),
)  # fmt: skip


def bank_model(mode: Mode = Mode.A) -> PathModel:
    blocks = tuple(
        Block(name, tuple(f"{prefix}{k}" for k in range(1, COUNTS[name] + 1)), mode)
        for name, prefix in PREFIXES.items()
    )
    return PathModel(blocks, PATHS)


def bank_moments() -> Moments:
    items = bank_model().items
    return moments(numbers(published_rows("plspm_satisfaction/satisfaction.csv"), *items), items)


def bank_fit(mode: Mode = Mode.A, scheme: Scheme = Scheme.CENTROID) -> PlsFit:
    return fit_pls(bank_moments().covariance(), bank_model(mode), scheme=scheme)


def table(name: str) -> dict[str, dict[str, str]]:
    return {row[""]: row for row in published_rows(f"plspm_satisfaction/{name}")}


def test_fit_pls_reproduces_the_published_outer_model() -> None:
    fit = bank_fit()
    rows = {row["name"]: row for row in published_rows("plspm_satisfaction/satisfaction.outer-model.csv")}
    assert tuple(rows) == fit.model.items
    for column, ours in (
        ("weight", fit.weights), ("loading", fit.loadings), ("communality", fit.communalities),
        ("redundancy", fit.redundancies),
    ):  # fmt: skip
        theirs = np.array([float(row[column]) for row in rows.values()])
        assert np.abs(ours - theirs).max() < 1e-5, column


def test_fit_pls_reproduces_all_published_effects() -> None:
    fit = bank_fit()
    at = fit.model.latents.index
    for row in published_rows("plspm_satisfaction/satisfaction.effects.csv"):
        cell = (at(row["to"]), at(row["from"]))
        assert fit.paths[cell] == pytest.approx(float(row["direct"]), abs=1e-5)
        assert fit.indirect_effects[cell] == pytest.approx(float(row["indirect"]), abs=1e-5)
        assert fit.total_effects[cell] == pytest.approx(float(row["total"]), abs=1e-5)


def test_fit_pls_reproduces_published_r_squared_ave_and_goodness_of_fit() -> None:
    fit = bank_fit()
    rows = table("satisfaction.inner-summary.csv")
    r_squared = np.array([float(rows[name]["r_squared"]) for name in fit.model.latents])
    ave = np.array([float(rows[name]["ave"]) for name in fit.model.latents])
    assert np.abs(fit.r_squared - r_squared).max() < 1e-5
    assert np.abs(fit.average_variance_extracted - ave).max() < 1e-5
    assert fit.goodness_of_fit == pytest.approx(0.609741624338411, abs=1e-7)


def test_fit_pls_stopped_after_the_published_rounds_is_exact_to_the_last_digits() -> None:
    fit = fit_pls(bank_moments().covariance(), bank_model(), tolerance=1e-8)
    rows = published_rows("plspm_satisfaction/satisfaction.outer-model.csv")
    assert fit.rounds == 4
    assert np.abs(fit.weights - numbers(rows, "weight")).max() < 1e-14
    assert fit.goodness_of_fit == pytest.approx(0.609741624338411, abs=1e-14)


def test_fit_pls_reproduces_published_reliability() -> None:
    fit = bank_fit()
    rows = table("satisfaction_unidim.csv")
    for name, found in zip(fit.model.latents, fit.unidimensionality, strict=True):
        row = rows[name]
        assert found.alpha == pytest.approx(float(row["cronbach_alpha"]), abs=1e-12)
        assert found.rho == pytest.approx(float(row["dillon_goldstein_rho"]), abs=1e-12)
        assert found.first_eigenvalue == pytest.approx(float(row["eig_1st"]), abs=1e-12)
        assert found.second_eigenvalue == pytest.approx(float(row["eig_2nd"]), abs=1e-12)


def test_fit_pls_reproduces_published_regression_errors_of_satisfaction() -> None:
    fit = bank_fit()
    errors = fit.path_errors(250)[fit.model.latents.index("SAT")]
    for source, row in table("satisfaction.inner-model.csv").items():
        at = fit.model.latents.index(source)
        assert errors[at] == pytest.approx(float(row["Std. Error"]), abs=1e-5)
        assert fit.path(source, "SAT") / errors[at] == pytest.approx(float(row["t value"]), abs=2e-4)


def test_fit_pls_scores_equal_the_published_scores() -> None:
    fit = bank_fit()
    rows = published_rows("plspm_satisfaction/satisfaction.csv")
    scores = fit.scores(numbers(rows, *fit.model.items), bank_moments().mean())
    published = numbers(published_rows("plspm_satisfaction/satisfaction.scores.csv"), *fit.model.latents)
    assert np.abs(scores - published).max() < 2e-5


@pytest.mark.parametrize(
    ("scheme", "loadings"),
    [
        # R plspm, loadings of imag1, qual3, val2, sat4 and loy4 under each scheme
        (Scheme.FACTORIAL, (0.7095795626, 0.7945042443, 0.7967300066, 0.8173257946, 0.6813054770)),
        (Scheme.PATH, (0.7095507679, 0.7944717696, 0.7993280994, 0.8208869949, 0.6788143111)),
    ],
)  # fmt: skip
def test_fit_pls_reproduces_published_loadings_of_the_other_schemes(
    scheme: Scheme, loadings: tuple[float, ...]
) -> None:
    fit = bank_fit(scheme=scheme)
    found = dict(zip(fit.model.items, fit.loadings, strict=True))
    ours = [found[item] for item in ("imag1", "qual3", "val2", "sat4", "loy4")]
    assert ours == pytest.approx(list(loadings), abs=1e-5)


def test_fit_pls_reproduces_the_published_formative_model() -> None:
    fit = bank_fit(Mode.B)
    published = (0.0, 0.372046006581529, 0.722837619445379, 0.614360808369793, 0.732183693952877, 0.539969047981518)
    assert fit.r_squared.tolist() == pytest.approx(list(published), abs=1e-5)


def test_fit_pls_reproduces_the_published_mobile_model() -> None:
    model = PathModel(
        (
            Block("Image", tuple(f"IMAG{k}" for k in range(1, 6))),
            Block("Expectation", tuple(f"CUEX{k}" for k in range(1, 4))),
            Block("Quality", tuple(f"PERQ{k}" for k in range(1, 8)), Mode.B),
            Block("Complaints", ("CUSCO",)),
            Block("Loyalty", tuple(f"CUSL{k}" for k in range(1, 4))),
        ),
        (("Expectation", "Loyalty"), ("Quality", "Loyalty"), ("Image", "Expectation"), ("Complaints", "Loyalty")),
    )
    rows = published_rows("plspm_satisfaction/mobi.csv")
    covariance = np.cov(numbers(rows, *model.items).T)
    fit = fit_pls(covariance, model, scheme=Scheme.PATH, standardise=True)
    outer = table("seminr-mobi-basic-outer-model.csv")
    for item, weight, loading in zip(model.items, fit.weights, fit.loadings, strict=True):
        assert weight == pytest.approx(float(outer[item]["weight"]), abs=1e-5)
        assert loading == pytest.approx(float(outer[item]["loading"]), abs=1e-5)
    for source, row in table("seminr-mobi-basic-paths.csv").items():
        for target in model.latents:
            if target in row:
                assert fit.path(source, target) == pytest.approx(float(row[target]), abs=1e-6)


def test_fit_pls_ignores_columns_order_and_extra_columns() -> None:
    data = bank_moments()
    items = ["gender_code", *reversed(data.columns)]
    wide = np.eye(len(items))
    wide[1:, 1:] = data.covariance()[::-1, ::-1]
    fit = fit_pls(wide, bank_model(), columns=items)
    assert fit.weights.tolist() == pytest.approx(bank_fit().weights.tolist(), abs=1e-12)


def test_fit_pls_standardised_does_not_depend_on_the_unit_of_a_question() -> None:
    covariance = bank_moments().covariance()
    unit = np.ones(len(covariance))
    unit[3] = 10.0
    plain = fit_pls(covariance, bank_model(), standardise=True)
    scaled = fit_pls(covariance * unit[:, None] * unit, bank_model(), standardise=True)
    assert scaled.paths.ravel().tolist() == pytest.approx(plain.paths.ravel().tolist(), abs=1e-9)


def test_fit_pls_turns_every_latent_the_way_its_questions_point() -> None:
    fit = bank_fit()
    assert (fit.loadings > 0).all()


def test_fit_pls_names_a_question_everybody_answered_alike() -> None:
    covariance = bank_moments().covariance().copy()
    covariance[2, :] = covariance[:, 2] = 0.0
    with pytest.raises(Constant, match=r"^imag3 has the same value"):
        fit_pls(covariance, bank_model())


def test_fit_pls_names_a_block_whose_questions_repeat_each_other() -> None:
    model = PathModel((Block("Q", ("q1", "q2"), Mode.B), Block("S", ("s",))), (("Q", "S"),))
    with pytest.raises(Repeated, match=r"^q1, q2 repeats"):
        fit_pls([[1.0, 1.0, 0.5], [1.0, 1.0, 0.5], [0.5, 0.5, 1.0]], model)


def test_fit_pls_suggests_the_column_that_was_meant() -> None:
    model = PathModel((Block("Q", ("quality",)), Block("S", ("satisfaction",))), (("Q", "S"),))
    with pytest.raises(UnknownName, match="Did you mean satisfactions"):
        fit_pls(np.eye(2), model, columns=["quality", "satisfactions"])


@pytest.mark.parametrize(
    ("blocks", "paths", "reason"),
    [
        ((("A", ("a",)), ("B", ("b",))), (("A", "B"), ("B", "A")), "the arrows run in a circle"),
        ((("A", ("a",)), ("B", ("b",)), ("C", ("c",))), (("A", "B"),), "no arrow touches C"),
        ((("A", ("a",)), ("B", ("a",))), (("A", "B"),), "a question belongs to two blocks"),
        ((("A", ()), ("B", ("a",))), (("A", "B"),), "block A has no question"),
    ],
)
def test_path_model_refuses_what_is_not_one(
    blocks: tuple[tuple[str, tuple[str, ...]], ...], paths: tuple[tuple[str, str], ...], reason: str
) -> None:
    with pytest.raises(BadDrawing) as caught:
        PathModel(tuple(Block(name, items) for name, items in blocks), paths)
    assert caught.value.data["reason"] == reason


def test_fit_pls_of_single_questions_is_a_regression_without_goodness_of_fit() -> None:
    model = PathModel((Block("A", ("a",)), Block("B", ("b",))), (("A", "B"),))
    fit = fit_pls([[4.0, 1.0], [1.0, 1.0]], model)
    assert fit.path("A", "B") == pytest.approx(0.5)
    assert fit.r_squared.tolist() == pytest.approx([0.0, 0.25])
    assert math.isnan(fit.goodness_of_fit)


def bank_bootstrap() -> PlsBootstrap:
    return bootstrap_pls(bank_moments(), bank_model(), seed=20261101, scale=(1, 10))


def test_bootstrap_pls_agrees_with_the_published_bootstrap() -> None:
    found = bank_bootstrap()
    at = found.fit.model.latents.index
    for arrow, row in table("satisfaction_boot_paths.csv").items():
        source, target = arrow.split(" -> ")
        cell = (at(target), at(source))
        published = float(row["std.error"])
        # the published errors come from 200 samples, so each is itself known to about 5 %
        assert found.paths.error[cell] == pytest.approx(published, rel=0.25)
        assert found.paths.low[cell] == pytest.approx(float(row["perc.025"]), abs=0.6 * published)
        assert found.paths.high[cell] == pytest.approx(float(row["perc.975"]), abs=0.6 * published)
    for latent, row in table("satisfaction_boot_rsquared.csv").items():
        assert found.r_squared.error[at(latent)] == pytest.approx(float(row["std.error"]), rel=0.25)


def test_bootstrap_pls_gives_the_index_of_the_bank_with_its_interval() -> None:
    found = bank_bootstrap()
    index = dict(zip(found.fit.model.latents, found.index.estimate.round(2).tolist(), strict=True))
    assert index == {"IMAG": 71.55, "EXPE": 71.97, "QUAL": 66.04, "VAL": 66.97, "SAT": 65.11, "LOY": 68.32}
    assert (found.index.low < found.index.estimate).all()
    assert (found.index.high > found.index.estimate).all()
    assert found.dropped == 0


def test_bootstrap_pls_gives_no_index_to_a_latent_with_a_negative_weight() -> None:
    model = bank_model(Mode.B)
    found = bootstrap_pls(bank_moments(), model, seed=1, scale=(1, 10), samples=50)
    negative = (found.fit.weights < 0) @ model.members > 0
    assert np.isnan(found.index.estimate).tolist() == negative.tolist()
    assert negative.any()


def test_bootstrap_pls_is_repeatable_and_picklable() -> None:
    data, model = bank_moments(), bank_model()
    one = bootstrap_pls(data, model, seed=5, scale=(1, 10), samples=40)
    two = pickle.loads(pickle.dumps(bootstrap_pls(data, model, seed=5, scale=(1, 10), samples=40)))
    assert one.paths.low.tolist() == two.paths.low.tolist()


def simulated(generator: np.random.Generator, customers: int) -> Moments:
    """Two answers a customer to a model with known paths: quality to satisfaction .6."""
    quality = generator.normal(size=customers)
    satisfaction = 0.6 * quality + 0.8 * generator.normal(size=customers)
    latent = np.stack([quality] * 3 + [satisfaction] * 3, axis=1).repeat(2, axis=0)
    noise = generator.normal(size=latent.shape) * 0.6
    rows = np.clip(np.round(7 + 1.5 * (latent + noise)), 1, 10)
    return moments(rows, ["q1", "q2", "q3", "s1", "s2", "s3"], groups=np.arange(customers).repeat(2))


@pytest.mark.slow
def test_bootstrap_pls_index_covers_the_truth_as_often_as_it_says() -> None:
    model = PathModel((Block("Q", ("q1", "q2", "q3")), Block("S", ("s1", "s2", "s3"))), (("Q", "S"),))
    truth = bootstrap_pls(
        simulated(np.random.default_rng(0), 400_000).blocks(400), model, seed=1, scale=(1, 10), samples=50
    )
    covered = []
    for seed in range(600):
        found = bootstrap_pls(
            simulated(np.random.default_rng(1000 + seed), 150), model, seed=seed, scale=(1, 10), samples=400
        )
        covered.append((found.index.low <= truth.index.estimate) & (truth.index.estimate <= found.index.high))
    assert np.mean(covered) == pytest.approx(0.95, abs=0.015)
