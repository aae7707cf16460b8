r"""Variance components of millions of ratings, in time proportional to their number.

Exact likelihoods need a determinant, and for crossed factors that costs at least :math:`n^{3/2}` (Ghosh, Hastie and
Owen 2022). The restricted maximum likelihood estimate does not: it is where each predicted effect is as large as it
should be,

.. math:: \hat\sigma_k^2 = \frac{\hat u_k' \hat u_k}{q_k - \lambda_k\,\mathrm{tr}\,C_{kk}},
   \qquad \lambda_k = \sigma^2/\sigma_k^2,

with :math:`\hat u` the solution of Henderson's equations and :math:`C` the inverse of their matrix. So:

1. start from sums of squares within each factor, whose expectations are linear in the variances (Gao and Owen 2017);
2. eliminate the largest factor, and solve for the rest by conjugate gradients, preconditioned by the same equations
   without the links that customers make between staff;
3. estimate each trace with a few random sign vectors *as a difference* from the preconditioner's trace, which is known
   exactly; little is left to chance, and the vectors stay the same, so that the result is repeatable;
4. turn, with Anderson's extrapolation, until the ratios stand still: about ten turns, each warm-started.

The answer is the REML estimate up to the noise of step 3, a fraction of a percent; ``docs/methods/mixed.md`` has the
measured differences from the exact fit. The value of the likelihood is not computed.

References
----------
Gao, Owen (2017), Efficient moment calculations for variance components in large unbalanced crossed random effects
models, Electronic Journal of Statistics 11. Harville (1977), Maximum likelihood approaches to variance component
estimation, JASA 72. Hutchinson (1990), A stochastic estimator of the trace of the influence matrix, Communications in
Statistics 19.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from zhiyin.maths.arrays import Floats
from zhiyin.maths.crossed import Crossed
from zhiyin.maths.henderson import Henderson, Nearby, Slab, quadratic, slabs
from zhiyin.maths.krylov import conjugate_gradients
from zhiyin.maths.mixed_start import moment_components, squares

_LEAST = float(np.log(1e-6))
"""Log of the share of the residual's variance below which a factor is reported to have none."""
_ACCURACY = 1e-4
"""Of the equations while turning."""
_CHEAP = 2_000_000
"""Cross-counts up to which nothing is saved by being less accurate."""
_AFFORDED = 3e9
"""Multiplications that the errors of the eliminated levels may cost."""
_FEW = 400
"""Levels up to which a factor's trace is sharpened."""
_EACH = 48
"""Vectors used for that; a factor of so few levels gets its trace exactly."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearFit:
    """What the turns ended with.

    Parameters
    ----------
    variances : of the factors, eliminated first. residual : of what is left.
    effects, errors : a factor: predicted effect and its standard error, level by level.
    fixed, covariance : fixed effects and their covariance matrix.
    turns : needed. settled : whether the variances stood still.
    """

    variances: Floats
    residual: float
    effects: tuple[Floats, ...]
    errors: tuple[Floats, ...]
    fixed: Floats
    covariance: Floats
    turns: int
    settled: bool


def solve_linear(
    data: Crossed, *, seed: int, probes: int | None = None, turns: int = 40, tolerance: float = 1e-4
) -> LinearFit:
    """Find the variances and predict the effects.

    Parameters
    ----------
    seed : of the random signs; the same seed gives the same answer.
    probes : sign vectors. The noise of a variance falls with the root of their number times the factor's levels.
        None: 16 for few levels, 4 for many.
    turns : after which to stop unsettled.
    tolerance : relative change of every variance at which to stop.
    """
    parts = slabs(data)
    q, p = len(data.other_count), len(data.fixed)
    probes = probes or (16 if q < 5_000 else 4)
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(q + p, probes))
    start = moment_components(data)
    point = np.maximum(np.log(start[:-1] / start[-1]), _LEAST)
    state = _Turn(point, start[-1], np.zeros((q + p, 1 + probes)), np.ones(len(point)), np.ones(len(point)))
    sharpener = _Sharpener(data, parts, seed)
    accuracy = _ACCURACY if data.table.nnz > _CHEAP else 1e-8
    turn, settled = 0, False
    for _ in range(3):
        history, settled = _Anderson(depth=4), False
        while turn < turns and not settled:
            turn += 1
            state = _turn(data, parts, point, signs, state, accuracy)
            if data.table.nnz <= _CHEAP:
                state = sharpener.sharpened(point, state)
            settled = _still(point, state.point, tolerance)
            point = state.point if settled else history.next(point, state.point)
        sharper = sharpener.sharpened(point, state)
        if not settled or _still(state.point, sharper.point, 10 * tolerance):
            break
        state = sharper
    return _finish(data, parts, point, signs, state, turn, settled)


def _still(before: Floats, after: Floats, tolerance: float) -> bool:
    """Whether every variance moved by less than a share of itself, or of a hundredth of the residual's."""
    weight = np.minimum(1.0, np.exp(after) / 0.01)
    return bool((np.abs(after - before) * weight).max() < tolerance)


