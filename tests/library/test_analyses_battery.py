"""What every analysis must bear: an empty table, one row, nothing but gaps, another order of rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from zhiyin.drivers import change_sources, driver_shape, key_drivers, path_model
from zhiyin.engine import DuckEngine, Engine, Query
from zhiyin.errors import ZhiyinError
from zhiyin.evidence import Watch, before_after, holdout_effect, holdout_watch, staggered_effect, synthetic_effect
from zhiyin.fairness import crossed_comparison, rate_comparison, unit_comparison
from zhiyin.maths.pls_model import Block, PathModel

DAY_US = 86_400_000_000
Table = ibis.expr.types.Table
MODEL = PathModel(
    (Block("service", ("wait_score", "staff_score")), Block("overall", ("value",))), (("service", "overall"),)
)

ANALYSES: dict[str, Callable[[Table], Query[Any]]] = {
    "unit_comparison": lambda t: unit_comparison(t),
    "crossed_comparison": lambda t: crossed_comparison(t),
    "rate_comparison": lambda t: rate_comparison(t),
    "key_drivers": lambda t: key_drivers(t, outcome="value", drivers=["wait_score", "staff_score"], samples=30),
    "driver_shape": lambda t: driver_shape(t, outcome="value", driver="wait_score", edges=[5]),
    "path_model": lambda t: path_model(t, MODEL, samples=30),
    "change_sources": lambda t: change_sources(t, outcome="value", by="unit_id", before="2026-01", after="2026-06"),
    "holdout_effect": lambda t: holdout_effect(t, outcome="value"),
    "holdout_watch": lambda t: holdout_watch(t, outcome="value", planned=1000),
    "staggered_effect": lambda t: staggered_effect(t, outcome="value"),
    "synthetic_effect": lambda t: synthetic_effect(t, outcome="value", changed_unit="u03", changed_from="2026-04"),
    "before_after": lambda t: before_after(t, outcome="value", is_after="is_treated"),
}


def answers(n: int = 6000) -> pa.Table:
    generator = np.random.default_rng(1)
    unit, month = generator.integers(0, 24, n), generator.integers(1, 7, n)
    customer = generator.integers(0, n // 2, n)
    wait, staff = generator.integers(1, 11, n), generator.integers(1, 11, n)
    level = generator.normal(0, 1, 24)
    value = np.clip(np.round(4 + 0.3 * wait + 0.2 * staff + level[unit] + generator.normal(size=n)), 1, 10)
    starts = [None if place % 3 == 0 else f"2026-0{3 + place % 3}" for place in unit]
    return pa.table(
        {
            "unit_id": [f"u{code:02d}" for code in unit],
            "staff_id": [f"s{code:03d}" for code in unit * 4 + generator.integers(0, 4, n)],
            "customer_id": [f"c{code:04d}" for code in customer],
            "mode": np.array(["sms", "phone"])[generator.integers(0, 2, n)],
            "scale": ["points10"] * n,
            "period": [f"2026-0{code}" for code in month],
            "started": pa.array(starts, pa.string()),
            "value": pa.array(value, pa.int16()),
            "wait_score": pa.array(wait, pa.int16()),
            "staff_score": pa.array(staff, pa.int16()),
            "is_treated": customer % 2 == 0,
            "is_dissatisfied": value <= 3,
            "answered_us": month * 30 * DAY_US,
        }
    )


def computed(analysis: str, table: pa.Table) -> object:
    engine = DuckEngine(threads=1)
    try:
        return engine.compute(ANALYSES[analysis](ibis.memtable(table)))
    finally:
        engine.close()


def same(one: object, two: object) -> bool:
    """Equal, doubles to 1e-9."""
    if isinstance(one, float) and isinstance(two, float):
        return one == pytest.approx(two, abs=1e-9, nan_ok=True)
    if isinstance(one, np.ndarray) and isinstance(two, np.ndarray):
        return bool(np.allclose(one, two, atol=1e-9, equal_nan=True))
    if isinstance(one, (tuple, list)) and isinstance(two, (tuple, list)):
        return len(one) == len(two) and all(same(a, b) for a, b in zip(one, two, strict=True))
    if isinstance(one, dict) and isinstance(two, dict):
        return one.keys() == two.keys() and all(same(one[key], two[key]) for key in one)
    fields = getattr(type(one), "__dataclass_fields__", None)
    if fields is not None:
        return all(same(getattr(one, name), getattr(two, name)) for name in fields)
    return one == two


@pytest.mark.parametrize("analysis", ANALYSES)
def test_analysis_of_an_empty_table_says_what_is_missing(analysis: str) -> None:
    with pytest.raises(ZhiyinError):
        computed(analysis, answers().slice(0, 0))


@pytest.mark.parametrize("analysis", ANALYSES)
def test_analysis_of_one_row_says_what_is_missing(analysis: str) -> None:
    if analysis == "holdout_watch":  # it has begun, and says nothing yet
        watch = computed(analysis, answers().slice(0, 1))
        assert isinstance(watch, Watch)
        assert watch.evidence.low is None
        return
    with pytest.raises(ZhiyinError):
        computed(analysis, answers().slice(0, 1))


@pytest.mark.parametrize("analysis", ANALYSES)
def test_analysis_of_answers_that_are_all_missing_says_what_is_missing(analysis: str) -> None:
    table = answers(500)
    for name in ("value", "is_dissatisfied"):
        kind = table[name].type
        table = table.set_column(table.column_names.index(name), name, pa.nulls(500, kind))
    with pytest.raises(ZhiyinError):
        computed(analysis, table)


@pytest.mark.parametrize("analysis", ANALYSES)
def test_analysis_does_not_depend_on_the_order_of_rows_or_columns(analysis: str) -> None:
    table = answers()
    order = np.random.default_rng(2).permutation(table.num_rows)
    shuffled = table.take(pa.array(order)).select(sorted(table.column_names, reverse=True))
    if analysis == "holdout_watch":  # of several first answers on the same instant any may count
        table = table.set_column(table.column_names.index("answered_us"), "answered_us", pa.array(range(6000)))
        shuffled = table.take(pa.array(order))
    assert same(computed(analysis, table), computed(analysis, shuffled))


@pytest.mark.parametrize("analysis", ANALYSES)
def test_analysis_of_constant_answers_is_refused_or_uncertain(analysis: str) -> None:
    table = answers(1000)
    constant = table.set_column(table.column_names.index("value"), "value", pa.array([7] * 1000, pa.int16()))
    constant = constant.set_column(
        constant.column_names.index("is_dissatisfied"), "is_dissatisfied", pa.array([False] * 1000)
    )
    try:
        found = computed(analysis, constant)
    except ZhiyinError:
        return
    assert found is not None
    assert not getattr(found, "is_clear", False)
    assert not getattr(found, "ranked", 0)


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.parametrize("analysis", ANALYSES)
def test_analysis_gives_the_same_answer_on_spark(analysis: str, spark: Engine, tmp_path: Path) -> None:
    table = answers()
    file = tmp_path / "answers.parquet"
    pq.write_table(
        table.set_column(table.column_names.index("answered_us"), "answered_us", pa.array(range(6000))), file
    )
    described = ibis.table(ibis.Schema.from_pyarrow(table.schema), name="answers")
    spark._session.read.parquet(f"file://{file}").createOrReplaceTempView("answers")
    duck = DuckEngine(threads=1)
    duck.bind_files("answers", [file], table.schema)
    assert same(spark.compute(ANALYSES[analysis](described)), duck.compute(ANALYSES[analysis](described)))
    duck.close()
