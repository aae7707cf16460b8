"""What a file is, by its content; and the heading of a table."""

from __future__ import annotations

from pathlib import Path

import pytest
from sources_reading import read, write

from zhiyin.lake.sources import SourceForbidden, SourceMissing, SourceOptions, UnknownFormat, open_source
from zhiyin.lake.sources.dialect import guess_delimiter
from zhiyin.lake.sources.naming import join_headings, judge_heading, unique_names
from zhiyin.lake.sources.recognising import recognise


@pytest.mark.parametrize(
    ("head", "format_"),
    [
        (b"PAR1\x15\x04", "parquet"),
        (b"$FL2@(#) SPSS DATA FILE", "spss"),
        (b"$FL3@(#) SPSS DATA FILE", "spss"),
        (b'{"a": 1}\n{"a": 2}\n', "jsonl"),
        (b'\xef\xbb\xbf{"a": 1}\n', "jsonl"),
        (b'{\n  "a": 1\n}\n', "json"),
        (b'[{"a": 1}]', "json"),
        (b"[\n]", "json"),
        (b'{"data": [{"a": 1}]}', "json"),
        (b"<?xml version='1.0'?>\n<!-- x -->\n<log xes.version='1.0'>", "xes"),
        (b"[id],[name]\n1,2\n", "delimited"),
        (b"{id};{name}\n1;2\n", "delimited"),
        (b"<5,x\n>6,y\n", "delimited"),
        (b"a,b\n1,2\n", "delimited"),
        ("客户号,姓名\n".encode("utf-16"), "delimited"),
        (b"a,b\n1,2\n" + bytes(4000), "delimited"),
    ],
)
def test_formats_are_known_by_content(head: bytes, format_: str) -> None:
    assert recognise(head, "file") == format_


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"Rar!\x1a\x07", "RAR"),
        (bytes(range(256)) * 20 + bytes(5000) + b"x", "binary"),
        (b"<?xml?><a></a>", "XML"),
    ],
)
def test_other_files_are_refused_by_name(tmp_path: Path, head: bytes, found: str) -> None:
    with pytest.raises(UnknownFormat, match=rf"file\.csv: the format is not known \({found}\)"):
        open_source(write(tmp_path / "file.csv", head))


def test_formats_that_do_not_exist_are_answered_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownFormat, match="Did you mean excel"):
        open_source(write(tmp_path / "file.csv", "a\n1\n"), SourceOptions(format="exel"))


def test_files_that_are_not_there_or_not_readable_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SourceMissing, match=r"none\.csv is not there"):
        open_source(tmp_path / "none.csv")
    with pytest.raises(SourceMissing):
        open_source(tmp_path)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = write(tmp_path / "file.csv", "a\n1\n")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SourceForbidden, match="Permission denied"):
        open_source(path)


def test_the_format_can_be_told_against_appearance(tmp_path: Path) -> None:
    path = write(tmp_path / "file.json", '{"a": 1}\n{"a": 2}\n')
    assert read(path, format="delimited", header=False, delimiter="|").cells == [('{"a": 1}',), ('{"a": 2}',)]


@pytest.mark.parametrize(
    ("rows", "named"),
    [
        ([["id", "score"], ["C1", "5"], ["C2", "4"]], True),
        ([["C1", "5"], ["C2", "4"]], False),
        ([["客户号", "日期"], ["C1", "2024年3月1日"]], True),
        ([["20240301", "x"], ["20240302", "y"]], False),
        ([["id", "name"]], True),
        ([["good", "x"], ["bad", "y"], ["good", "z"]], False),
        ([["text", "category"], ["a b", "c"], ["d", "e"]], True),
    ],
)
def test_names_are_told_from_values(rows: list[list[str | None]], named: bool) -> None:
    assert judge_heading(rows).named is named


def test_the_delimiter_is_the_one_that_splits_most_rows_alike() -> None:
    def split(text: str) -> list[list[str]]:
        return [line.split(text) for line in lines]

    lines = ["id;amount;note", "1;1,5;a, b", "2;2,5;c", "3;3,5;d"]
    assert guess_delimiter(lines, split)[0] == ";"
    lines = ["id|x||y", "1|2||3"]
    assert guess_delimiter(lines, split)[0] == "|"
    lines = ["one", "two words", "three"]
    delimiter, doubts = guess_delimiter(lines, split)
    assert (delimiter, [doubt.code for doubt in doubts]) == (None, ["one_column"])


def test_names_stay_unique_whatever_they_are() -> None:
    names, _ = unique_names(["a", "a", "a_2", "", "column_4", " a ", None, "\ufeffb\n c"])
    assert names == ("a", "a_3", "a_2", "column_4_2", "column_4", "a_4", "column_7", "b c")


def test_headings_over_several_columns_hold_to_their_right() -> None:
    assert join_headings([["", "X", "", "Y"], ["id", "n", "m", "n"]]) == ["id", "X / n", "X / m", "Y / n"]


def test_doubts_are_sentences_in_both_languages(tmp_path: Path) -> None:
    (doubt,) = open_source(write(tmp_path / "file.csv", "a,\n1,2\n")).info.doubts
    assert doubt.text("en") == "Columns without a name are called column_2."
    assert "column_2" in doubt.text("zh")
