"""What becomes of each row of a file: kept, found unchanged, or kept apart with its reason."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from zhiyin.lake import Lake, create_lake, ingest, read_apart, read_mapping
from zhiyin.lake.mapping import MappingError, MissingSourceColumns

AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TRANSACTIONS = """
table = "transactions"
[columns.transaction_id]
from = "流水号"
[columns.customer_id]
from = "客户号"
[columns.occurred_us]
from = "交易时间"
[columns.channel]
from = "渠道"
values = { "柜面" = "branch", "手机" = "mobile" }
[columns.direction]
from = "收支"
values = { "收" = "in", "支" = "out" }
missing = ["-"]
[columns.amount_cents]
from = "金额"
thousands = ","
[columns.is_failed]
from = "失败"
"""
HEAD = "流水号,客户号,交易时间,渠道,收支,金额,失败\n"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return create_lake(tmp_path / "lake")


def load(lake: Lake, tmp_path: Path, rows: str, mapping: str = TRANSACTIONS, name: str = "t.csv", head: str = HEAD):
    (tmp_path / "m.toml").write_text(mapping, encoding="utf-8")
    (tmp_path / name).write_text(head + rows, encoding="utf-8")
    said = read_mapping(tmp_path / "m.toml")
    return ingest(lake, tmp_path / name, into=said.table, at=AT, mapping=said)


def rows_of(lake: Lake, table: str = "transactions") -> list[dict[str, object]]:
    with lake.engine() as engine:
        return engine.run(lake.table(table).order_by("seq")).to_pylist()


def reasons(lake: Lake, table: str = "transactions") -> list[tuple[int, str | None, str]]:
    return [(r["line"], r["column"], r["reason"]) for r in read_apart(lake, table).to_pylist()]


def test_row_is_typed_as_declared(lake, tmp_path):
    load(lake, tmp_path, 'T1,C1,2026-03-02 10:00:00,柜面,支,"1,234.50",否\n')
    (row,) = rows_of(lake)
    assert row["occurred_us"] == int(datetime(2026, 3, 2, 2, 0, tzinfo=UTC).timestamp()) * 1_000_000
    assert (row["channel"], row["direction"], row["amount_cents"], row["is_failed"]) == ("branch", "out", 123450, False)
    assert row["recorded_us"] == int(AT.timestamp()) * 1_000_000
    assert row["fee_cents"] is None


def test_blanks_are_taken_off_and_empty_is_missing(lake, tmp_path):
    load(lake, tmp_path, "\u3000T1 , C1,2026-03-02 10:00:00 ,柜面\u3000,-,1.00,  \n")
    (row,) = rows_of(lake)
    assert (row["transaction_id"], row["customer_id"], row["channel"]) == ("T1", "C1", "branch")
    assert (row["direction"], row["is_failed"]) == (None, None)


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        (",C1,2026-03-02,柜面,支,1,否", "transaction_id", "missing"),
        ("T1,,2026-03-02,柜面,支,1,否", "customer_id", "missing"),
        ("T1,C1,2026-13-02,柜面,支,1,否", "occurred_us", "not_a_time"),
        ("T1,C1,0001-01-01,柜面,支,1,否", "occurred_us", "out_of_range"),
        ("T1,C1,2026-03-02,电话,支,1,否", "channel", "unmapped_value"),
        ("T1,C1,2026-03-02,柜面,支,1.005,否", "amount_cents", "not_an_amount"),
        ("T1,C1,2026-03-02,柜面,支,abc,否", "amount_cents", "not_an_amount"),
        ("T1,C1,2026-03-02,柜面,支,-1,否", "amount_cents", "out_of_range"),
        ("T1,C1,2026-03-02,柜面,支,1,也许", "is_failed", "not_yes_or_no"),
        ("T1,C1,2026-03-02,柜面,支", None, "field_count"),
        ("T1," + "C" * 201 + ",2026-03-02,柜面,支,1,否", "customer_id", "too_long"),
    ],
)
def test_bad_row_is_kept_apart_with_line_column_and_reason(lake, tmp_path, cells, column, reason):
    done = load(lake, tmp_path, f"T0,C0,2026-03-01,柜面,支,1,否\n{cells}\nT9,C9,2026-03-03,柜面,支,1,否\n")
    assert reasons(lake) == [(3, column, reason)]
    assert [row["transaction_id"] for row in rows_of(lake)] == ["T0", "T9"]
    assert (done.load.rows_in, done.load.rows_kept, done.load.rows_apart) == (3, 2, 1)


def test_every_problem_of_a_row_is_told(lake, tmp_path):
    load(lake, tmp_path, "T1,,x,柜面,支,y,否\n")
    (row,) = read_apart(lake, "transactions").to_pylist()
    assert (row["column"], row["reason"]) == ("customer_id", "missing")
    assert row["detail"] == "occurred_us:not_a_time amount_cents:not_an_amount"


def test_the_same_row_twice_is_counted_as_unchanged(lake, tmp_path):
    row = "T1,C1,2026-03-02,柜面,支,1,否\n"
    done = load(lake, tmp_path, row * 3)
    assert (done.load.rows_kept, done.load.rows_unchanged, done.load.rows_apart) == (1, 2, 0)


def test_the_same_key_with_other_values_is_kept_apart(lake, tmp_path):
    load(
        lake, tmp_path, "T1,C1,2026-03-02,柜面,支,1,否\nT2,C1,2026-03-02,柜面,支,1,否\nT1,C1,2026-03-02,柜面,支,2,否\n"
    )
    assert reasons(lake) == [(4, "transaction_id", "duplicate_key")]
    assert [row["amount_cents"] for row in rows_of(lake)] == [100, 100]


def test_a_resident_number_in_a_key_column_is_refused(lake, tmp_path):
    load(lake, tmp_path, "T1,11010519491231002X,2026-03-02,柜面,支,1,否\n")
    assert reasons(lake) == [(2, "customer_id", "direct_identifier")]
    assert "11010519491231002X" not in str(read_apart(lake, "transactions").to_pylist())


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        ("2026-03-02 10:00:00", "Asia/Shanghai", "2026-03-02T02:00:00"),
        ("2026-03-02T10:00:00Z", "Asia/Shanghai", "2026-03-02T10:00:00"),
        ("2026-03-02T10:00:00-05:00", "Asia/Shanghai", "2026-03-02T15:00:00"),
        ("2026-03-02 10:00:00+0800", "Europe/London", "2026-03-02T02:00:00"),
        ("20260302100000", "Asia/Shanghai", "2026-03-02T02:00:00"),
        ("2026/3/2 10:00", "Asia/Shanghai", "2026-03-02T02:00:00"),
        ("1988-07-01 10:00:00", "Asia/Shanghai", "1988-07-01T01:00:00"),
        ("2026-07-01 10:00:00", "Europe/London", "2026-07-01T09:00:00"),
        ("2026-01-01 10:00:00.250", "Europe/London", "2026-01-01T10:00:00.250"),
    ],
)
def test_time_is_read_in_its_zone(lake, tmp_path, text, zone, utc):
    mapping = TRANSACTIONS.replace('from = "交易时间"', f'from = "交易时间"\nzone = "{zone}"')
    load(lake, tmp_path, f"T1,C1,{text},柜面,支,1,否\n", mapping)
    (row,) = rows_of(lake)
    wanted = datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert row["occurred_us"] == round(wanted.timestamp() * 1_000_000)


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("%d.%m.%Y %H:%M", "02.03.2026 10:00"),
        ("epoch_s", "1772416800"),
        ("epoch_ms", "1772416800000"),
        ("excel", "46083.4166666667"),
        ("%Y-%m-%d %H:%M:%S %z", "2026-03-02 12:00:00 +1000"),
    ],
)
def test_time_is_read_in_its_format(lake, tmp_path, format_, text):
    mapping = TRANSACTIONS.replace('from = "交易时间"', f'from = "交易时间"\nformat = "{format_}"')
    load(lake, tmp_path, f"T1,C1,{text},柜面,支,1,否\n", mapping)
    (row,) = rows_of(lake)
    assert row["occurred_us"] == 1772416800_000_000


RESPONSES = """
table = "responses"
[columns.response_id]
from = "编号"
[columns.instrument]
value = "survey"
[columns.interaction_id]
join = ["网点", "票号"]
with = "-"
[columns.unit_id]
from = "终端"
split = "-"
part = 1
[privacy]
names = ["姓名"]
drop = ["手机"]
[wide]
[[wide.columns]]
from = ["Q1", "Q2"]
into = "value"
set = { scale = "points10" }
missing = ["98", "99"]
[[wide.columns]]
from = ["Q3"]
into = "value"
set = { scale = "points3" }
values = { "满意" = 3, "一般" = 2, "不满意" = 1 }
[[wide.columns]]
from = ["Q4"]
into = "comment"
set = { scale = "text" }
rename = { Q4 = "why" }
"""
WIDE_HEAD = "编号,网点,票号,终端,姓名,手机,Q1,Q2,Q3,Q4\n"


def test_wide_row_becomes_one_row_an_answer(lake, tmp_path):
    rows = "1,0101,A001,0101-2,,,9,98,满意,等太久\n2,0102,A002,0102-1,,,10,3,,\n"
    done = load(lake, tmp_path, rows, RESPONSES, head=WIDE_HEAD)
    found = [
        (r["response_id"], r["question"], r["value"], r["scale"], r["comment"]) for r in rows_of(lake, "responses")
    ]
    assert found == [
        ("1", "Q1", 9, "points10", None),
        ("1", "Q3", 3, "points3", None),
        ("1", "why", None, "text", "等太久"),
        ("2", "Q1", 10, "points10", None),
        ("2", "Q2", 3, "points10", None),
    ]
    first = rows_of(lake, "responses")[0]
    assert (first["interaction_id"], first["unit_id"]) == ("0101-A001", "0101")
    assert (done.load.rows_in, done.load.rows_kept) == (5, 5)


def test_bad_answer_of_a_wide_row_names_its_question(lake, tmp_path):
    load(lake, tmp_path, "1,0101,A001,0101-2,,,0,5,满意,\n", RESPONSES, head=WIDE_HEAD)
    assert reasons(lake, "responses") == [(2, "Q1", "off_scale")]
    assert [row["question"] for row in rows_of(lake, "responses")] == ["Q2", "Q3"]


def test_personal_data_reaches_neither_the_lake_nor_the_rows_kept_apart(lake, tmp_path):
    secret = ("欧阳明月", "13912345678", "11010519491231002X")
    comment = f"柜员让{secret[0]}等了半小时，电话{secret[1]}，证件{secret[2]}"
    rows = f"1,0101,A1,0101-2,{secret[0]},{secret[1]},9,9,满意,{comment}\n"
    rows += f"2,0101,A1,0101-2,{secret[0]},{secret[1]},77,9,满意,{comment}\n1,2,3\n"
    load(lake, tmp_path, rows, RESPONSES, head=WIDE_HEAD)
    stored = str(rows_of(lake, "responses")) + str(read_apart(lake, "responses").to_pylist())
    assert [word for word in secret if word in stored] == []
    assert "等了半小时" in stored
    for file in lake.folder.rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            assert [word for word in secret if word.encode() in content] == [], file


def test_identity_mapping_reads_the_tables_own_names(lake, tmp_path):
    (tmp_path / "lines.csv").write_text("line_id,legal_entity_id,name,extra\nL1,B1,零售,x\n", encoding="utf-8")
    done = ingest(lake, tmp_path / "lines.csv", into="lines", at=AT)
    assert done.load.rows_kept == 1


def test_missing_source_column_is_named(lake, tmp_path):
    with pytest.raises(MissingSourceColumns, match=r"no column 失败\. It has: 流水号"):
        load(lake, tmp_path, "T1,C1,2026-03-02,柜面,支,1\n", head="流水号,客户号,交易时间,渠道,收支,金额\n")
    assert lake.snapshot().generation == 0


def test_required_column_must_be_mapped(lake, tmp_path):
    with pytest.raises(MappingError, match="occurred_us must be filled"):
        load(lake, tmp_path, "T1,C1,2026-03-02,柜面,支,1,否\n", TRANSACTIONS.replace("occurred_us", "recorded_us"))


def test_unknown_code_is_kept_and_counted_as_a_warning(lake, tmp_path):
    mapping = TRANSACTIONS.replace('values = { "柜面" = "branch", "手机" = "mobile" }', "")
    done = load(lake, tmp_path, "T1,C1,2026-03-02,mobile,支,1,否\nT2,C1,2026-03-02,neu,支,1,否\n", mapping)
    assert done.load.warnings == {"channel": 1}
    assert done.load.rows_kept == 2


@pytest.mark.parametrize("head", ["table", "ordering"])
def test_hostile_header_cannot_reach_the_statement(lake, tmp_path, head):
    name = {"table": 'x"; DROP TABLE src; --', "ordering": "select"}[head]
    quoted = name.replace('"', '""')
    mapping = TRANSACTIONS.replace('from = "失败"', "from = '" + name + "'")
    done = load(lake, tmp_path, "T1,C1,2026-03-02,柜面,支,1,否\n", mapping, head=HEAD.replace("失败", f'"{quoted}"'))
    assert done.load.rows_kept == 1


def test_hostile_values_are_only_values(lake, tmp_path):
    hostile = ["'; DROP TABLE x; --", '=cmd|"/c calc"!A1', "\\x00", "%s%n", "../../etc/passwd", "🏦" * 20]
    rows = "".join(f'"{value.replace(chr(34), chr(34) * 2)}",C1,2026-03-02,柜面,支,1,否\n' for value in hostile)
    load(lake, tmp_path, rows)
    assert [row["transaction_id"] for row in rows_of(lake)] == hostile


@pytest.mark.parametrize("head", ["RespID,Name,Q1,Q2", "respondent_id,姓名,q1,q2"])
def test_survey_preset_finds_its_questions_by_pattern(lake, tmp_path, head):
    (tmp_path / "survey.csv").write_text(f"{head}\n编号,姓名,等候,态度\n1,甲,9,98\n2,乙,10,7\n", encoding="utf-8")
    done = ingest(lake, tmp_path / "survey.csv", into="responses", at=AT, mapping=read_mapping("survey"))
    assert (done.load.rows_kept, done.load.rows_apart) == (3, 0)
    assert [row["value"] for row in rows_of(lake, "responses")] == [9, 10, 7]