@dataclass(frozen=True, slots=True, eq=False)
class _Turn:
    """Where a turn leads.

    Parameters
    ----------
    point : log ratio of each variance to the residual's. residual : the residual's.
    solved : solutions for y and the sign vectors. traces : of each factor, as the sign vectors say, times corrections.
    squares : sum of squared effects. corrections : what sharper traces were over the sign vectors'.
    """

    point: Floats
    residual: float
    solved: Floats
    traces: Floats
    corrections: Floats
    squares: Floats = field(default_factory=lambda: np.zeros(0))
    levels: Floats = field(default_factory=lambda: np.zeros(0))

    def corrected(self, at: Floats, factors: Floats) -> _Turn:
        """The same turn, begun ``at`` a point, with its traces multiplied by factors."""
        traces = self.traces * factors
        free = np.maximum(self.levels - np.exp(-at) * traces, 1e-9 * self.levels)
        point = np.log(np.maximum(self.squares / free / self.residual, np.exp(_LEAST)))
        return replace(self, point=point, traces=traces, corrections=self.corrections * factors)


def _turn(
    data: Crossed, parts: tuple[Slab, ...], point: Floats, signs: Floats, before: _Turn, accuracy: float
) -> _Turn:
    """One turn: solve at the ratios of ``point``, and see what each variance should have been."""
    equations = Henderson.at(data, parts, np.exp(-point))
    near = Nearby.of(equations)
    right = np.column_stack([equations.right(), signs])
    solved, _ = conjugate_gradients(equations.times, near.solve, right, start=before.solved, tolerance=accuracy)
    solution = solved[:, 0]
    eliminated = equations.eliminated(solution)
    rest = data.yy - float(data.target @ eliminated) - float(solution @ np.concatenate([data.other_target, data.xy]))
    drawn = _drawn(near, signs, solved[:, 1:])
    traces = [float(equations.shrink.sum()) + float(equations.overlap(signs, solved[:, 1:]).mean())]
    traces += [float(drawn[place].sum()) for place in data.slices]
    effects = [eliminated, *(solution[place] for place in data.slices)]
    found = _Turn(
        point=point,
        residual=rest / (data.n - len(data.fixed)),
        solved=solved,
        traces=np.array(traces),
        corrections=np.ones(len(point)),
        squares=np.array([float(effect @ effect) for effect in effects]),
        levels=np.array([float(len(effect)) for effect in effects]),
    )
    return found.corrected(point, before.corrections)


def _drawn(near: Nearby, signs: Floats, solved: Floats) -> Floats:
    """The diagonal of the inverse: the preconditioner's exactly, plus what the sign vectors say of the difference."""
    return np.asarray(near.inverse_diagonal() + (signs * (solved - near.solve(signs))).mean(axis=1))


class _Sharpener:
    """Traces of factors of few levels, where a few sign vectors are too noisy, level by level or by more vectors.

    With many ratings this is done once the variances have settled: the ratio to the noisy trace hardly depends on them,
    so it is kept while they settle again.
    """

    def __init__(self, data: Crossed, parts: tuple[Slab, ...], seed: int) -> None:
        self._data, self._parts = data, parts
        self._small = [k for k, place in enumerate(data.slices) if place.stop - place.start <= _FEW]
        generator = np.random.default_rng([seed, 1])
        self._vectors = []
        for k in self._small:
            place = data.slices[k]
            levels = place.stop - place.start
            block = np.zeros((len(data.other_count) + len(data.fixed), min(levels, _EACH)))
            block[place] = np.eye(levels) if levels <= _EACH else generator.choice([-1.0, 1.0], (levels, _EACH))
            self._vectors.append(block)

    def sharpened(self, point: Floats, state: _Turn) -> _Turn:
        """The turn begun at ``point`` with the traces of small factors made sharp."""
        if not self._small:
            return state
        equations = Henderson.at(self._data, self._parts, np.exp(-point))
        near = Nearby.of(equations)
        right = np.column_stack(self._vectors)
        solved, _ = conjugate_gradients(
            equations.times, near.solve, right, start=near.solve(right), tolerance=_ACCURACY
        )
        exact = near.inverse_diagonal()
        factors = np.ones(len(point))
        gained = (right * (solved - near.solve(right))).sum(axis=0)
        ends = np.cumsum([0, *(block.shape[1] for block in self._vectors)])
        for k, start, stop in zip(self._small, ends[:-1], ends[1:], strict=True):
            place = self._data.slices[k]
            levels = place.stop - place.start
            extra = gained[start:stop].sum() if levels <= _EACH else gained[start:stop].mean()
            factors[k + 1] = (exact[place].sum() + extra) / state.traces[k + 1]
        return state.corrected(point, factors)


