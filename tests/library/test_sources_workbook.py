"""Workbooks as survey vendors and branch offices make them."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from sources_reading import content, read, read_until_error, write

from zhiyin.lake.sources import (
    ExpansionRefused,
    NoSuchSheet,
    OldWorkbook,
    SourceDamaged,
    SourceEmpty,
    SourceEncrypted,
    SourceOptions,
    TooManyColumns,
    WebPage,
    WrongFormat,
    open_source,
)


def workbook(path: Path, fill: Callable[[Worksheet], None]) -> Path:
    book = openpyxl.Workbook()
    fill(book.active)
    book.save(path)
    return path


def rows(*values: tuple[object, ...]) -> Callable[[Worksheet], None]:
    def fill(sheet: Worksheet) -> None:
        for row in values:
            sheet.append(row)

    return fill


def survey(sheet: Worksheet) -> None:
    """A survey vendor's sheet: titles, codes, labels beneath, 98 for a refusal, merged branches."""
    sheet.title = "数据"
    sheet.append(["2024 年一季度客户满意度调查"])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    sheet.append(["Q1", "Q2", "branch", "answered"])
    sheet.append(["总体满意度", "推荐意愿", "网点", "时间"])
    sheet.append([5, 10, "朝阳支行", dt.datetime(2024, 3, 1)])
    sheet.append([4.5, 98, None, dt.datetime(2024, 3, 1, 10, 20, 30)])
    sheet.append([1, 2, "海淀支行", None])
    sheet.append([])
    sheet.append([3, 9, "海淀支行", dt.datetime(2024, 3, 2, 8)])
    sheet.merge_cells("C5:C6")


def test_a_survey_vendors_workbook_is_read(tmp_path: Path) -> None:
    source = open_source(workbook(tmp_path / "survey.xlsx", survey))
    assert source.info.format == "excel"
    assert source.info.columns == ("Q1", "Q2", "branch", "answered")
    assert source.info.labels == {"Q1": "总体满意度", "Q2": "推荐意愿", "branch": "网点", "answered": "时间"}
    assert [doubt.code for doubt in source.info.doubts] == ["titles", "labels"]
    found = content(source)
    assert found.cells == [
        ("5", "10", "朝阳支行", "2024-03-01T00:00:00"),
        ("4.5", "98", "朝阳支行", "2024-03-01T10:20:30"),
        ("1", "2", "海淀支行", None),
        ("3", "9", "海淀支行", "2024-03-02T08:00:00"),
    ]
    assert (found.rows, found.lines) == ([1, 2, 3, 4], [5, 6, 7, 9])


def test_values_become_the_text_that_people_see(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "file.xlsx",
        rows(
            ("n", "d", "t", "s", "b"),
            (1.0, dt.date(2024, 3, 1), dt.time(8, 30), " a ", True),
            (0.1 + 0.2, dt.datetime(2024, 3, 1, 8, 30, 15), dt.timedelta(hours=26, minutes=5), "a_x000D_\nb", False),
            (1e15, None, None, "", None),
            (-2.5e-7, None, None, "#N/A", None),
            (123456789012345, None, None, "001", None),
        ),
    )
    assert read(path, header=True, label_row=0).cells == [
        ("1", "2024-03-01", "08:30:00", " a ", "true"),
        ("0.3", "2024-03-01T08:30:15", "26:05:00", "a\r\nb", "false"),
        ("1000000000000000", None, None, None, None),
        ("-2.5e-07", None, None, "#N/A", None),
        ("123456789012345", None, None, "001", None),
    ]


