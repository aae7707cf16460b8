"""JSON: one object a line, a list in a document, objects one behind the other."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sources_reading import content, read, read_until_error, write

from zhiyin.lake.sources import (
    NoSuchRecords,
    SourceDamaged,
    SourceOptions,
    SourceTruncated,
    TooManyColumns,
    open_source,
)

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_lines_become_rows_with_nested_names_flattened(tmp_path: Path) -> None:
    text = '{"id":1,"who":{"name":"张三","tags":["a",2.50]},"ok":true,"none":null,"empty":""}\n\n{"id":2,"late":1e5}\n'
    source = open_source(write(tmp_path / "file.jsonl", text))
    assert (source.info.format, source.info.rows) == ("jsonl", 2)
    assert source.info.columns == ("id", "who.name", "who.tags", "ok", "none", "empty", "late")
    found = content(source)
    assert found.cells == [
        ("1", "张三", '["a", 2.50]', "true", None, None, None),
        ("2", None, None, None, None, None, "1e5"),
    ]
    assert (found.rows, found.lines) == ([1, 2], [1, 3])


def test_numbers_stay_as_they_are_written(tmp_path: Path) -> None:
    text = '{"a":1.50,"b":12345678901234567890123,"c":-0.0,"d":1E-7,"e":NaN}\n'
    assert read(write(tmp_path / "file.jsonl", text)).cells == [
        ("1.50", "12345678901234567890123", "-0.0", "1E-7", "NaN")
    ]


def test_lines_that_are_no_objects_are_broken(tmp_path: Path) -> None:
    lines = [
        '{"a":1}',
        "{oops",
        '{"a":1,"a":2}',
        "[1]",
        '{"a":"\\u0000"}',
        '{"a":"\\ud800"}',
        '{"x.y":1,"x":{"y":2}}',
        "[" * 100_000,
        '{"a":2}',
    ]
    found = read(write(tmp_path / "file.jsonl", "\n".join(lines)))
    assert found.reasons == [
        (2, 2, "not_json"),
        (3, 3, "repeated_name"),
        (4, 4, "not_json"),
        (5, 5, "nul"),
        (6, 6, "encoding"),
        (7, 7, "repeated_name"),
        (8, 8, "not_json"),
    ]
    assert (found.cells, found.rows) == ([("1",), ("2",)], [1, 9])
    assert found.broken[4].column == "a"
    assert max(len(row.raw) for row in found.broken) == 4000


def test_other_encodings_and_undecodable_bytes_are_minded(tmp_path: Path) -> None:
    text = '{"name":"等候时间太长，柜台只开了一个"}\n{"name":"手机银行转账失败"}\n'
    for encoding in ("gb18030", "utf-16", "utf-8-sig"):
        assert read(write(tmp_path / "file.jsonl", text.encode(encoding))).cells[1] == ("手机银行转账失败",)
    found = read(write(tmp_path / "file.jsonl", text.encode() + b'{"name":"\xff"}\n'))
    assert (len(found.cells), found.reasons) == (2, [(3, 3, "encoding")])


def test_lines_too_long_are_broken(tmp_path: Path) -> None:
    lines = ['{"a":1}', '{"a":"' + "x" * 400 + '"}', '{"a":3}']
    found = read(write(tmp_path / "file.jsonl", "\n".join(lines)), longest_row=10)
    assert (found.cells, found.reasons) == ([("1",), ("3",)], [(2, 2, "too_long")])


def test_a_list_is_read_element_by_element(tmp_path: Path) -> None:
    text = '[\n {"a":1},\n {"a":2,,},\n {"b":[{"x":1}]}, 5\n]\n'
    found = read(write(tmp_path / "file.json", text))
    assert (found.cells, found.rows, found.lines) == ([("1", None), (None, '[{"x": 1}]')], [1, 3], [2, 4])
    assert [(row.row, row.line, row.reason, row.raw) for row in found.broken] == [
        (2, 3, "not_json", '{"a":2,,}'),
        (4, 4, "not_json", "5"),
    ]


def test_the_list_within_a_document_is_found_or_told(tmp_path: Path) -> None:
    text = '{"meta":{"n":2,"tags":["x"]},\n"data":{"items":[{"a":1},{"a":2}]},"rest":[{"z":1}]}'
    source = open_source(write(tmp_path / "file.json", text))
    assert (source.info.columns, content(source).cells) == (("a",), [("1",), ("2",)])
    assert [doubt.data for doubt in source.info.doubts] == [{"path": "data.items"}]
    assert read(tmp_path / "file.json", record_path="rest").cells == [("1",)]
    with pytest.raises(NoSuchRecords, match=r"no list of records at data\.rows"):
        open_source(tmp_path / "file.json", SourceOptions(record_path="data.rows"))


def test_objects_over_several_lines_one_behind_the_other_are_records(tmp_path: Path) -> None:
    found = read(write(tmp_path / "file.json", '{\n "a": 1\n}\n{\n "a": 2\n}\n'))
    assert (found.cells, found.lines) == ([("1",), ("2",)], [1, 4])


def test_a_list_that_is_not_closed_is_an_error_after_its_elements(tmp_path: Path) -> None:
    blocks, error = read_until_error(open_source(write(tmp_path / "file.json", '[{"a":1},{"a":2},{"a":')))
    assert (type(error), error.data["rows"]) == (SourceTruncated, 2)
    assert [block.rows.column("a").to_pylist() for block in blocks] == [["1", "2"]]


@pytest.mark.parametrize("text", ['[{"a":1}] [{"a":2}]', '{"x":[{"a":1}]} {"x":[{"a":2}]}'])
def test_what_follows_the_list_does_not_go_unnoticed(tmp_path: Path, text: str) -> None:
    _, error = read_until_error(open_source(write(tmp_path / "file.json", text)))
    assert (type(error), error.data["rows"]) == (SourceDamaged, 1)


def test_too_many_names_are_refused(tmp_path: Path) -> None:
    text = "".join(f'{{"name {number}": 1}}\n' for number in range(20))
    with pytest.raises(TooManyColumns):
        open_source(write(tmp_path / "file.jsonl", text), SourceOptions(most_columns=19))


names = st.text(st.sampled_from("ab中"), min_size=1, max_size=2)
values = st.one_of(st.none(), st.booleans(), st.integers(), st.text(st.sampled_from('a"\\\n,中{}[]'), max_size=5))
records = st.lists(st.dictionaries(names, values, min_size=1, max_size=4), min_size=1, max_size=15)


@relaxed
@given(records=records, indent=st.sampled_from([None, 2]), piece=st.sampled_from([1, 5, 1 << 18]))
def test_a_list_comes_back_as_it_was_written(
    tmp_path: Path, records: list[dict[str, object]], indent: int | None, piece: int
) -> None:
    path = write(tmp_path / "file.json", json.dumps(records, ensure_ascii=False, indent=indent))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("zhiyin.lake.sources.jsonlist._CHUNK", piece)
        source = open_source(path, SourceOptions(block_cells=7))
        found = content(source)
    expected = [
        tuple(None if record.get(name) in (None, "") else _written(record[name]) for name in source.info.columns)
        for record in records
    ]
    assert (found.cells, found.broken) == (expected, [])
    assert content(source, skip=1).blocks == found.blocks[1:]


@relaxed
@given(records=records)
def test_lines_come_back_as_they_were_written(tmp_path: Path, records: list[dict[str, object]]) -> None:
    path = write(tmp_path / "file.jsonl", "".join(json.dumps(record) + "\r\n" for record in records))
    source = open_source(path, SourceOptions(format="jsonl"))
    found = content(source)
    expected = [
        tuple(None if record.get(name) in (None, "") else _written(record[name]) for name in source.info.columns)
        for record in records
    ]
    assert (found.cells, found.lines) == (expected, list(range(1, len(records) + 1)))


def _written(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
