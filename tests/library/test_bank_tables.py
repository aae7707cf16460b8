"""Every row of an invented bank meets the tables' declarations."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from zhiyin.bank import BankSummary
from zhiyin.engine import DuckEngine, arrow_schema
from zhiyin.lake import open_lake
from zhiyin.tables import BASE_TABLES, DERIVED_TABLES, SEQUENCE, TABLES, NotBefore, Table, vocabulary

ALL = sorted(TABLES)


def listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def count(engine: DuckEngine, table: Table, condition: str) -> int:
    return int(engine.sql(f"SELECT count(*) AS n FROM {table.name} WHERE {condition}").column("n")[0].as_py())


@pytest.mark.parametrize("name", ALL)
def test_bank_fills_every_required_column(bank_engine: DuckEngine, name: str) -> None:
    table = TABLES[name]
    assert {c: count(bank_engine, table, f"{c} IS NULL") for c in table.required} == dict.fromkeys(table.required, 0)


@pytest.mark.parametrize("name", ALL)
def test_bank_repeats_no_key(bank_engine: DuckEngine, name: str) -> None:
    table = TABLES[name]
    key = ", ".join(table.key)
    twice = bank_engine.sql(f"SELECT {key} FROM {name} GROUP BY {key} HAVING count(*) > 1")
    assert twice.num_rows == 0


@pytest.mark.parametrize("name", ALL)
def test_bank_keeps_to_allowed_values_and_ranges(bank_engine: DuckEngine, name: str) -> None:
    table, outside = TABLES[name], {}
    for column in table.columns:
        if column.allowed:
            outside[column.name] = count(bank_engine, table, f"{column.name} NOT IN ({listed(column.allowed)})")
        if column.minimum is not None:
            outside[column.name] = count(bank_engine, table, f"{column.name} < {column.minimum}")
        if column.maximum is not None:
            outside[f"{column.name} high"] = count(bank_engine, table, f"{column.name} > {column.maximum}")
    assert outside == dict.fromkeys(outside, 0)


@pytest.mark.parametrize("name", ALL)
def test_bank_speaks_the_vocabularies(bank_engine: DuckEngine, name: str) -> None:
    for column in TABLES[name].columns:
        if column.vocabulary:
            used = bank_engine.sql(f"SELECT DISTINCT {column.name} AS v FROM {name}").column("v").to_pylist()
            assert set(used) - {None} <= set(vocabulary(column.vocabulary).codes), column.name


@pytest.mark.parametrize("name", ALL)
def test_bank_refers_only_to_what_exists(bank_engine: DuckEngine, name: str) -> None:
    table, missing = TABLES[name], {}
    for column in table.columns:
        if column.refers:
            other, key = column.refers.split(".")
            condition = f"{column.name} IS NOT NULL AND {column.name} NOT IN (SELECT {key} FROM {other})"
            missing[column.name] = count(bank_engine, table, condition)
    assert missing == dict.fromkeys(missing, 0)


@pytest.mark.parametrize("name", ALL)
def test_bank_keeps_the_rules_between_columns(bank_engine: DuckEngine, name: str) -> None:
    table = TABLES[name]
    for rule in table.rules:
        if isinstance(rule, NotBefore):
            assert count(bank_engine, table, f"{rule.later} < {rule.earlier}") == 0
            continue
        for scale, low, high in rule.limits:
            beyond = f"({rule.value} < {low} OR {rule.value} > {high} OR {rule.value} IS NULL)"
            assert count(bank_engine, table, f"{rule.scale} = '{scale}' AND {beyond}") == 0


@pytest.mark.parametrize("name", [table.name for table in BASE_TABLES])
def test_bank_files_have_the_declared_schema_and_order(small_bank: BankSummary, name: str) -> None:
    table, last = TABLES[name], 0
    for file in open_lake(small_bank.path).snapshot().files(name):
        rows = pq.read_table(file)
        assert rows.schema.equals(arrow_schema(table), check_metadata=False)
        numbers = rows.column(SEQUENCE).to_numpy()
        assert (numbers[:1] > last).all()
        assert (numbers[1:] > numbers[:-1]).all()
        last = int(numbers[-1]) if numbers.size else last
        if table.time:
            times = rows.column(table.time).to_numpy()
            assert (times[1:] >= times[:-1]).all()


def test_bank_knows_nothing_of_the_future(bank_engine: DuckEngine) -> None:
    until = 1_793_462_400_000_000  # 2026-11-01 00:00 in Shanghai
    for table in BASE_TABLES:
        if table.time:
            assert count(bank_engine, table, f"{table.time} >= {until} OR recorded_us >= {until}") == 0


def test_bank_serves_only_at_units_that_are_open(bank_engine: DuckEngine) -> None:
    strays = bank_engine.sql("""
        WITH spans AS (SELECT unit_id, min(valid_from) AS opened,
                              CASE WHEN count(valid_to) = count(*) THEN max(valid_to) END AS closed
                       FROM units GROUP BY unit_id),
             touches AS (SELECT unit_id, CAST(make_timestamp(started_us + 28800000000) AS DATE) AS day
                         FROM interactions)
        SELECT * FROM touches JOIN spans USING (unit_id) WHERE day < opened OR day >= closed""")
    assert strays.num_rows == 0


def test_bank_serves_only_with_staff_in_post(bank_engine: DuckEngine) -> None:
    strays = bank_engine.sql("""
        WITH served AS (SELECT DISTINCT staff_id, unit_id, CAST(make_timestamp(started_us + 28800000000) AS DATE) AS day
                        FROM interactions WHERE staff_id IS NOT NULL AND channel = 'branch')
        SELECT * FROM served s WHERE NOT EXISTS (
            SELECT 1 FROM posts p WHERE p.staff_id = s.staff_id AND p.unit_id = s.unit_id
            AND p.valid_from <= s.day AND (p.valid_to IS NULL OR p.valid_to > s.day))""")
    assert strays.num_rows == 0


def test_bank_counts_its_rows(small_bank: BankSummary) -> None:
    snapshot = open_lake(small_bank.path).snapshot()
    assert small_bank.rows == {name: snapshot.manifest(name).rows for name in small_bank.rows}
    assert set(small_bank.rows) == {table.name for table in (*BASE_TABLES, *DERIVED_TABLES)}


def test_bank_truth_covers_every_touch(small_bank: BankSummary, bank_engine: DuckEngine, true_touches: Path) -> None:
    unknown = bank_engine.sql(f"""
        SELECT count(*) AS n FROM interactions i
        LEFT JOIN read_parquet('{true_touches}/*.parquet') t USING (interaction_id)
        WHERE t.satisfaction IS NULL OR t.satisfaction NOT BETWEEN 0 AND 100 OR t.customer_id <> i.customer_id""")
    assert unknown.column("n")[0].as_py() == 0
    assert sum(pq.read_metadata(file).num_rows for file in true_touches.iterdir()) == small_bank.rows["interactions"]
