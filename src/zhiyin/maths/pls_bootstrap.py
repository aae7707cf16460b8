"""How sure a path model is: bootstrap with weights estimated anew in every sample.

Textbook errors of the paths treat the latents as if they had been measured. They were estimated, and their weights
move from sample to sample. So each bootstrap sample is fitted from scratch. Only its covariance matrix is needed,
and all samples are turned in one stack: a thousand of them take less than a second, for any number of answers.

Samples are drawn by whole groups of :class:`~zhiyin.maths.moments.Moments`: rows, or blocks of customers, so that
several answers of one customer stay together.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zhiyin.maths.arrays import Floats, OutOfRange, TooFew
from zhiyin.maths.index import Item, index_values
from zhiyin.maths.moments import Moments
from zhiyin.maths.pls import PlsFit, Scheme, fit_pls, inner_paths, outer_weights, structure
from zhiyin.maths.pls_model import PathModel

_STACK = 256
"""Samples fitted at once; keeps the working set in the processor's cache."""


@dataclass(frozen=True, slots=True, eq=False)
class Spread:
    """What the samples say about an array of estimates; every field has the estimates' shape.

    ``low`` and ``high`` are the percentiles that leave out half of ``1 - level`` on each side.
    """

    estimate: Floats
    error: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class PlsBootstrap:
    """A fit and the spread of everything estimated.

    Parameters
    ----------
    fit : on the data themselves.
    samples : that could be used; ``dropped`` : that could not, because a question was constant in them or the
        weights did not settle. Many dropped samples mean that the data are too few or at the ceiling.
    index : 0-100 index of each latent; NaN where the fit has a negative weight (no index exists).
    """

    fit: PlsFit
    samples: int
    dropped: int
    level: float
    weights: Spread
    loadings: Spread
    paths: Spread
    total_effects: Spread
    r_squared: Spread
    index: Spread


def bootstrap_pls(
    data: Moments,
    model: PathModel,
    *,
    seed: int,
    scale: tuple[float, float],
    scheme: Scheme = Scheme.CENTROID,
    standardise: bool = False,
    samples: int = 1000,
    level: float = 0.95,
) -> PlsBootstrap:
    """Fit a path model and bootstrap it.

    Parameters
    ----------
    data : moments of the questions a group; see :func:`zhiyin.maths.moments.moments`.
    scale : lowest and highest answer of every question, for the 0-100 index.
    level : of the intervals.

    Raises
    ------
    TooFew : fewer than two groups, or less than half of the samples could be fitted.
    """
    if not 0.5 <= level < 1.0:
        raise OutOfRange(name="level", given=level, wanted="from 0.5 to below 1")
    if samples < 20:
        raise TooFew(name="samples", given=samples, needed=20)
    data = data.select(model.items)
    fit = fit_pls(data.covariance(), model, scheme=scheme, standardise=standardise)
    means, matrices = data.resampled(samples, seed=seed)
    parts = [
        _sample(means[start : start + _STACK], matrices[start : start + _STACK], model, scale, scheme, standardise)
        for start in range(0, samples, _STACK)
    ]
    drawn = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    used = len(drawn["paths"])
    if used * 2 < samples:
        raise TooFew(name="samples that could be fitted", given=used, needed=samples // 2)
    estimate = {
        "weights": fit.weights,
        "loadings": fit.loadings,
        "paths": fit.paths,
        "total_effects": fit.total_effects,
        "r_squared": fit.r_squared,
        "index": index_values(
            (fit.weights / fit.scale)[None, :], data.mean()[None, :], model.members, [Item(*scale)] * len(model.items)
        )[0],
    }
    spreads = {name: _spread(estimate[name], drawn[name], level) for name in estimate}
    return PlsBootstrap(fit=fit, samples=used, dropped=samples - used, level=level, **spreads)


def _sample(
    means: Floats, covariance: Floats, model: PathModel, scale: tuple[float, float], scheme: Scheme, standardise: bool
) -> dict[str, Floats]:
    variance = np.diagonal(covariance, axis1=1, axis2=2)
    usable = (variance > 1e-9).all(axis=1)
    means, covariance, variance = means[usable], covariance[usable], variance[usable]
    divisor = np.sqrt(variance) if standardise else np.ones_like(variance)
    covariance = covariance / (divisor[:, :, None] * divisor[:, None, :])
    weights, _, settled = outer_weights(covariance, model, scheme=scheme, tolerance=1e-10, rounds=300)
    weights, covariance, means, divisor = weights[settled], covariance[settled], means[settled], divisor[settled]
    loadings, correlations = structure(covariance, weights)
    paths, r_squared = inner_paths(correlations, model)
    one = np.eye(paths.shape[1])
    own = weights.sum(axis=2)
    return {
        "weights": own,
        "loadings": loadings[:, model.members],
        "paths": paths,
        "total_effects": np.linalg.inv(one - paths) - one,
        "r_squared": r_squared,
        "index": index_values(own / divisor, means, model.members, [Item(*scale)] * len(model.items)),
    }


def _spread(estimate: Floats, drawn: Floats, level: float) -> Spread:
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(drawn, [tail, 1.0 - tail], axis=0)
    return Spread(estimate=estimate, error=drawn.std(axis=0, ddof=1), low=low, high=high)
