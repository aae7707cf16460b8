"""PLS path modelling: how image, expectations, quality and value make satisfaction, and satisfaction loyalty.

**What it does.** Each idea that cannot be asked directly (a *latent*) is a weighted sum of a few questions about it
(its *block*). Weights are found by turns: a latent looks like its questions (outer step) and like its neighbours in
the drawing (inner step), until nothing moves. Then ordinary regressions along the arrows give the paths. National
satisfaction indices (ACSI in the United States, ECSI in Europe, CCSI in China) are built this way.

**From the covariance matrix only.** Every step is a product of the p x p covariance matrix of the questions with
small matrices, so a million answers cost what a thousand do, and a stack of bootstrap matrices is fitted at once.

- ``Mode.A`` (reflective: the questions mirror the latent): weights are covariances with the inner estimate. Stable
  when questions resemble each other; the usual choice for satisfaction.
- ``Mode.B`` (formative: the questions make up the latent): weights are regression coefficients. They may come out
  negative when questions overlap.
- ``Scheme.CENTROID`` uses only the signs of the correlations with neighbours, ``FACTORIAL`` the correlations,
  ``PATH`` regression coefficients for causes and correlations for consequences. Results differ in the third digit.

**When not to use it.** Paths are associations between answers given at the same time; no arrow is proven by fitting
it (``zhiyin.evidence`` is for that). With one question a latent, this is plain regression: use ``zhiyin.drivers``.

References
----------
Tenenhaus, Esposito Vinzi, Chatelin, Lauro (2005), PLS path modeling, Computational Statistics & Data Analysis 48.
Fornell et al. (1996), The American Customer Satisfaction Index, Journal of Marketing 60.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike

from zhiyin.errors import ZhiyinError
from zhiyin.maths.arrays import Constant, Flags, Floats, Integers, Repeated, TooFew, WrongShape, floats
from zhiyin.maths.pls_model import Mode, PathModel, UnknownName

_TINY = 1e-12


class NotConverged(ZhiyinError):
    """Weights still moved after the last round."""

    code: ClassVar[str] = "pls.not_converged"
    message: ClassVar[str] = "The weights had not settled after {rounds} rounds. Look for blocks that measure nothing."


class Scheme(StrEnum):
    """How a latent is guessed from its neighbours."""

    CENTROID = "centroid"
    FACTORIAL = "factorial"
    PATH = "path"


@dataclass(frozen=True, slots=True)
class Unidimensionality:
    """Do a block's questions measure one thing? Computed on the standardised questions.

    ``alpha`` (Cronbach) and ``rho`` (Dillon-Goldstein) should exceed .7; of the eigenvalues the first should exceed
    1 and the second not. One question alone has alpha and rho 1 by convention.
    """

    alpha: float
    rho: float
    first_eigenvalue: float
    second_eigenvalue: float


@dataclass(frozen=True, slots=True, eq=False)
class PlsFit:
    """A fitted path model. Questions and latents are in the order of ``model.items`` and ``model.latents``.

    Parameters
    ----------
    weights : of each question in its latent, in units of ``1 / scale``: latents have variance one. Shape (questions,).
    scale : what each question was divided by first: its standard deviation if standardised, else 1.
    loadings : correlation of a question with its own latent. ``cross_loadings`` : with every latent.
    paths : coefficient of the arrow from column to row, in standard deviations. Shape (to, from).
    correlations : between latents.
    r_squared : share of a latent explained by its arrows; 0 where none ends. ``total_effects`` : along all ways.
    unidimensionality : one a block.
    rounds : turns needed.
    """

    model: PathModel
    weights: Floats
    scale: Floats
    loadings: Floats
    cross_loadings: Floats
    paths: Floats
    correlations: Floats
    r_squared: Floats
    unidimensionality: tuple[Unidimensionality, ...]
    rounds: int

    @property
    def communalities(self) -> Floats:
        """Share of each question explained by its latent: the squared loading."""
        return np.asarray(self.loadings**2)

    @property
    def redundancies(self) -> Floats:
        """Share of each question explained by the latents before its own: communality times R squared."""
        return np.asarray(self.communalities * (self.model.members @ self.r_squared))

    @property
    def average_variance_extracted(self) -> Floats:
        """AVE: mean communality of a block; above .5 the latent explains more of its questions than noise does."""
        members = self.model.members
        return np.asarray((self.communalities @ members) / members.sum(axis=0))

    @property
    def goodness_of_fit(self) -> float:
        """GoF: root of mean communality (blocks of several questions) times mean R squared (latents with arrows in).

        NaN where every latent has one question: the model then has no outer part to judge.
        """
        members = self.model.members
        several = members[:, members.sum(axis=0) > 1].any(axis=1)
        if not several.any():
            return float("nan")
        ends = self.model.arrows.any(axis=1)
        return float(np.sqrt(self.communalities[several].mean() * self.r_squared[ends].mean()))

    @property
    def total_effects(self) -> Floats:
        """Effect along all ways together, in standard deviations. Shape (to, from)."""
        one = np.eye(len(self.paths))
        return np.asarray(np.linalg.inv(one - self.paths) - one)

    @property
    def indirect_effects(self) -> Floats:
        """Total less direct effect."""
        return np.asarray(self.total_effects - self.paths)

    def path(self, source: str, target: str) -> float:
        """The coefficient of one arrow; 0 if it is not drawn."""
        return float(self.paths[self._latent(target), self._latent(source)])

    def item_weights(self, latent: str) -> dict[str, float]:
        """Weights of one latent's questions in their own units (points of their scale), adding up to one.

        These are what an index needs: :func:`zhiyin.maths.index.satisfaction_index`.
        """
        block = self.model.blocks[self._latent(latent)]
        raw = dict(zip(self.model.items, self.weights / self.scale, strict=True))
        total = sum(raw[item] for item in block.items)
        return {item: raw[item] / total for item in block.items}

    def scores(self, rows: ArrayLike, mean: ArrayLike) -> Floats:
        """Latent scores (mean 0, variance 1 in the fitted data) of rows of answers. Shape (rows, latents)."""
        deviations = floats(rows, "rows", dimensions=2) - floats(mean, "mean")
        return np.asarray(deviations @ (self.model.members * (self.weights / self.scale)[:, None]))

    def path_errors(self, n: int) -> Floats:
        """Standard errors of the paths as regressions of n rows give them; they ignore that weights were estimated.

        The bootstrap (:func:`zhiyin.maths.pls_bootstrap.bootstrap_pls`) does not.
        """
        errors = np.full_like(self.paths, np.nan)
        for target, causes in enumerate(self.model.arrows):
            degrees = n - 1 - int(causes.sum())
            if not causes.any():
                continue
            if degrees < 1:
                raise TooFew(name="rows", given=n, needed=int(causes.sum()) + 2)
            inverse = np.linalg.inv(self.correlations[np.ix_(causes, causes)])
            errors[target, causes] = np.sqrt(np.diag(inverse) * (1.0 - self.r_squared[target]) / degrees)
        return errors

    def _latent(self, name: str) -> int:
        if name not in self.model.latents:
            raise UnknownName(name=name, kind="latents", choices=self.model.latents)
        return self.model.latents.index(name)


def fit_pls(
    covariance: ArrayLike,
    model: PathModel,
    *,
    columns: Sequence[str] | None = None,
    scheme: Scheme = Scheme.CENTROID,
    standardise: bool = False,
    tolerance: float = 1e-14,
    rounds: int = 1000,
) -> PlsFit:
    """Fit a path model to the covariance matrix of its questions.

    Parameters
    ----------
    covariance : of the questions, shape (p, p); divided by n or by n-1, which changes only the length of ``weights``.
    columns : names of its rows and columns; it may hold more than the model asks for. None: exactly
        ``model.items`` in order.
    standardise : divide each question by its standard deviation first. Leave it off when all share a scale.
    tolerance : the sum of squared changes of the weights at which to stop.
    rounds : turns after which to give up.

    Raises
    ------
    UnknownName : a question is not among the columns. Constant : everybody answered it alike.
    Repeated : questions of a block in mode B repeat each other. NotConverged : see ``rounds``.
    """
    matrix = _chosen(floats(covariance, "covariance", dimensions=2), model, columns)
    variance = np.diag(matrix)
    for item, value in zip(model.items, variance, strict=True):
        if value <= _TINY:
            raise Constant(name=item)
    scale = np.sqrt(variance) if standardise else np.ones(len(variance))
    matrix = matrix / (scale[:, None] * scale)
    weights, used, settled = outer_weights(matrix[None], model, scheme=scheme, tolerance=tolerance, rounds=rounds)
    if not settled[0]:
        raise NotConverged(rounds=rounds)
    loadings, correlations = structure(matrix[None], weights)
    paths, r_squared = inner_paths(correlations, model)
    own = weights[0].sum(axis=1)
    return PlsFit(
        model=model,
        weights=own,
        scale=scale,
        loadings=loadings[0][model.members],
        cross_loadings=loadings[0],
        paths=paths[0],
        correlations=correlations[0],
        r_squared=r_squared[0],
        unidimensionality=tuple(_unidimensionality(matrix, column) for column in model.members.T),
        rounds=used,
    )


def outer_weights(
    covariance: Floats, model: PathModel, *, scheme: Scheme, tolerance: float, rounds: int
) -> tuple[Floats, int, Flags]:
    """Weights for a stack of covariance matrices, all turned together.

    Parameters
    ----------
    covariance : shape (stack, p, p).

    Returns
    -------
    weights : shape (stack, p, latents), zero outside a question's own block, each latent of variance one and turned
        so that it rises with most of its questions.
    rounds : turns used by the slowest. settled : whether each had settled.
    """
    members = model.members
    neighbours = model.arrows | model.arrows.T
    weights = _unit(members[None] * np.ones((len(covariance), 1, 1)), covariance)
    formative = _formative(covariance, model)
    settled = np.zeros(len(covariance), dtype=np.bool_)
    used = 0
    while used < rounds and not settled.all():
        used += 1
        correlations = _sandwich(weights, covariance)
        inner = _inner(correlations, neighbours, model.arrows, scheme)
        guess = _unit(weights @ inner, covariance)
        moved = _unit(_outer(covariance @ guess, members, formative), covariance)
        change = ((np.abs(moved) - np.abs(weights)) ** 2).sum(axis=(1, 2))
        weights, settled = moved, change < tolerance
    loadings, _ = structure(covariance, weights)
    turn = np.sign((np.sign(loadings) * members).sum(axis=1))
    turn[turn == 0] = 1.0
    return weights * turn[:, None, :], used, settled


def structure(covariance: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Correlations of questions with latents (stack, p, latents) and between latents (stack, latents, latents)."""
    spread = np.sqrt(np.diagonal(covariance, axis1=1, axis2=2))
    return (covariance @ weights) / spread[:, :, None], _sandwich(weights, covariance)


