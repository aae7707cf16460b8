"""No hidden number can be computed from what is shown, whatever the table."""

from __future__ import annotations

import itertools
from collections import defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.maths import suppression
from zhiyin.maths.suppression import Sum, derivable, protect

FEWEST = 10


def crossed(cells: np.ndarray) -> tuple[list[Sum], list[int]]:
    """The sums of a crossed table with all its margins, and the numbers by place; cells of 0 are not listed."""
    sizes: dict[tuple[int | None, ...], int] = defaultdict(int)
    for key in itertools.product(*(range(length) for length in cells.shape)):
        if cells[key]:
            for kept in itertools.product([True, False], repeat=cells.ndim):
                margin = tuple(value if keep else None for value, keep in zip(key, kept, strict=True))
                sizes[margin] += int(cells[key])
    place = {key: number for number, key in enumerate(sizes)}
    parts: dict[tuple[int, int], list[int]] = defaultdict(list)
    for key in sizes:
        for axis, value in enumerate(key):
            if value is not None:
                parts[place[(*key[:axis], None, *key[axis + 1 :])], axis].append(place[key])
    return [Sum(whole, tuple(pieces)) for (whole, _), pieces in parts.items()], list(sizes.values())


def is_exposed(sums: list[Sum], hidden: set[int], place: int) -> bool:
    """By the rank of the whole system, as a textbook would."""
    column = {number: index for index, number in enumerate(sorted(hidden))}
    system = np.zeros((len(sums) + 1, len(column)))
    for row, one in enumerate(sums):
        for number, sign in ((one.whole, 1), *((part, -1) for part in one.parts)):
            if number in column:
                system[row, column[number]] = sign
    system[-1, column[place]] = 1
    return bool(np.linalg.matrix_rank(system) == np.linalg.matrix_rank(system[:-1]))


shapes = st.sampled_from([(3,), (6,), (2, 2), (3, 4), (5, 3), (2, 2, 2), (3, 2, 3)])


@st.composite
def tables(draw: st.DrawFn) -> np.ndarray:
    shape = draw(shapes)
    sizes = st.one_of(st.integers(0, 12), st.integers(0, 60))
    size = int(np.prod(shape))
    return np.array(draw(st.lists(sizes, min_size=size, max_size=size))).reshape(shape)


@settings(deadline=None)
@given(tables())
def test_nothing_hidden_follows_from_what_is_shown(cells: np.ndarray):
    sums, sizes = crossed(cells)
    few = {place for place, size in enumerate(sizes) if size < FEWEST}
    shown = {place: size for place, size in enumerate(sizes) if place not in few}
    hidden = few | protect(sums, shown, few, least=dict.fromkeys(range(len(sizes)), 1), fewest=FEWEST)
    assert not any(is_exposed(sums, hidden, place) for place in hidden)


@settings(deadline=None)
@given(tables())
def test_what_is_left_of_a_sum_is_not_too_few(cells: np.ndarray):
    sums, sizes = crossed(cells)
    few = {place for place, size in enumerate(sizes) if size < FEWEST}
    shown = {place: size for place, size in enumerate(sizes) if place not in few}
    hidden = few | protect(sums, shown, few, people=dict(enumerate(sizes)), fewest=FEWEST)
    for one in sums:
        rest = sum(sizes[place] for place in one.parts if place in hidden)
        assert one.whole in hidden or rest == 0 or rest >= FEWEST


@settings(deadline=None)
@given(tables())
def test_derivable_agrees_with_the_rank(cells: np.ndarray):
    sums, sizes = crossed(cells)
    hidden = {place for place, size in enumerate(sizes) if size < FEWEST}
    shown = {place: size for place, size in enumerate(sizes) if place not in hidden}
    found = derivable(sums, shown)
    assert set(found) == {place for place in hidden if is_exposed(sums, hidden, place)}


@settings(deadline=None, max_examples=30)
@given(tables())
def test_iteration_finds_what_factorising_finds(cells: np.ndarray):
    sums, sizes = crossed(cells)
    shown = {place: size for place, size in enumerate(sizes) if size >= FEWEST}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suppression, "_DENSE", 0)
        by_iteration = derivable(sums, shown)
    assert set(by_iteration) == set(derivable(sums, shown))


def test_nothing_few_hides_nothing():
    sums, sizes = crossed(np.array([[20, 30], [40, 50]]))
    assert protect(sums, dict(enumerate(sizes)), [], fewest=FEWEST) == frozenset()


def test_the_smallest_neighbour_is_hidden_second():
    assert protect([Sum(0, (1, 2, 3, 4))], {0: 95, 2: 30, 3: 20, 4: 40}, [1]) == frozenset({3})


def test_of_equal_neighbours_the_first_is_hidden():
    assert protect([Sum(0, (1, 2, 3))], {0: 45, 2: 20, 3: 20}, [1]) == frozenset({2})


def test_a_total_of_one_group_is_hidden_with_it():
    assert protect([Sum(0, (1,))], {0: 15}, [1]) == frozenset({0})


def test_two_cells_of_one_answer_each_are_not_given_away_by_their_sum():
    total = [Sum(0, (1, 2, 3, 4))]
    shown = {0: 52, 3: 20, 4: 30}
    assert derivable(total, shown) == {}
    assert set(derivable(total, shown, least={1: 1, 2: 1})) == {1, 2}
    assert protect(total, shown, [1, 2], least={1: 1, 2: 1}) == frozenset({3})


def test_two_loops_joined_by_one_cell_give_it_away():
    # Each row and each column hides two cells or none, and still (1, 2) can be computed: a bridge between two loops.
    cells = np.full((4, 4), 50)
    sums, sizes = crossed(cells)
    place = {key: number for number, key in enumerate(_keys(cells))}
    hidden = {place[key] for key in [(0, 0), (0, 1), (1, 0), (1, 1), (1, 2), (2, 2), (2, 3), (3, 2), (3, 3)]}
    shown = {number: size for number, size in enumerate(sizes) if number not in hidden}
    assert set(derivable(sums, shown)) == {place[1, 2]}


def _keys(cells: np.ndarray) -> list[tuple[int | None, ...]]:
    found: dict[tuple[int | None, ...], None] = {}
    for key in itertools.product(*(range(length) for length in cells.shape)):
        for kept in itertools.product([True, False], repeat=cells.ndim):
            found[tuple(value if keep else None for value, keep in zip(key, kept, strict=True))] = None
    return list(found)