def _finish(
    data: Crossed, parts: tuple[Slab, ...], point: Floats, signs: Floats, state: _Turn, turn: int, settled: bool
) -> LinearFit:
    """Solve once more, accurately, and give every effect its error."""
    q, p = len(data.other_count), len(data.fixed)
    equations = Henderson.at(data, parts, np.exp(-point))
    near = Nearby.of(equations)
    units = np.zeros((q + p, p))
    units[q:] = np.eye(p)
    right = np.column_stack([equations.right(), units])
    start = np.column_stack([state.solved[:, 0], near.solve(units)])
    solved, _ = conjugate_gradients(equations.times, near.solve, right, start=start, tolerance=1e-6)
    solution, fixed_block = solved[:, 0], solved[q:, 1:]
    exact = near.inverse_diagonal()
    drawn = _drawn(near, signs, state.solved[:, 1:])
    diagonals = [
        _smoothed(exact[place], drawn[place], data.other_count[place]) * state.corrections[k + 1]
        for k, place in enumerate(data.slices)
    ]
    eliminated = equations.eliminated(solution)
    own = equations.shrink + equations.shrink**2 * _spread(near, equations, diagonals, fixed_block)
    present = np.where(state.point > _LEAST, 1.0, 0.0)
    variances = np.exp(point) * state.residual * present
    effects = (eliminated, *(solution[place] for place in data.slices))
    errors = tuple(np.sqrt(state.residual * part) for part in (own, *diagonals))
    return LinearFit(
        variances=variances,
        residual=state.residual,
        effects=tuple(effect * there for effect, there in zip(effects, present, strict=True)),
        errors=tuple(error * there for error, there in zip(errors, present, strict=True)),
        fixed=solution[q:],
        covariance=state.residual * (fixed_block + fixed_block.T) / 2.0,
        turns=turn,
        settled=settled,
    )


def _spread(near: Nearby, equations: Henderson, diagonals: list[Floats], fixed_block: Floats) -> Floats:
    """What uncertainty about everything else adds to an eliminated level, over its squared shrinkage.

    With millions of levels, where it is small beside their own, correlations between the others are left out.
    """
    data = equations.data
    if float(data.table.nnz) * len(near.factor) < _AFFORDED:
        return quadratic(near, equations)
    found = squares(data.table) @ np.concatenate([np.zeros(0), *diagonals])
    return np.asarray(found + np.einsum("ij,jk,ik->i", data.covariates, fixed_block, data.covariates))


def _smoothed(exact: Floats, drawn: Floats, count: Floats) -> Floats:
    """The preconditioner's diagonal, scaled so that levels of similar size have the drawn total.

    One level's own drawn value is too noisy; the ratio of drawn to exact depends on size and little else.
    """
    groups = int(np.clip(len(count) // 200, 1, 10))
    rank = np.argsort(np.argsort(count, kind="stable"), kind="stable")
    group = rank * groups // max(len(count), 1)
    ratio = np.bincount(group, drawn, groups) / np.bincount(group, exact, groups)
    return np.asarray(exact * ratio[group])


class _Anderson:
    """Extrapolates a fixed-point iteration from its last few steps (Anderson 1965)."""

    def __init__(self, depth: int) -> None:
        self._depth = depth
        self._points: list[Floats] = []
        self._steps: list[Floats] = []

    def next(self, point: Floats, image: Floats) -> Floats:
        """The point to try after ``point`` was sent to ``image``."""
        self._points = [*self._points, point][-self._depth :]
        self._steps = [*self._steps, image - point][-self._depth :]
        if len(self._steps) < 2:
            return image
        differences = np.diff(np.array(self._steps), axis=0)
        moves = np.diff(np.array(self._points), axis=0)
        weights = np.linalg.lstsq(differences.T, self._steps[-1], rcond=1e-8)[0]
        guess = image - weights @ (moves + differences)
        return np.asarray(np.clip(guess, image - 2.0, image + 2.0))
