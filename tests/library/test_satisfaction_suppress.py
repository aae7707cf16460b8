"""Figures of few customers stay hidden, beside totals, other tables, filters and longer periods."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from answer_rows import answers, at, bind
from hypothesis import given, settings
from hypothesis import strategies as st

from zhiyin.engine import DuckEngine, described
from zhiyin.satisfaction import csat, dissatisfied_rate, nps, solicitation_rate, suppress
from zhiyin.tables import table
from zhiyin.tables.figures import COMPLEMENTARY, FEW, Figure, FigureTable, Group

RESPONSES, INTERACTIONS, INVITATIONS = (described(table(name)) for name in ("responses", "interactions", "invitations"))


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckEngine]:
    with DuckEngine(threads=1) as engine:
        yield engine


def answered(counts: dict[str, int], **columns: object) -> list[dict[str, object]]:
    return [row for channel, count in counts.items() for row in answers([5] * count, channel=channel, **columns)]


def reasons(found: FigureTable) -> list[str | None]:
    return [figure.suppressed for figure in found]


def test_a_hidden_figure_carries_no_number(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answers([5] * 9))
    hidden = engine.compute(csat(RESPONSES)).totals[0]
    assert hidden.suppressed == FEW
    assert {hidden.value, hidden.low, hidden.high, hidden.n, hidden.customers, hidden.count, hidden.reliability} == {
        None
    }
    assert hidden.limits is None


@pytest.mark.parametrize(("minimum", "reason"), [(10, None), (11, FEW), (1, None), (0, None)])
def test_the_threshold_counts_customers(engine: DuckEngine, tmp_path: Path, minimum: int, reason: str | None):
    bind(engine, tmp_path, responses=answers([5] * 10))
    assert engine.compute(csat(RESPONSES, minimum=minimum)).totals[0].suppressed == reason


def test_many_answers_of_few_customers_are_hidden(engine: DuckEngine, tmp_path: Path):
    rows = [{**row, "customer_id": f"c{place % 4}"} for place, row in enumerate(answers([5] * 100))]
    bind(engine, tmp_path, responses=rows)
    assert reasons(engine.compute(csat(RESPONSES))) == [FEW]


def test_one_hidden_group_takes_the_next_smallest_with_it(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answered({"a": 40, "b": 5, "c": 25, "d": 30}))
    found = engine.compute(csat(RESPONSES, by="channel"))
    assert reasons(found) == [None, FEW, COMPLEMENTARY, None, None]


def test_two_hidden_groups_that_are_few_together_take_a_third(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answered({"a": 40, "b": 3, "c": 4, "d": 30}))
    assert reasons(engine.compute(csat(RESPONSES, by="channel"))) == [None, FEW, FEW, COMPLEMENTARY, None]


def test_two_hidden_groups_that_are_enough_together_take_none(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answered({"a": 40, "b": 6, "c": 7, "d": 30}))
    assert reasons(engine.compute(csat(RESPONSES, by="channel"))) == [None, FEW, FEW, None, None]


def test_without_a_total_nothing_is_given_away(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answered({"a": 40, "b": 5, "c": 25}))
    assert reasons(engine.compute(csat(RESPONSES, by="channel", totals=False))) == [None, FEW, None]


def test_a_group_of_its_own_total_hides_the_total(engine: DuckEngine, tmp_path: Path):
    rows = answered({"a": 40, "b": 30}, unit_id="u1") + answered({"a": 5}, unit_id="u2")
    bind(engine, tmp_path, responses=rows)
    found = engine.compute(csat(RESPONSES, by=("channel", "unit_id")))
    # Whoever knows all of channel a and unit 1's part of it knows unit 2.
    assert found.figure(channel="a", unit_id="u2").suppressed == FEW
    assert found.figure(unit_id="u2").suppressed == FEW
    assert found.figure(channel="a", unit_id="u1").suppressed == COMPLEMENTARY
    assert no_hidden_number_follows([found], list(itertools.product("ab", ["u1", "u2"], [date(2026, 3, 10)])))


Cell = tuple[str, str, date]
"""Channel, unit and day: nobody divides customers further."""
DAYS = tuple(date(2026, month, 10) for month in range(1, 6))
CELLS: list[Cell] = list(itertools.product("abc", ["u1", "u2"], DAYS))


def members(figure: Figure, found: FigureTable, cells: list[Cell]) -> list[int]:
    """Which cells a figure counts, worked out from what it says of itself."""
    kept = []
    for place, (channel, unit, day) in enumerate(cells):
        own = {"channel": channel, "unit_id": unit}
        inside = all(own[column] == value for column, value in figure.group)
        inside &= all(own[column] in values for column, values in found.filters)
        for start, end in ((figure.start_on, figure.end_on), (found.start_on, found.end_on)):
            inside &= (start is None or start <= day) and (end is None or day < end)
        if inside:
            kept.append(place)
    return kept


def no_hidden_number_follows(tables: Sequence[FigureTable], cells: list[Cell]) -> bool:
    """By the rank of all that is shown."""
    shown, hidden = [], []
    for found in tables:
        for figure in found:
            indicator = np.zeros(len(cells))
            indicator[members(figure, found, cells)] = 1
            (hidden if figure.suppressed else shown).append(indicator)
    known = np.array(shown).reshape(len(shown), len(cells))
    rank = np.linalg.matrix_rank(known) if shown else 0
    return all(np.linalg.matrix_rank(np.vstack([known, one])) > rank for one in hidden)


def made(
    counts: dict[Cell, int],
    *,
    by: tuple[str, ...] = (),
    period: str | None = None,
    filters: tuple[tuple[str, tuple[str, ...]], ...] = (),
    since: date | None = None,
    until: date | None = None,
    totals: bool = True,
) -> FigureTable:
    """A table of these customers, one answer each, before anything is hidden."""
    sizes: dict[tuple[Group, str | None, date | None, date | None], int] = defaultdict(int)
    for (channel, unit, day), count in counts.items():
        own = {"channel": channel, "unit_id": unit}
        if any(own[column] not in values for column, values in filters):
            continue
        if (since and day < since) or (until and day >= until):
            continue
        label, start, end = {
            None: (None, since, until),
            "month": (f"{day:%Y-%m}", day.replace(day=1), day.replace(month=day.month + 1, day=1)),
            "quarter": (
                f"{day.year}Q{(day.month + 2) // 3}",
                date(day.year, (day.month - 1) // 3 * 3 + 1, 1),
                date(day.year, (day.month - 1) // 3 * 3 + 4, 1),
            ),
        }[period]
        for size in range(len(by), -1, -1) if totals else (len(by),):
            for kept in itertools.combinations(by, size):
                sizes[tuple((column, own[column]) for column in kept), label, start, end] += count
    figures = [
        Figure(
            measure="csat", group=group, period=label, start_on=start, end_on=end, value=1.0, low=0.9, high=1.0,
            level=0.95, n=n, customers=n, count=n, unit="share", reliability=None, suppressed=None, limits=None,
            as_of_us=0, version="csat/1", method="score (n-1)",
        )
        for (group, label, start, end), n in sizes.items()
    ]  # fmt: skip
    return FigureTable(
        measure="csat", by=by, period=period, source=("responses",), numerator=(), filters=filters, start_on=since,
        end_on=until, minimum=10, left_out=(), figures=tuple(figures),
    )  # fmt: skip


def possible(tables: Sequence[FigureTable]) -> list[Cell]:
    """Cells that may hold customers for all a reader knows: a table lists its groups, so the others are empty."""
    left = dict.fromkeys(CELLS)
    for found in tables:
        listed = {place for figure in found.groups for place in members(figure, found, CELLS)}
        everybody = replace(found[0], group=(), start_on=None, end_on=None) if found.figures else None
        scope = members(everybody, found, CELLS) if everybody else []
        for place in scope:
            if place not in listed:
                left.pop(CELLS[place], None)
    return list(left)


few_and_many = st.one_of(st.just(0), st.integers(1, 12), st.integers(8, 60))
cell_counts = st.lists(few_and_many, min_size=len(CELLS), max_size=len(CELLS)).map(
    lambda counts: {cell: count for cell, count in zip(CELLS, counts, strict=True) if count}
)
groupings = st.sampled_from([(), ("channel",), ("unit_id",), ("channel", "unit_id")])
ask = st.fixed_dictionaries(
    {
        "by": groupings,
        "period": st.sampled_from([None, "month", "quarter"]),
        "filters": st.sampled_from(
            [(), (("channel", ("a",)),), (("channel", ("a", "b")),), (("channel", ("a",)), ("unit_id", ("u1",)))]
        ),
        "totals": st.booleans(),
    }
)
ranges = st.sampled_from([(None, None), (date(2026, 2, 1), date(2026, 4, 1)), (None, date(2026, 5, 1))])


@settings(deadline=None, max_examples=150)
@given(cell_counts, st.lists(st.tuples(ask, ranges), min_size=1, max_size=4))
def test_nothing_follows_from_tables_published_together(counts: dict[Cell, int], asked: list[tuple[dict, tuple]]):
    tables = [made(counts, **options, since=since, until=until) for options, (since, until) in asked]
    together = suppress(tables, minimum=10)
    assert no_hidden_number_follows(together, possible(tables))
    for before, after in zip(tables, together, strict=True):
        for one, two in zip(before, after, strict=True):
            assert two.suppressed if one.n is not None and one.n < 10 else two.suppressed in (None, COMPLEMENTARY)


@settings(deadline=None, max_examples=100)
@given(cell_counts, st.tuples(groupings, st.sampled_from([None, "month"])))
def test_suppressing_the_published_again_changes_nothing(counts: dict[Cell, int], asked: tuple):
    by, period = asked
    once = suppress([made(counts, by=by, period=period)], minimum=10)
    assert suppress(once, minimum=10) == once


def test_a_filtered_table_does_not_give_away_the_rest(engine: DuckEngine, tmp_path: Path):
    # 46 customers, 40 of them by app: everybody minus app is a figure of six.
    bind(engine, tmp_path, responses=answered({"app": 40, "web": 6}))
    everybody, by_app = engine.compute(csat(RESPONSES)), engine.compute(csat(RESPONSES, where={"channel": "app"}))
    assert reasons(everybody) == reasons(by_app) == [None]
    assert [reasons(found) for found in suppress([everybody, by_app], minimum=10)] == [[None], [COMPLEMENTARY]]


def test_a_wider_filter_does_not_give_away_the_rest(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answered({"app": 40, "web": 6, "branch": 30}))
    wide = engine.compute(csat(RESPONSES, where={"channel": ["app", "web"]}))
    narrow = engine.compute(csat(RESPONSES, where={"channel": "app"}))
    assert [reasons(found) for found in suppress([wide, narrow], minimum=10)] == [[None], [COMPLEMENTARY]]


def test_a_quarter_does_not_give_away_a_month(engine: DuckEngine, tmp_path: Path):
    rows = [
        row
        for day, count in (("2026-01-10", 30), ("2026-02-10", 5), ("2026-03-10", 40))
        for row in answers([5] * count, answered_us=at(f"{day} 12:00"))
    ]
    bind(engine, tmp_path, responses=rows)
    months, quarters = (engine.compute(csat(RESPONSES, period=period)) for period in ("month", "quarter"))
    assert reasons(months) == [None, FEW, None]
    assert [reasons(found) for found in suppress([months, quarters], minimum=10)] == [
        [COMPLEMENTARY, FEW, None],
        [None],
    ]


def test_longer_days_do_not_give_away_the_days_between(engine: DuckEngine, tmp_path: Path):
    rows = answers([5] * 40, answered_us=at("2026-03-10 12:00")) + answers([5] * 4, answered_us=at("2026-03-31 12:00"))
    bind(engine, tmp_path, responses=rows)
    short, long = (
        engine.compute(csat(RESPONSES, since=date(2026, 3, 1), until=until))
        for until in (date(2026, 3, 31), date(2026, 4, 1))
    )
    assert [reasons(found) for found in suppress([short, long], minimum=10)] == [[COMPLEMENTARY], [None]]


def test_the_same_figure_is_hidden_in_every_table(engine: DuckEngine, tmp_path: Path):
    rows = [row for unit, count in (("u1", 30), ("u2", 5)) for row in answered({"a": count}, unit_id=unit)]
    bind(engine, tmp_path, responses=rows + answered({"b": 12}, unit_id="u1"))
    by_unit = engine.compute(csat(RESPONSES, by="unit_id", totals=False))
    mean = engine.compute(csat(RESPONSES, by=("unit_id", "channel")))
    together = suppress([by_unit, mean], minimum=10)
    assert together[0].figure(unit_id="u2").suppressed == together[1].figure(unit_id="u2").suppressed == FEW
    assert together[0].figure(unit_id="u1").suppressed == together[1].figure(unit_id="u1").suppressed


def test_tables_of_other_questions_are_left_alone(engine: DuckEngine, tmp_path: Path):
    rows = answered({"a": 40, "b": 5, "c": 12}) + answers([10] * 50, scale="points11", question="nps", channel="b")
    bind(engine, tmp_path, responses=rows)
    first = engine.compute(csat(RESPONSES, by="channel", scale="points5"))
    second = engine.compute(nps(RESPONSES, by="channel"))
    assert suppress([first, second], minimum=10) == (first, second)


def test_rates_of_the_same_services_hide_the_same_groups(engine: DuckEngine, tmp_path: Path):
    start = {"case_id": "case", "step": "serve", "started_us": at("2026-03-10 12:00")}
    served = [
        {**start, "channel": channel} for channel, count in (("a", 50), ("b", 4), ("c", 20)) for _ in range(count)
    ]
    bind(engine, tmp_path, responses=answers([1], channel="a"), interactions=served, invitations=[])
    unhappy = engine.compute(dissatisfied_rate(RESPONSES, INTERACTIONS, by="channel"))
    asked = engine.compute(solicitation_rate(INTERACTIONS, INVITATIONS, by="channel"))
    assert reasons(unhappy) == reasons(asked) == [None, FEW, COMPLEMENTARY, None]
    assert suppress([unhappy, asked], minimum=10) == (unhappy, asked)