def inner_paths(correlations: Floats, model: PathModel) -> tuple[Floats, Floats]:
    """Paths (stack, to, from) and R squared (stack, latents) by regression along the arrows."""
    paths = np.zeros_like(correlations)
    r_squared = np.zeros(correlations.shape[:2])
    for target, causes in enumerate(model.arrows):
        if causes.any():
            slopes = _regress(correlations, causes, target)
            paths[:, target, causes] = slopes
            r_squared[:, target] = (slopes * correlations[:, causes, target]).sum(axis=1)
    return paths, r_squared


def _chosen(covariance: Floats, model: PathModel, columns: Sequence[str] | None) -> Floats:
    names = tuple(model.items if columns is None else columns)
    if covariance.shape != (len(names), len(names)):
        raise WrongShape(name="covariance", given=covariance.shape, wanted=(len(names), len(names)))
    for item in model.items:
        if item not in names:
            raise UnknownName(name=item, kind="columns", choices=names)
    at = [names.index(item) for item in model.items]
    return covariance[np.ix_(at, at)]


def _sandwich(weights: Floats, covariance: Floats) -> Floats:
    return np.asarray(np.swapaxes(weights, 1, 2) @ covariance @ weights)


def _unit(weights: Floats, covariance: Floats) -> Floats:
    variance = (weights * (covariance @ weights)).sum(axis=1)
    return np.asarray(weights / np.sqrt(np.maximum(variance, _TINY))[:, None, :])


