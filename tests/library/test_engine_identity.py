"""The same expressions give the same answers on DuckDB and on Spark; what an engine cannot do is data."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pytest

from zhiyin.bank import make_bank
from zhiyin.engine import Engine
from zhiyin.engine.gaps import GAPS, Gap
from zhiyin.lake import Lake, open_lake

Expression = Callable[[Lake], ir.Table]
DAY = 86_400_000_000


def edges(lake: Lake) -> ir.Table:
    """How often one step follows another, and how long it takes."""
    steps = lake.table("steps")
    return steps.group_by(["journey", "previous_activity", "activity"]).agg(n=steps.count(), gap=steps.gap_us.sum())


def edge_medians(lake: Lake) -> ir.Table:
    steps = lake.table("steps")
    later = steps.filter(steps.previous_activity >= 0)
    return later.group_by(["previous_activity", "activity"]).agg(middle=later.gap_us.median())


def durations(lake: Lake) -> ir.Table:
    cases = lake.table("journeys")
    return cases.group_by("journey").agg(
        n=cases.count(), whole=cases.duration_us.sum(), longest=cases.duration_us.max(), visits=cases.visit_count.sum()
    )


def variants(lake: Lake) -> ir.Table:
    cases = lake.table("journeys")
    return cases.group_by(["journey", "variant"]).agg(n=cases.count(), example=cases.case_id.min())


def profiles(lake: Lake) -> ir.Table:
    """A customer's money by kind: conditional sums of integers."""
    moved = lake.table("transactions")
    is_out = moved.direction == "out"
    return moved.group_by("customer_id").agg(
        n=moved.count(),
        spent=ibis.cases((is_out, moved.amount_cents), else_=0).sum(),
        failed=ibis.cases((moved.is_failed, 1), else_=0).sum(),
        last=moved.occurred_us.max(),
    )


def answers(lake: Lake) -> ir.Table:
    told = lake.table("responses")
    scored = told.filter(told.value.notnull())
    return scored.group_by(["scale", "question", "channel", "mode", "value"]).agg(
        n=scored.count(), people=scored.customer_id.nunique()
    )


def days(lake: Lake) -> ir.Table:
    """Local days by integer arithmetic."""
    touched = lake.table("interactions")
    local = touched.mutate(day=(touched.started_us + 8 * 3_600_000_000) // DAY)
    return local.group_by(["day", "channel"]).agg(n=local.count(), waited=local.wait_seconds.sum())


def causes(lake: Lake) -> ir.Table:
    """A join of two tables and an outer one."""
    asked, units = lake.table("requests"), lake.table("units")
    current = units.filter(units.valid_to.isnull())
    joined = asked.left_join(current, asked.responsible_unit_id == current.unit_id)
    return joined.group_by(["cause", "level"]).agg(n=lambda rows: rows.count())


def ranks(lake: Lake) -> ir.Table:
    cases = lake.table("journeys")
    window = ibis.window(group_by=cases.customer_id, order_by=[cases.first_us, cases.case_id])
    return cases.mutate(nth=ibis.row_number().over(window)).group_by("nth").agg(n=lambda rows: rows.count())


EXPRESSIONS = [edges, edge_medians, durations, variants, profiles, answers, days, causes, ranks]


@pytest.fixture(scope="module")
def lake(tmp_path_factory) -> Lake:
    folder = tmp_path_factory.mktemp("bank") / "lake"
    make_bank(folder, customers=400, months=3, seed=5)
    return open_lake(folder)


@pytest.fixture(scope="module")
def duck(lake: Lake) -> Iterator[Engine]:
    with lake.engine() as engine:
        yield engine


def rows(result: pa.Table) -> list[tuple[object, ...]]:
    """Rows as plain values, in an order of their own."""
    return sorted((tuple(row.values()) for row in result.to_pylist()), key=lambda row: tuple(map(repr, row)))


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda f: f.__name__)
def test_spark_gives_the_same_answer(lake, duck, spark, expression: Expression):
    lake.bind(spark)
    described = expression(lake)
    wanted = rows(duck.run(described))
    assert wanted, "an expression without rows proves nothing"
    assert rows(spark.run(described)) == wanted


UNABLE: dict[str, Expression] = {
    "asof_join": lambda lake: lake.table("steps").asof_join(
        lake.table("journeys").select("case_id", started_us="first_us"), on="started_us", predicates="case_id"
    ),
    "mode": lambda lake: lake.table("steps").group_by("journey").agg(most=lake.table("steps").activity.mode()),
}


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.parametrize("known", GAPS, ids=lambda gap: f"{gap.engine}-{gap.feature}")
def test_gap_raises_exactly_its_error(lake, spark, known: Gap):
    lake.bind(spark)
    with pytest.raises(Exception) as raised:  # noqa: PT011  the type is data and compared below
        spark.run(UNABLE[known.feature](lake))
    assert type(raised.value).__name__ == known.error


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=lambda f: f.__name__)
def test_duckdb_gives_the_same_answer_on_one_thread(lake, duck, expression: Expression):
    described = expression(lake)
    with lake.engine(threads=1) as single:
        assert rows(single.run(described)) == rows(duck.run(described))