def test_a_date_column_keeps_midnight_apart_from_days(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        rows(("day", "time"), (dt.datetime(2024, 3, 1), dt.datetime(2024, 3, 1)))(sheet)
        sheet["A2"].number_format = 'yyyy"年"m"月"d"日"'
        sheet["B2"].number_format = "yyyy/m/d h:mm"

    assert read(workbook(tmp_path / "file.xlsx", fill)).cells == [("2024-03-01", "2024-03-01T00:00:00")]


def test_names_spread_over_two_rows_are_joined(tmp_path: Path) -> None:
    def fill(sheet: Worksheet) -> None:
        rows(("网点", "一季度", None, "二季度", None), (None, "笔数", "分数", "笔数", "分数"), ("A", 1, 2, 3, 4))(sheet)
        for area in ("A1:A2", "B1:C1", "D1:E1"):
            sheet.merge_cells(area)

    source = open_source(workbook(tmp_path / "file.xlsx", fill))
    assert source.info.columns == ("网点", "一季度 / 笔数", "一季度 / 分数", "二季度 / 笔数", "二季度 / 分数")
    assert content(source).cells == [("A", "1", "2", "3", "4")]


def test_formulas_count_by_their_value_and_uncalculated_ones_as_they_are_written(tmp_path: Path) -> None:
    path = workbook(tmp_path / "file.xlsx", rows(("a", "b"), (1, "=1+1"), (2, "x"), (3, '=A2&""')))
    # As Excel writes a value that it calculated.
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w") as new:
        for entry in old.infolist():
            text = old.read(entry)
            # openpyxl writes the empty value in one of two ways, by the XML library at hand.
            new.writestr(entry, re.sub(rb"<f>1\+1</f><v ?(/>|></v>)", b"<f>1+1</f><v>2</v>", text))
    source = open_source(write(path, data.getvalue()))
    assert content(source).cells == [("1", "2"), ("2", "x"), ("3", '=A2&""')]
    assert [(doubt.code, doubt.data) for doubt in source.info.doubts] == [("formulas", {"count": 1})]


def test_values_beside_the_table_break_their_row(tmp_path: Path) -> None:
    table = [("a", "b"), *((number, number) for number in range(400)), (1, 2, None, "note")]
    found = read(workbook(tmp_path / "file.xlsx", rows(*table)))
    assert (len(found.cells), found.reasons) == (400, [(401, 402, "unnamed_value")])


def test_sheets_are_chosen_by_name_number_or_the_first_visible_with_content(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "empty"
    hidden = book.create_sheet("hidden", 0)
    hidden.sheet_state = "hidden"
    hidden.append(["h"])
    book.create_sheet("一月").append(["a"])
    book["一月"].append([1])
    book.create_sheet("二月").append(["b"])
    book.save(tmp_path / "file.xlsx")
    source = open_source(tmp_path / "file.xlsx")
    assert source.info.columns == ("a",)
    assert source.info.doubts[0].data == {"sheet": "一月", "others": "hidden, empty, 二月"}
    assert open_source(tmp_path / "file.xlsx", SourceOptions(sheet="二月")).info.columns == ("b",)
    assert open_source(tmp_path / "file.xlsx", SourceOptions(sheet=1)).info.columns == ("h",)
    with pytest.raises(NoSuchSheet, match="It has: hidden, empty, 一月, 二月"):
        open_source(tmp_path / "file.xlsx", SourceOptions(sheet="三月"))
    with pytest.raises(NoSuchSheet):
        open_source(tmp_path / "file.xlsx", SourceOptions(sheet=5))
    with pytest.raises(SourceEmpty):
        open_source(tmp_path / "file.xlsx", SourceOptions(sheet="empty"))


def test_blank_columns_around_and_within_the_table_are_left_out(tmp_path: Path) -> None:
    source = open_source(workbook(tmp_path / "file.xlsx", rows((None, "a", None, "b"), (None, 1, None, 2))))
    assert (source.info.columns, content(source).cells) == (("a", "b"), [("1", "2")])


def test_title_header_and_trailer_can_be_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "file.xlsx", rows(("x", "y"), ("a", "b"), ("la", "lb"), (1, 2), (3, 4), ("sum", 6)))
    source = open_source(path, SourceOptions(skip_rows=1, header=True, label_row=3, trailer_rows=1))
    assert (source.info.columns, source.info.labels) == (("a", "b"), {"a": "la", "b": "lb"})
    assert content(source).cells == [("1", "2"), ("3", "4")]
    source = open_source(path, SourceOptions(header=False, names=("p", "q")))
    assert (source.info.columns, len(content(source).cells)) == (("p", "q"), 6)


def test_large_sheets_come_in_blocks(tmp_path: Path) -> None:
    path = workbook(tmp_path / "file.xlsx", rows(("a", "b"), *((number, f"x{number}") for number in range(50))))
    source = open_source(path, SourceOptions(block_cells=20))
    found = content(source)
    assert [block.rows.num_rows for block in found.blocks] == [10] * 5
    assert content(source, skip=3).blocks == found.blocks[3:]


def test_old_locked_and_pretended_workbooks_are_refused_with_advice(tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    with pytest.raises(OldWorkbook, match=r"save it as \.xlsx"):
        open_source(write(tmp_path / "old.xls", ole))
    with pytest.raises(SourceEncrypted):
        open_source(write(tmp_path / "locked.xlsx", ole + "EncryptedPackage".encode("utf-16-le")))
    with pytest.raises(WebPage):
        open_source(write(tmp_path / "page.xls", "<html><body><table><tr><td>1</td></tr></table></body></html>"))
    assert read(write(tmp_path / "text.xls", "a\tb\n1\t2\n")).cells == [("1", "2")]


def test_damaged_and_excessive_workbooks_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "file.xlsx", rows(("a", "b", "c"), (1, 2, 3)))
    with pytest.raises(TooManyColumns):
        open_source(path, SourceOptions(most_columns=2))
    with pytest.raises(ExpansionRefused):
        open_source(path, SourceOptions(expansion_bytes=100))
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w") as new:
        for entry in old.infolist():
            new.writestr(entry, b"<broken" if entry.filename == "xl/workbook.xml" else old.read(entry))
    with pytest.raises(WrongFormat):
        open_source(write(path, data.getvalue()))


def test_a_sheet_that_is_damaged_is_an_error_after_the_rows_before(tmp_path: Path) -> None:
    path = workbook(tmp_path / "file.xlsx", rows(("a", "b"), *((number, "x") for number in range(3000))))
    data = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(data, "w") as new:
        for entry in old.infolist():
            text = old.read(entry)
            new.writestr(entry, text[: len(text) * 2 // 3] if entry.filename.endswith("sheet1.xml") else text)
    blocks, error = read_until_error(open_source(write(path, data.getvalue()), SourceOptions(block_cells=1000)))
    assert type(error) is SourceDamaged
    assert 1500 < sum(block.rows.num_rows for block in blocks) < 2500


def test_workbooks_within_an_archive_are_read(tmp_path: Path) -> None:
    inner = workbook(tmp_path / "file.xlsx", rows(("a", "b"), (1, 2)))
    with zipfile.ZipFile(tmp_path / "file.zip", "w") as archive:
        archive.write(inner, "one.xlsx")
        archive.write(inner, "two.xlsx")
    found = read(tmp_path / "file.zip")
    assert (found.cells, found.rows) == ([("1", "2")] * 2, [1, 2])
    assert [block.member for block in found.blocks] == ["one.xlsx", "two.xlsx"]