def _inner(correlations: Floats, neighbours: Flags, arrows: Flags, scheme: Scheme) -> Floats:
    """Weight of each neighbour (row) in the guess of a latent (column)."""
    if scheme is Scheme.CENTROID:
        return np.asarray(np.sign(correlations) * neighbours)
    inner = np.asarray(correlations * neighbours)
    if scheme is Scheme.PATH:
        for target, causes in enumerate(arrows):
            if causes.any():
                inner[:, causes, target] = _regress(correlations, causes, target)
    return inner


def _formative(covariance: Floats, model: PathModel) -> list[tuple[int, Integers, Floats]]:
    """For each block in mode B its latent, its questions and the inverse of their covariances."""
    found = []
    for latent, block in enumerate(model.blocks):
        if block.mode is Mode.B and len(block.items) > 1:
            own = np.flatnonzero(model.members[:, latent]).astype(np.int64)
            inside = covariance[:, own[:, None], own]
            if np.linalg.cond(inside).max() > 1.0 / _TINY:
                raise Repeated(name=", ".join(block.items))
            found.append((latent, own, np.asarray(np.linalg.inv(inside), dtype=np.float64)))
    return found


def _outer(with_guess: Floats, members: Flags, formative: list[tuple[int, Integers, Floats]]) -> Floats:
    """New weights: covariances with the guess (mode A) or regression coefficients on the block (mode B)."""
    moved = np.where(members[None], with_guess, 0.0)
    for latent, own, inverse in formative:
        moved[:, own, latent] = (inverse @ with_guess[:, own, latent, None])[..., 0]
    return moved


def _regress(correlations: Floats, causes: Flags, target: int) -> Floats:
    at = np.flatnonzero(causes)
    inside = correlations[:, at[:, None], at]
    return np.asarray(np.linalg.solve(inside, correlations[:, at, target, None])[..., 0])


def _unidimensionality(covariance: Floats, own: Flags) -> Unidimensionality:
    inside = covariance[np.ix_(own, own)]
    spread = np.sqrt(np.diag(inside))
    correlation = inside / (spread[:, None] * spread)
    k = len(correlation)
    if k == 1:
        return Unidimensionality(alpha=1.0, rho=1.0, first_eigenvalue=1.0, second_eigenvalue=0.0)
    values, vectors = np.linalg.eigh(correlation)
    loadings = vectors[:, -1] * np.sqrt(values[-1])
    explained = loadings.sum() ** 2
    return Unidimensionality(
        alpha=float(k / (k - 1) * (1.0 - k / correlation.sum())),
        rho=float(explained / (explained + (1.0 - loadings**2).sum())),
        first_eigenvalue=float(values[-1]),
        second_eigenvalue=float(values[-2]),
    )
