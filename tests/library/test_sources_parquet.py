"""Parquet: every type as text, exactly."""

from __future__ import annotations

import datetime as dt
import decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sources_reading import content, read, read_until_error, write

from zhiyin.lake.sources import SourceDamaged, SourceOptions, TooManyColumns, WrongFormat, open_source
from zhiyin.lake.sources.arrowtext import as_text

DAY = dt.datetime(2024, 3, 1, 2, 0)


@pytest.mark.parametrize(
    ("column", "text"),
    [
        (pa.array([1, None, -3]), ["1", None, "-3"]),
        (pa.array([2**64 - 1], pa.uint64()), ["18446744073709551615"]),
        (
            pa.array([1.0, 0.1, 1e15, 1e300, -2.5e-7, float("nan")]),
            ["1", "0.1", "1000000000000000", "1e+300", "-2.5e-7", None],
        ),
        (pa.array([1.5, 0.1], pa.float32()), ["1.5", "0.1"]),
        (
            pa.array([decimal.Decimal("1.10"), None, decimal.Decimal("-12345678901234567890.00")]),
            ["1.10", None, "-12345678901234567890.00"],
        ),
        (pa.array([decimal.Decimal("1E+3")], pa.decimal128(5, -2)), ["1000"]),
        (pa.array([True, False, None]), ["true", "false", None]),
        (pa.array(["", " x", None]), [None, " x", None]),
        (pa.array(["x"], pa.large_string()), ["x"]),
        (pa.array(["x", "y", None]).dictionary_encode(), ["x", "y", None]),
        (pa.array([b"abc", b"\xff", None]), ["abc", "0xff", None]),
        (pa.array([dt.date(2024, 3, 1)]), ["2024-03-01"]),
        (pa.array([dt.time(8, 30), dt.time(8, 30, 0, 5)]), ["08:30:00", "08:30:00.000005"]),
        (pa.array([DAY, DAY + dt.timedelta(microseconds=5)]), ["2024-03-01T02:00:00", "2024-03-01T02:00:00.000005"]),
        (pa.array([DAY], pa.timestamp("ms", "UTC")), ["2024-03-01T02:00:00Z"]),
        (pa.array([DAY], pa.timestamp("us", "Asia/Shanghai")), ["2024-03-01T10:00:00+08:00"]),
        (pa.array([DAY], pa.timestamp("ns", "+05:30")), ["2024-03-01T07:30:00+05:30"]),
        (pa.array([1500, None], pa.duration("ms")), ["1.5", None]),
        (pa.array([[1, 2], None, []]), ["[1, 2]", None, "[]"]),
        (pa.array([[("k", "中")]], pa.map_(pa.string(), pa.string())), ['[["k", "中"]]']),
        (pa.array([(1, 2, 3), None], pa.month_day_nano_interval()), ["[1, 2, 3]", None]),
        (pa.nulls(2), [None, None]),
    ],
)
def test_types_become_text(column: pa.Array, text: list[str | None]) -> None:
    found = as_text(pa.chunked_array([column]))
    assert (found.type, found.to_pylist()) == (pa.string(), text)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Seven rows in groups of three."""
    table = pa.table(
        {"id": range(7), "who": [{"name": f"n{number}", "city": None} for number in range(7)], "x": ["v"] * 7}
    )
    pq.write_table(table, tmp_path / "file.parquet", row_group_size=3)
    return tmp_path / "file.parquet"


def test_row_groups_come_in_order_and_objects_flattened(path: Path) -> None:
    source = open_source(path)
    assert (source.info.format, source.info.rows) == ("parquet", 7)
    assert source.info.columns == ("id", "who.name", "who.city", "x")
    found = content(source)
    assert found.cells == [(str(number), f"n{number}", None, "v") for number in range(7)]
    assert (found.rows, found.lines) == (list(range(1, 8)), list(range(1, 8)))
    assert found.blocks[-1].bytes_read == path.stat().st_size


@pytest.mark.parametrize(("cells", "sizes"), [(4, [1] * 7), (8, [2, 1, 2, 1, 1]), (1000, [3, 3, 1])])
def test_blocks_do_not_cross_row_groups(path: Path, cells: int, sizes: list[int]) -> None:
    source = open_source(path, SourceOptions(block_cells=cells))
    found = content(source)
    assert [block.rows.num_rows for block in found.blocks] == sizes
    for skip in range(len(sizes) + 1):
        assert content(source, skip=skip).blocks == found.blocks[skip:]


def test_a_nul_breaks_its_row(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": ["x", "y\0", "z"], "b": [1, 2, 3]}), tmp_path / "file.parquet")
    found = read(tmp_path / "file.parquet")
    assert (found.cells, found.rows, found.reasons) == ([("x", "1"), ("z", "3")], [1, 3], [(2, 2, "nul")])
    assert (found.broken[0].column, found.broken[0].raw) == ("a", "y\0 | 2")


def test_an_empty_table_has_columns_and_no_blocks(tmp_path: Path) -> None:
    pq.write_table(pa.table({"a": pa.array([], pa.int64())}), tmp_path / "file.parquet")
    source = open_source(tmp_path / "file.parquet")
    assert (source.info.columns, source.info.rows, content(source).blocks) == (("a",), 0, [])


def test_damaged_and_excessive_files_are_refused(path: Path, tmp_path: Path) -> None:
    with pytest.raises(WrongFormat, match=r"cut\.parquet is not readable as parquet"):
        open_source(write(tmp_path / "cut.parquet", path.read_bytes()[:-20]))
    with pytest.raises(TooManyColumns):
        open_source(path, SourceOptions(most_columns=3))


def test_damage_in_a_later_group_is_an_error_after_the_rows_before(tmp_path: Path) -> None:
    table = pa.table({"a": [f"text {number}" for number in range(4000)]})
    path = tmp_path / "file.parquet"
    pq.write_table(table, path, row_group_size=2000, compression="gzip", use_dictionary=False)
    start = pq.ParquetFile(path).metadata.row_group(1).column(0).data_page_offset
    data = bytearray(path.read_bytes())
    data[start + 40 : start + 400] = bytes(360)
    blocks, error = read_until_error(open_source(write(path, bytes(data))))
    assert (type(error), error.data["rows"]) == (SourceDamaged, 2000)
    assert [block.rows.num_rows for block in blocks] == [2000]
