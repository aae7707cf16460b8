r"""Which further numbers to hide so that a hidden one cannot be computed from what is shown.

A table of counts is a system of sums: each margin is the sum of its cells. Hiding the cells with few customers is not
enough, since total minus rest gives them back; so a **second** cell is hidden where needed. Whether it is needed is a
question of linear algebra, not of looking at rows and columns: a hidden number can be computed exactly if and only if
its unit vector is a combination of the sums, restricted to what is hidden. :func:`derivable` answers that for any
system of sums (crossed margins, months within quarters, filtered tables beside whole ones), and :func:`protect` hides
the smallest number that takes part in each derivation until none is left.

Two inferences beyond linear algebra are closed too. Cells hold at least one answer each, so a hidden remainder of 2
over two cells says 1 and 1. And the remainder of a sum is itself a figure anybody can compute: where two cells of 3 and
4 customers are hidden, total minus rest is a figure of 7 customers, so a third cell is hidden until the remainder
reaches the threshold.

What stays possible, as everywhere: bounds ("between 1 and 14"), and what an insider knows besides.

References
----------
Willenborg and de Waal (2001), *Elements of Statistical Disclosure Control*, chapters 6-8. Cox (1980), Suppression
methodology and statistical disclosure control, *JASA* 75, 377-385.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import linalg, sparse
from scipy.sparse.linalg import lsqr

from zhiyin.maths.arrays import Floats

_DENSE: Final = 300_000
"""Largest matrix, in entries, that is factorised; larger ones are solved by iteration."""
_NOTHING: Final = 1e-8
"""Below this a projection counts as 0; entries of the systems are -1, 0 and 1."""


@dataclass(frozen=True, slots=True)
class Sum:
    """One number is the sum of others; numbers are named by their place.

    Parameters
    ----------
    whole : the sum.
    parts : what it is the sum of, without repetition.
    """

    whole: int
    parts: tuple[int, ...]


def derivable(
    sums: Sequence[Sum],
    shown: Mapping[int, int],
    *,
    least: Mapping[int, int] | None = None,
) -> dict[int, frozenset[int]]:
    """Numbers that are not shown but follow exactly from those shown, each with the shown ones that take part.

    >>> total, a, b, c = range(4)
    >>> derivable([Sum(total, (a, b, c))], {total: 30, a: 10, b: 15})
    {3: frozenset({0, 1, 2})}
    >>> derivable([Sum(total, (a, b, c))], {total: 30, a: 10})
    {}

    Parameters
    ----------
    sums : the system.
    shown : place and value of every number that is shown.
    least : lowest possible value of a number that is not shown; where it is missing, nothing is assumed.
    """
    known: dict[int, frozenset[int]] = {place: frozenset((place,)) for place in shown}
    _follow(sums, known, shown, least or {})
    for block in _blocks(sums, known):
        for place, used in _combine(block, known).items():
            known[place] = used
    return {place: used for place, used in known.items() if place not in shown}


def protect(
    sums: Sequence[Sum],
    shown: Mapping[int, int],
    secret: Iterable[int],
    *,
    least: Mapping[int, int] | None = None,
    people: Mapping[int, int] | None = None,
    fewest: int = 0,
) -> frozenset[int]:
    """Places of the further numbers to hide, so that no secret one can be derived and no remainder is too small.

    From the numbers that take part in a derivation the smallest is hidden (of equals the first), so a total goes only
    where nothing else is left.

    >>> total, a, b, c = range(4)
    >>> sorted(protect([Sum(total, (a, b, c))], {total: 30, a: 10, b: 15}, [c]))
    [1]

    Parameters
    ----------
    sums, shown, least : as for :func:`derivable`.
    secret : places that must not follow from what is shown; what is hidden here becomes secret too.
    people : how many persons stand behind a number that is not shown, where that is known.
    fewest : persons that must stand behind what is left of a sum (numbers, where persons are not known).
    """
    left = dict(shown)
    guarded = set(secret)
    hidden: set[int] = set()
    counted = dict(people or {})
    while True:
        found = derivable(sums, left, least=least)
        exposed = [found[place] for place in sorted(guarded) if found.get(place)]
        exposed.extend(_thin(sums, left, counted, fewest))
        if not exposed:
            return frozenset(hidden)
        now: set[int] = set()
        for taking_part in exposed:
            if not taking_part & now:
                now.add(min(taking_part, key=lambda place: (left[place], place)))
        for place in now:
            del left[place]
        guarded |= now
        hidden |= now


def _thin(
    sums: Sequence[Sum], left: Mapping[int, int], people: Mapping[int, int], fewest: int
) -> Iterator[frozenset[int]]:
    """What is shown of each sum whose remainder stands for too few persons."""
    for one in sums:
        if one.whole not in left:
            continue
        missing = [place for place in one.parts if place not in left]
        parts = frozenset(place for place in one.parts if place in left)
        if all(place in people for place in missing):
            rest = sum(people[place] for place in missing)
        else:
            rest = left[one.whole] - sum(left[place] for place in parts)
        if 0 < rest < fewest:
            yield parts or frozenset((one.whole,))


def _follow(
    sums: Sequence[Sum],
    known: dict[int, frozenset[int]],
    shown: Mapping[int, int],
    least: Mapping[int, int],
) -> None:
    """Add what follows from a single sum: one number missing, or parts that all must be as low as they can be."""
    where: dict[int, list[int]] = defaultdict(list)
    for index, one in enumerate(sums):
        for place in (one.whole, *one.parts):
            where[place].append(index)
    waiting = list(range(len(sums)))
    while waiting:
        one = sums[waiting.pop()]
        places = (one.whole, *one.parts)
        missing = [place for place in places if place not in known]
        if not missing or (len(missing) > 1 and not _at_their_least(one, missing, shown, least)):
            continue
        used = frozenset().union(*(known[place] for place in places if place in known))
        for place in missing:
            known[place] = used
            waiting.extend(where[place])


def _at_their_least(one: Sum, missing: list[int], shown: Mapping[int, int], least: Mapping[int, int]) -> bool:
    """Whether the shown numbers leave each missing part no choice but its lowest value."""
    if one.whole not in shown or any(place not in least for place in missing):
        return False
    rest = [place for place in one.parts if place not in missing]
    if any(place not in shown for place in rest):
        return False
    return shown[one.whole] - sum(shown[place] for place in rest) == sum(least[place] for place in missing)


@dataclass(frozen=True, slots=True)
class _Block:
    """Sums that hang together through numbers not known: a matrix with a column for each of those."""

    sums: tuple[Sum, ...]
    places: tuple[int, ...]

    def matrix(self) -> sparse.csr_matrix:
        column = {place: index for index, place in enumerate(self.places)}
        entries = [
            (row, column[place], sign)
            for row, one in enumerate(self.sums)
            for place, sign in ((one.whole, 1.0), *((part, -1.0) for part in one.parts))
            if place in column
        ]
        rows, columns, signs = (np.array(values) for values in zip(*entries, strict=True))
        return sparse.csr_matrix((signs, (rows, columns)), shape=(len(self.sums), len(self.places)))


def _blocks(sums: Sequence[Sum], known: Mapping[int, frozenset[int]]) -> list[_Block]:
    """The sums with two or more unknown numbers, divided into systems that share none."""
    open_sums = [(one, [p for p in (one.whole, *one.parts) if p not in known]) for one in sums]
    open_sums = [(one, missing) for one, missing in open_sums if missing]
    top: dict[int, int] = {}

    def find(place: int) -> int:
        while top.setdefault(place, place) != place:
            top[place] = top[top[place]]
            place = top[place]
        return place

    for _, missing in open_sums:
        for place in missing[1:]:
            top[find(place)] = find(missing[0])
    members: dict[int, list[Sum]] = defaultdict(list)
    places: dict[int, dict[int, None]] = defaultdict(dict)
    for one, missing in open_sums:
        members[find(missing[0])].append(one)
        places[find(missing[0])].update(dict.fromkeys(missing))
    return [_Block(tuple(members[root]), tuple(places[root])) for root in members if len(members[root]) > 1]


def _combine(block: _Block, known: Mapping[int, frozenset[int]]) -> dict[int, frozenset[int]]:
    """What follows from several sums of a block together."""
    matrix = block.matrix()
    fixed = _fixed_columns(matrix)
    found: dict[int, frozenset[int]] = {}
    for column in fixed:
        unit = np.zeros(len(block.places))
        unit[column] = 1.0
        weights = lsqr(matrix.T, unit, atol=1e-13, btol=1e-13, iter_lim=10 * max(matrix.shape))[0]
        taking = [one for one, weight in zip(block.sums, weights, strict=True) if abs(weight) > _NOTHING**0.5]
        found[block.places[column]] = frozenset().union(
            *(known[place] for one in taking for place in (one.whole, *one.parts) if place in known)
        )
    return found


def _fixed_columns(matrix: sparse.csr_matrix) -> list[int]:
    """Columns in which every solution of the homogeneous system is 0."""
    rows, columns = matrix.shape
    if rows * columns <= _DENSE:
        basis = linalg.orth(matrix.toarray().T)
        outside = 1 - (basis**2).sum(axis=1)
        return [int(column) for column in np.flatnonzero(outside < _NOTHING)]
    # The part of a random vector that the sums do not reach is 0 exactly in the fixed columns (with probability 1).
    free = np.zeros(columns)
    for seed in (1, 2):
        free = np.maximum(free, np.abs(_unreached(matrix, np.random.default_rng(seed).standard_normal(columns))))
    return [int(column) for column in np.flatnonzero(free < _NOTHING**0.5)]


def _unreached(matrix: sparse.csr_matrix, vector: Floats) -> Floats:
    weights = lsqr(matrix.T, vector, atol=1e-14, btol=1e-14, iter_lim=20 * max(matrix.shape))[0]
    return np.asarray(vector - matrix.T @ weights)
