"""What a comparison says of each unit, and what it refuses to say.

The refusals are the point. A teller with eight ratings has a mean like anybody else's; nothing in the number shows that
a coin would do as well. So each place carries its reliability, and the policy decides from it what may be shown: a
figure at all, a standing, a rank.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from math import ceil, isfinite

import numpy as np

from zhiyin.maths.arrays import Flags, Floats, OutOfRange
from zhiyin.maths.intervals import normal_quantile
from zhiyin.maths.ranking import Ranks, ranks


class Standing(StrEnum):
    """How a unit stands to the others' mean.

    ``BETTER`` and ``WORSE`` : its interval leaves the mean out. ``SIMILAR`` : it cannot be told apart 不可区分.
    ``TOO_FEW`` : not reliable enough to say 样本不足. ``WITHHELD`` : too few customers to show any figure.
    """

    BETTER = "better"
    WORSE = "worse"
    SIMILAR = "similar"
    TOO_FEW = "too_few"
    WITHHELD = "withheld"


@dataclass(frozen=True, slots=True)
class Policy:
    """What may be shown from how much.

    Parameters
    ----------
    shown_from : answers below which no figure is shown at all.
    marked_below : answers below which a figure carries a mark (few answers).
    ranked_from : reliability, 0 to 1, below which nothing is ranked or called better or worse.
    level : of the intervals.
    """

    shown_from: int = 10
    marked_below: int = 100
    ranked_from: float = 0.7
    level: float = 0.95

    def __post_init__(self) -> None:
        if not 0.0 < self.ranked_from < 1.0:
            raise OutOfRange(name="ranked_from", given=self.ranked_from, wanted="between 0 and 1")
        if not 0.5 <= self.level < 1.0:
            raise OutOfRange(name="level", given=self.level, wanted="from 0.5 to below 1")


@dataclass(frozen=True, slots=True)
class Place:
    """One unit in a comparison.

    Parameters
    ----------
    key : of the unit, member of staff or line.
    answers : behind it (customers served, for a rate).
    raw : its plain figure. adjusted : the same with everybody's mix. None where withheld.
    score : the fair figure: adjusted, and drawn towards the mean as far as its answers are few.
    low, high : interval of the score.
    reliability : how far its own answers are believed, 0 to 1.
    more_needed : answers missing to the reliability from which is ranked; 0 if none, None if units hardly differ.
    standing : see :class:`Standing`.
    first_place, last_place : plausible ranks among the ranked, 1 the best; None if not ranked.
    best_tenth, worst_tenth : probability of belonging to it; None if not ranked or fewer than ten are.
    is_marked : few answers stand behind it.
    """

    key: str
    answers: int
    raw: float | None
    adjusted: float | None
    score: float | None
    low: float | None
    high: float | None
    reliability: float
    more_needed: int | None
    standing: Standing
    first_place: int | None
    last_place: int | None
    best_tenth: float | None
    worst_tenth: float | None
    is_marked: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """All places, in the order of their keys, and what was allowed for.

    Parameters
    ----------
    places : one a unit. ranked : how many of them are.
    centre : the mean they are compared with. deviation : standard deviation of true scores between units.
    higher_is_better : False for rates of the dissatisfied.
    adjusters : effect of each circumstance that was taken out, in points, with its standard error.
    shares : part of the variance of one answer due to each factor, 0 to 1 (crossed comparisons only).
    """

    places: tuple[Place, ...]
    ranked: int
    centre: float
    deviation: float
    higher_is_better: bool
    policy: Policy
    adjusters: dict[str, tuple[float, float]] = field(default_factory=dict)
    shares: dict[str, float] = field(default_factory=dict)

    def place(self, key: str) -> Place:
        """The place of a unit."""
        for found in self.places:
            if found.key == key:
                return found
        raise KeyError(key)


@dataclass(frozen=True, slots=True, eq=False)
class Scores:
    """What an estimator found; arrays hold a value a unit."""

    keys: tuple[str, ...]
    answers: Floats
    raw: Floats
    adjusted: Floats
    score: Floats
    low: Floats
    high: Floats
    reliability: Floats
    needed: Floats


def compared(
    scores: Scores,
    *,
    rank: Callable[[Flags], Ranks],
    centre: float,
    deviation: float,
    higher_is_better: bool,
    policy: Policy,
    adjusters: dict[str, tuple[float, float]] | None = None,
    shares: dict[str, float] | None = None,
) -> Comparison:
    """Apply the policy to scores.

    Parameters
    ----------
    rank : ranks the units it is told to, 1 the best; only those reliable enough take part.
    """
    shown = scores.answers >= policy.shown_from
    ranked = shown & (scores.reliability >= policy.ranked_from) & (deviation > 0)
    order = rank(ranked)
    at = {int(unit): position for position, unit in enumerate(np.flatnonzero(ranked))}
    places = (
        _place(scores, unit, bool(shown[unit]), at.get(unit), order, centre, higher_is_better, policy)
        for unit in range(len(scores.keys))
    )
    return Comparison(
        places=tuple(places),
        ranked=len(at),
        centre=centre,
        deviation=deviation,
        higher_is_better=higher_is_better,
        policy=policy,
        adjusters=adjusters or {},
        shares=shares or {},
    )


def _place(
    scores: Scores,
    unit: int,
    shown: bool,
    position: int | None,
    order: Ranks,
    centre: float,
    higher_is_better: bool,
    policy: Policy,
) -> Place:
    low, high = float(scores.low[unit]), float(scores.high[unit])
    if not shown:
        standing = Standing.WITHHELD
    elif position is None:
        standing = Standing.TOO_FEW
    elif low > centre:
        standing = Standing.BETTER if higher_is_better else Standing.WORSE
    elif high < centre:
        standing = Standing.WORSE if higher_is_better else Standing.BETTER
    else:
        standing = Standing.SIMILAR

    def figure(values: Floats) -> float | None:
        return float(values[unit]) if shown and isfinite(values[unit]) else None

    def among(values: Floats) -> float | None:
        return None if position is None or not isfinite(values[position]) else float(values[position])

    first, last = among(order.low), among(order.high)
    needed = float(scores.needed[unit])
    return Place(
        key=scores.keys[unit],
        answers=int(scores.answers[unit]),
        raw=figure(scores.raw),
        adjusted=figure(scores.adjusted),
        score=figure(scores.score),
        low=figure(scores.low),
        high=figure(scores.high),
        reliability=float(scores.reliability[unit]),
        more_needed=max(0, ceil(needed - float(scores.answers[unit]) - 1e-6)) if isfinite(needed) else None,
        standing=standing,
        first_place=None if first is None else int(first),
        last_place=None if last is None else int(last),
        best_tenth=among(order.best_tenth),
        worst_tenth=among(order.worst_tenth),
        is_marked=bool(scores.answers[unit] < policy.marked_below),
    )


def normal_ranks(score: Floats, errors: Floats, *, seed: int, level: float) -> Callable[[Flags], Ranks]:
    """A way to rank scores with normal errors, the highest first."""
    return lambda chosen: ranks(score[chosen], errors[chosen], seed=seed, level=level)


def reach(errors: Floats, policy: Policy) -> Floats:
    """Half the width of the interval at the policy's level."""
    return np.asarray(normal_quantile(policy.level) * errors)


def needed_from(answers: Floats, reliability: Floats, wanted: float) -> Floats:
    """Answers at which a reliability is reached, if each further one is worth as much as those there are."""
    odds = np.divide(reliability, 1.0 - reliability, out=np.full_like(reliability, np.inf), where=reliability < 1.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(odds > 0, answers * (wanted / (1.0 - wanted)) / odds, np.inf))
