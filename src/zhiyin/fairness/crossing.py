"""Staff, units and lines at once, and the leniency of every customer: the crossed mixed model.

A teller's mean is also the outlet's queue, the product line's rules, and who happened to come. With ratings of
customers who met several staff, these can be told apart: every rating is the sum of a customer's habit, the person's
effect, the outlet's, the line's, the circumstances and luck (:mod:`zhiyin.maths.mixed`). What is compared is the
person's own part.

Use it for staff, over a rolling quarter or half-year: a teller who serves 60 a day collects about 66 answers a month at
a response rate of 5 %, and needs 44 to 231 for a reliability of .7 where staff differ by 5 % to 1 % of the variance of
one rating. It reads one row a rating; ten million take seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhiyin.engine import Query
from zhiyin.fairness.asked import NothingToCompare, check_columns, limits, on_scale
from zhiyin.fairness.comparison import Comparison, Policy, Scores, compared, needed_from, normal_ranks, reach
from zhiyin.maths.arrays import Floats, sum_by
from zhiyin.maths.crossed import Factor
from zhiyin.maths.mixed import FactorFit, MixedFit, fit_mixed


def crossed_comparison(
    responses: ir.Table,
    *,
    who: str = "staff_id",
    others: Sequence[str] = ("customer_id", "unit_id"),
    adjusters: Sequence[str] = ("mode",),
    scale: str = "points10",
    policy: Policy | None = None,
    seed: int = 0,
) -> Query[Comparison]:
    """Compare the levels of one factor, all else of the rating taken out.

    Parameters
    ----------
    responses : declared responses, filtered to the question, the period and the sample that count.
    who : column whose levels are compared.
    others : columns of the other factors; a missing value there is a level of its own for each rating.
    adjusters : circumstances as categories.
    scale : of the ratings compared; they become 0-100.

    Raises
    ------
    UnknownColumn, UnknownScale : at once. NothingToCompare, and what :func:`~zhiyin.maths.mixed.fit_mixed` raises :
    when computed.
    """
    chosen = policy or Policy()
    lowest, highest = limits(scale)
    check_columns(responses, others)
    answers = on_scale(responses, who, adjusters, scale)
    expression = answers.select(who, *others, *adjusters, value=answers.value.cast("int64"))

    def finish(rows: pa.Table) -> Comparison:
        y = rows["value"].to_numpy().astype(np.float64)  # whole numbers: their sums do not depend on the order of rows
        keys, compared_codes = _coded(rows[who])
        if len(keys) < 3:
            raise NothingToCompare(units=len(keys))
        factors = [Factor(who, compared_codes, len(keys))]
        with ThreadPoolExecutor() as pool:  # Arrow encodes outside Python's lock
            coded = pool.map(_coded, (rows[name] for name in others))
        factors += [Factor(name, code, len(levels)) for name, (levels, code) in zip(others, coded, strict=True)]
        design, names = _design(rows, adjusters)
        fit = fit_mixed(y, factors, fixed=design, names=names, seed=seed)
        scale = _Scale(float(lowest), 100.0 / (highest - lowest))
        return _comparison(fit, fit.factor(who), keys, sum_by(compared_codes, y, len(keys)), scale, chosen, seed)

    return Query(expression, finish)


@dataclass(frozen=True, slots=True)
class _Scale:
    """From points of the scale to 0-100."""

    lowest: float
    step: float


def _comparison(
    fit: MixedFit,
    found: FactorFit,
    keys: tuple[str, ...],
    total: Floats,
    scale: _Scale,
    policy: Policy,
    seed: int,
) -> Comparison:
    """Scores around everybody's mean answer, on 0-100."""
    centre = scale.step * (float(total.sum() / found.counts.sum()) - scale.lowest)
    reliability = found.reliability
    effects, errors = scale.step * found.effects, scale.step * found.errors
    half = reach(errors, policy)
    with np.errstate(divide="ignore", invalid="ignore"):
        raw = scale.step * (total / found.counts - scale.lowest)
        adjusted = centre + np.where(reliability > 0, effects / reliability, np.nan)
    return compared(
        Scores(
            keys=keys,
            answers=found.counts,
            raw=raw,
            adjusted=adjusted,
            score=centre + effects,
            low=centre + effects - half,
            high=centre + effects + half,
            reliability=reliability,
            needed=needed_from(found.counts, reliability, policy.ranked_from),
        ),
        rank=normal_ranks(effects, errors, seed=seed, level=policy.level),
        centre=centre,
        deviation=scale.step * float(np.sqrt(found.variance)),
        higher_is_better=True,
        policy=policy,
        adjusters={
            name: (scale.step * float(value), scale.step * float(error))
            for name, value, error in zip(fit.fixed_names[1:], fit.fixed[1:], fit.fixed_errors[1:], strict=True)
        },
        shares={factor.name: fit.share(factor.name) for factor in fit.factors},
    )


def _design(rows: pa.Table, adjusters: Sequence[str]) -> tuple[NDArray[np.float32] | None, list[str]]:
    """A column for every level of every circumstance but its most frequent one; None if there is no such level."""
    columns, names = [], []
    for adjuster in adjusters:
        levels, code = _coded(rows[adjuster])
        usual = int(np.argmax(np.bincount(code, minlength=len(levels))))
        for level, label in enumerate(levels):
            if level != usual:
                columns.append((code == level).astype(np.float32))
                names.append(f"{adjuster}={label}")
    return (np.array(columns).T if columns else None), names


def _coded(column: pa.ChunkedArray) -> tuple[tuple[str, ...], NDArray[np.int32]]:
    """Sorted levels of a column of keys and the code of each row; every missing value is a level of its own."""
    encoded = column.combine_chunks().dictionary_encode()
    labels = np.array(encoded.dictionary.to_pylist(), dtype=object).astype(str)
    order = np.argsort(labels, kind="stable")
    place = np.empty(len(order), dtype=np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    missing = np.asarray(encoded.indices.is_null())
    codes = np.empty(len(encoded), dtype=np.int32)
    codes[~missing] = place[encoded.indices.drop_null().to_numpy()]
    codes[missing] = len(order) + np.arange(int(missing.sum()), dtype=np.int32)
    return (*labels[order].tolist(), *[""] * int(missing.sum())), codes
