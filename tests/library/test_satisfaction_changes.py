"""Change against another period, and the difference of two figures."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from answer_rows import answers, at, bind

from zhiyin.engine import DuckEngine, described
from zhiyin.maths.intervals import difference
from zhiyin.maths.shares import wilson
from zhiyin.satisfaction import NoSuchPeriod, NotComparable, change, compare, csat, mean_score, nps
from zhiyin.tables import table
from zhiyin.tables.figures import FigureTable

RESPONSES = described(table("responses"))


@pytest.fixture(scope="module")
def engine() -> Iterator[DuckEngine]:
    with DuckEngine(threads=1) as engine:
        yield engine


def months(satisfied: dict[str, tuple[int, int]], **columns: object) -> list[dict[str, object]]:
    """For each month how many are satisfied, of how many."""
    return [
        row
        for month, (happy, n) in satisfied.items()
        for row in answers([5] * happy + [1] * (n - happy), answered_us=at(f"{month}-10 12:00"), **columns)
    ]


@pytest.fixture(scope="module")
def by_month(engine: DuckEngine, tmp_path_factory: pytest.TempPathFactory) -> FigureTable:
    rows = months({"2026-01": (60, 100), "2026-02": (62, 100), "2026-03": (90, 100), "2026-05": (5, 5)}, channel="web")
    rows += months({"2026-01": (30, 50), "2026-03": (20, 50)}, channel="branch")
    bind(engine, tmp_path_factory.mktemp("rows"), responses=rows)
    return engine.compute(csat(RESPONSES, by="channel", period="month"))


def test_change_is_told_against_the_period_before(by_month: FigureTable):
    found = [(c.figure.period, c.against.period, c.figure.group) for c in change(by_month)]
    assert found == [
        ("2026-02", "2026-01", (("channel", "web"),)),
        ("2026-02", "2026-01", ()),
        ("2026-03", "2026-02", (("channel", "web"),)),
        ("2026-03", "2026-02", ()),
    ]


def test_change_has_an_interval_of_its_own(by_month: FigureTable):
    small, large = (c for c in change(by_month) if c.figure.group)
    a, b = wilson([0.62], [100], corrected=True), wilson([0.60], [100], corrected=True)
    expected = difference([0.62], a, [0.60], b)
    assert small.value == pytest.approx(0.02)
    assert (small.low, small.high) == pytest.approx((expected.low[0], expected.high[0]), abs=1e-9)
    assert (small.is_clear, large.is_clear) == (False, True)


def test_intervals_may_overlap_where_the_change_is_clear(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=months({"2026-01": (120, 200), "2026-02": (142, 200)}))
    before, now = engine.compute(csat(RESPONSES, period="month"))
    assert before.high is not None
    assert now.low is not None
    assert now.low < before.high
    assert compare(now, before).is_clear


def test_every_period_can_be_held_against_one(by_month: FigureTable):
    found = change(by_month, against="2026-01")
    assert [(c.figure.period, dict(c.figure.group).get("channel")) for c in found] == [
        ("2026-02", "web"),
        ("2026-02", None),
        ("2026-03", "branch"),
        ("2026-03", "web"),
        ("2026-03", None),
        ("2026-05", "web"),
        ("2026-05", None),
    ]
    assert found[2].value == pytest.approx(-0.2)


def test_a_suppressed_figure_gives_no_change(by_month: FigureTable):
    last = change(by_month, against="2026-01")[-1]
    assert (last.suppressed, last.value, last.low, last.high, last.is_clear) == ("few", None, None, None, None)


def test_turning_a_comparison_round_turns_its_sign(by_month: FigureTable):
    a, b = by_month.figure(period="2026-03", channel="web"), by_month.figure(period="2026-03", channel="branch")
    forth, back = compare(a, b), compare(b, a)
    assert forth.value is not None
    assert back.value == pytest.approx(-forth.value)
    assert (back.low, back.high) == pytest.approx((-(forth.high or 0), -(forth.low or 0)))


@pytest.mark.parametrize("measure", [nps, mean_score])
def test_points_have_changes_too(engine: DuckEngine, tmp_path: Path, measure):
    rows = answers([9] * 40 + [3] * 10, scale="points11", answered_us=at("2026-01-10 12:00"))
    rows += answers([9] * 10 + [3] * 40, scale="points11", answered_us=at("2026-02-10 12:00"))
    bind(engine, tmp_path, responses=rows)
    (found,) = change(engine.compute(measure(RESPONSES, period="month")))
    assert found.value == pytest.approx(-120.0 if measure is nps else -36.0)
    assert found.is_clear


def test_table_without_periods_has_no_changes(engine: DuckEngine, tmp_path: Path):
    bind(engine, tmp_path, responses=answers([5] * 20))
    assert change(engine.compute(csat(RESPONSES))) == ()


def test_unknown_period_suggests_a_known_one(by_month: FigureTable):
    with pytest.raises(NoSuchPeriod, match="Did you mean 2026-0"):
        change(by_month, against="2026-04")


@pytest.mark.parametrize(("field", "value"), [("version", "csat/2"), ("level", 0.9)])
def test_unlike_figures_are_not_compared(by_month: FigureTable, field: str, value: object):
    figure = by_month.totals[0]
    with pytest.raises(NotComparable, match=field):
        compare(figure, replace(figure, **{field: value}))


def test_changes_survive_pickling(by_month: FigureTable):
    found = change(by_month)
    assert pickle.loads(pickle.dumps(found)) == found
