"""Delimited text: what a bank's files do to a reader, one habit a test."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from sources_reading import content, read, write

from zhiyin.lake.sources import (
    LINE,
    ROW,
    BadOption,
    SourceEmpty,
    SourceOptions,
    TooManyColumns,
    WrongFormat,
    open_source,
)
from zhiyin.language import use_language


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "file.csv"


def test_blocks_hold_text_columns_and_two_counts(file: Path) -> None:
    (block,) = open_source(write(file, "id,name\n1,张三\n2,\n")).blocks()
    assert block.rows.schema == pa.schema(
        [("id", pa.string()), ("name", pa.string()), (ROW, pa.int64()), (LINE, pa.int64())]
    )
    assert block.rows.to_pylist() == [
        {"id": "1", "name": "张三", ROW: 1, LINE: 2},
        {"id": "2", "name": None, ROW: 2, LINE: 3},
    ]
    assert (block.index, block.bytes_read, block.broken, block.member) == (0, file.stat().st_size, (), None)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_all_systems_are_read(file: Path, end: str) -> None:
    found = read(write(file, end.join(["a,b", "1,2", "", '"x', 'y",4', "5,6"])))
    assert found.cells == [("1", "2"), (f"x{end}y", "4"), ("5", "6")]
    assert (found.rows, found.lines) == ([1, 2, 3], [2, 4, 6])


def test_mixed_line_ends_are_read(file: Path) -> None:
    found = read(write(file, "a,b\n1,2\r\n3,4\r5,6"))
    assert (found.cells, found.lines) == ([("1", "2"), ("3", "4"), ("5", "6")], [2, 3, 4])


def test_quoted_fields_keep_line_ends_delimiters_and_doubled_quotes(file: Path) -> None:
    found = read(write(file, 'a,b\n"one, ""two""\nthree",4\n5,6\n'))
    assert (found.cells, found.lines) == ([('one, "two"\nthree', "4"), ("5", "6")], [2, 4])


def test_quotes_within_text_are_ordinary_characters(file: Path) -> None:
    found = read(write(file, 'a,b\n5" pipe,"say "yes" now"\nx"y",z\n'))
    assert found.cells == [('5" pipe', 'say "yes" now'), ('x"y"', "z")]
    assert found.broken == []


def test_an_unterminated_quote_costs_one_row_and_not_the_file(file: Path) -> None:
    found = read(write(file, 'a,b\n1,"open\n2,"fine"\n3,x\n'))
    assert found.reasons == [(1, 2, "unterminated_quote")]
    assert found.broken[0].raw == '1,"open'
    assert (found.cells, found.rows, found.lines) == ([("2", "fine"), ("3", "x")], [2, 3], [3, 4])


def test_an_unterminated_quote_at_the_end_of_the_file_costs_one_row(file: Path) -> None:
    found = read(write(file, 'a,b\n1,2\n3,"open\n4,5\n6,7'))
    assert (found.reasons, found.cells) == ([(2, 3, "unterminated_quote")], [("1", "2"), ("4", "5"), ("6", "7")])


def test_an_unterminated_quote_is_noticed_within_the_longest_row(file: Path) -> None:
    lines = [f"{number},text" for number in range(2000)]
    lines[10] = '10,"open'
    found = read(write(file, "a,b\n" + "\n".join(lines)), longest_row=1000, block_bytes=4096)
    assert (found.reasons, len(found.cells)) == ([(11, 12, "unterminated_quote")], 1999)


def test_rows_with_other_numbers_of_fields_are_broken(file: Path) -> None:
    found = read(write(file, "a,b,c\n1,2,3\n4,5\n6,7,8,9\n\n10,11,12\n"))
    assert [(row.row, row.line, row.reason, row.expected, row.got, row.raw) for row in found.broken] == [
        (2, 3, "field_count", 3, 2, "4,5"),
        (3, 4, "field_count", 3, 4, "6,7,8,9"),
    ]
    assert (found.cells, found.rows, found.lines) == ([("1", "2", "3"), ("10", "11", "12")], [1, 4], [2, 6])


def test_undecodable_bytes_break_only_their_row(file: Path) -> None:
    found = read(write(file, "a,b\n张,2\n".encode() + b"x\xff\xfe,3\n5,\xe4\xbd\n7,8\n"), encoding="utf-8")
    assert found.reasons == [(2, 3, "encoding"), (3, 4, "encoding")]
    assert found.broken[0].raw == "x\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER},3"
    assert (found.cells, found.rows) == ([("张", "2"), ("7", "8")], [1, 4])


def test_nul_bytes_break_only_their_row(file: Path) -> None:
    found = read(write(file, b"a,b\n1,2\n3,\x00\n5,6\n" + b"\x00" * 30))
    assert (found.cells, found.reasons) == ([("1", "2"), ("5", "6")], [(2, 3, "nul"), (4, 5, "nul")])


def test_blank_lines_count_as_lines_and_not_as_rows(file: Path) -> None:
    found = read(write(file, "a,b\n\n1,2\n  \t\n\r\n3,4\n\n\x1a"))
    assert (found.cells, found.rows, found.lines, found.broken) == ([("1", "2"), ("3", "4")], [1, 2], [3, 6], [])


def test_whitespace_is_kept_and_empty_text_is_null(file: Path) -> None:
    found = read(write(file, 'a,b,c\n" x ", y ,""\n\u3000,\t,\n'))
    assert found.cells == [(" x ", " y ", None), ("\u3000", "\t", None)]


def test_words_for_nothing_are_words(file: Path) -> None:
    assert read(write(file, "a,b\nNULL,NA\nnull,#N/A\n")).cells == [("NULL", "NA"), ("null", "#N/A")]


def test_a_last_line_without_an_end_is_a_row(file: Path) -> None:
    assert read(write(file, "a,b\n1,2")).cells == [("1", "2")]


def test_a_header_alone_has_columns_and_no_blocks(file: Path) -> None:
    source = open_source(write(file, "id,name\n"))
    assert (source.info.columns, content(source).blocks) == (("id", "name"), [])


@pytest.mark.parametrize(
    "delimiter", ["|+|", "|@|", "\x1b", "\x03", "\x01", "||", "|", ";", "\t", "§", "^|^", "@@", "~"]
)
def test_delimiters_of_one_or_several_bytes_are_found(file: Path, delimiter: str) -> None:
    rows = [("cust_no", "branch", "amount"), ("C001", "北京分行", "1,5"), ("C002", "", "2"), ("C003", "x y", "3")]
    source = open_source(write(file, "".join(delimiter.join(row) + "\n" for row in rows)))
    assert source.info.delimiter == delimiter
    assert source.info.columns == rows[0]
    assert content(source).cells == [tuple(cell or None for cell in row) for row in rows[1:]]


def test_a_delimiter_within_quotes_is_text_also_when_it_has_several_bytes(file: Path) -> None:
    found = read(write(file, 'a|+|b\n"x|+|y"|+|2\n3|+|"|"\n'), delimiter="|+|", quote='"')
    assert found.cells == [("x|+|y", "2"), ("3", "|")]


def test_a_broken_row_shows_the_delimiters_of_the_file(file: Path) -> None:
    (broken,) = read(write(file, "a|+|b\n1|+|2|+|3\n4|+|5\n"), delimiter="|+|").broken
    assert broken.raw == "1|+|2|+|3"


def test_the_standin_for_a_long_delimiter_avoids_bytes_of_the_text(file: Path) -> None:
    assert read(write(file, "a|+|b\n1\x1f|+|\x1e2\n"), delimiter="|+|").cells == [("1\x1f", "\x1e2")]


def test_unquoted_warehouse_files_keep_their_quotes(file: Path) -> None:
    found = read(write(file, 'id\x1bname\n1\x1b"Lucky" Shop\n2\x1b"open\n'))
    assert (found.cells, found.broken) == ([("1", '"Lucky" Shop'), ("2", '"open')], [])


def test_a_delimiter_at_the_end_of_each_line_adds_no_column(file: Path) -> None:
    source = open_source(write(file, "a|b|c|\n1|2|3|\n4|5||\n6|7|8|9\n10|11|12\n"), SourceOptions(header=True))
    found = content(source)
    assert source.info.columns == ("a", "b", "c", "column_4")
    text = "a|b|c|\n" + "1|2|3|\n" * 1200 + "6|7|8|9\n"
    source = open_source(write(file, text))
    found = content(source)
    assert source.info.columns == ("a", "b", "c")
    assert (len(found.cells), found.reasons) == (1200, [(1201, 1202, "trailing_value")])


def test_a_delimiter_at_the_end_of_each_line_but_the_header_adds_no_column(file: Path) -> None:
    source = open_source(write(file, "a|b\n1|2|\n3|4|\n"))
    assert (source.info.columns, content(source).cells) == (("a", "b"), [("1", "2"), ("3", "4")])


def test_a_delimiter_at_the_end_of_the_header_alone_adds_no_column(file: Path) -> None:
    source = open_source(write(file, "a|b|\n1|2\n3|4\n"))
    assert (source.info.columns, content(source).cells) == (("a", "b"), [("1", "2"), ("3", "4")])


def test_a_file_without_header_gets_numbered_columns(file: Path) -> None:
    source = open_source(write(file, "C001|+|2024-03-01|+|15.00\nC002|+|2024-03-02|+|1\n"))
    assert (source.info.columns, content(source).lines) == (("column_1", "column_2", "column_3"), [1, 2])


def test_names_can_be_given(file: Path) -> None:
    write(file, "C001,1\nC002,2\n")
    source = open_source(file, SourceOptions(names=("customer", "score"), header=False))
    assert (source.info.columns, content(source).cells) == (("customer", "score"), [("C001", "1"), ("C002", "2")])
    with use_language("en"), pytest.raises(BadOption, match="3 names for 2 columns"):
        open_source(file, SourceOptions(names=("a", "b", "c"), header=False))


def test_names_are_made_unique_with_a_doubt(file: Path) -> None:
    info = open_source(write(file, "x,,x,x_2,__row\n1,2,3,4,5\n")).info
    assert info.columns == ("x", "column_2", "x_3", "x_2", "__row_2")
    assert {doubt.code for doubt in info.doubts} == {"names_empty", "names_repeated"}


def test_titles_above_the_names_are_left_out(file: Path) -> None:
    source = open_source(write(file, "Satisfaction report\nprinted 2024-03-01\n\nid,score,unit\n1,5,x\n2,4,y\n"))
    assert (source.info.columns, content(source).lines) == (("id", "score", "unit"), [5, 6])
    assert "titles" in {doubt.code for doubt in source.info.doubts}


def test_rows_above_the_names_can_be_counted_out(file: Path) -> None:
    found = read(write(file, "x,y\nid,score\n1,5\n"), skip_rows=1)
    assert (found.cells, found.lines) == ([("1", "5")], [3])


def test_the_line_that_tells_excel_the_delimiter_is_obeyed(file: Path) -> None:
    source = open_source(write(file, "sep=;\na;b\n1,5;2\n"))
    assert (source.info.columns, content(source).cells) == (("a", "b"), [("1,5", "2")])


def test_labels_beneath_the_names_become_labels(file: Path) -> None:
    text = "Q1,Q2,Q3\n总体满意度,推荐意愿,等候\n5,10,3\n4,9,2\n5,8,98\n"
    source = open_source(write(file, text))
    assert source.info.labels == {"Q1": "总体满意度", "Q2": "推荐意愿", "Q3": "等候"}
    assert content(source).lines == [3, 4, 5]
    assert content(open_source(file, SourceOptions(label_row=0, header=True))).lines == [2, 3, 4, 5]


def test_a_first_row_with_words_among_numbers_is_not_taken_for_labels(file: Path) -> None:
    assert len(read(write(file, "id,score\n1,unknown\n2,5\n3,4\n4,4\n5,1\n")).cells) == 5


def test_comments_and_trailer_are_left_out(file: Path) -> None:
    text = '# made by night job\na,b\n1,2\n# "half\n3,4\nTOTAL,2\n\n'
    found = read(write(file, text), comment="#", trailer_rows=1)
    assert (found.cells, found.rows, found.lines, found.broken) == ([("1", "2"), ("3", "4")], [1, 2], [3, 5], [])


def test_a_trailer_of_another_width_is_left_out_whatever_the_blocks(file: Path) -> None:
    write(file, "a,b\n" + "1,2\n" * 50 + "END\n50\n")
    for block_bytes in (5, 64, 1 << 20):
        found = read(file, trailer_rows=2, header=True, block_bytes=block_bytes)
        assert (len(found.cells), found.broken) == (50, [])


def test_rows_too_long_are_broken_and_shown_by_their_beginning(file: Path) -> None:
    write(file, "a,b\n1,2\n3," + "x" * 9000 + "\n5,6\n")
    for block_bytes in (64, 1 << 20):
        found = read(file, longest_row=5000, block_bytes=block_bytes)
        assert (found.cells, found.reasons, found.lines) == ([("1", "2"), ("5", "6")], [(2, 3, "too_long")], [2, 4])
        assert (len(found.broken[0].raw), found.broken[0].expected) == (4000, 5000)


def test_a_byte_order_mark_within_the_file_is_text(file: Path) -> None:
    write(file, "\ufeffa,b\n\ufeff1,2\n\ufeff3,4\n")
    for block_bytes in (1, 9, 1 << 20):
        assert read(file, block_bytes=block_bytes).cells == [("\ufeff1", "2"), ("\ufeff3", "4")]


def test_single_columns_are_read(file: Path) -> None:
    found = read(write(file, 'name\nx\n"a\nb"\n""\n'))
    assert (found.cells, found.lines) == ([("x",), ("a\nb",), (None,)], [2, 3, 5])


def test_ten_thousand_columns_are_read_and_more_refused(file: Path) -> None:
    write(file, ",".join(f"c{number}" for number in range(10_000)) + "\n" + ",".join("1" * 10_000) + "\n")
    assert len(open_source(file).info.columns) == 10_000
    assert read(file).cells == [("1",) * 10_000]
    with pytest.raises(TooManyColumns, match="10000 columns, more than 9999"):
        open_source(file, SourceOptions(most_columns=9_999))


def test_a_first_line_without_end_is_refused(file: Path) -> None:
    with pytest.raises(TooManyColumns):
        open_source(write(file, "x," * 800_000))
    with use_language("en"), pytest.raises(WrongFormat, match="no line end"):
        open_source(write(file, "x" * 2_000_000))


@pytest.mark.parametrize("data", [b"", b"\n\r\n  \n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_files_without_content_are_refused(file: Path, data: bytes) -> None:
    with pytest.raises(SourceEmpty, match=r"file\.csv is empty"):
        open_source(write(file, data))


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (SourceOptions(delimiter=""), "delimiter"),
        (SourceOptions(delimiter="a\n"), "delimiter"),
        (SourceOptions(quote="“"), "quote"),
        (SourceOptions(quote="||"), "quote"),
        (SourceOptions(delimiter=",", quote=","), "quote"),
        (SourceOptions(label_row=3), "label_row"),
        (SourceOptions(skip_rows=-1), "skip_rows"),
        (SourceOptions(block_bytes=0), "block_bytes"),
    ],
)
def test_options_that_cannot_be_followed_are_named(file: Path, options: SourceOptions, named: str) -> None:
    write(file, "a,b\n1,2\n3,4\n")
    with pytest.raises(BadOption) as caught:
        open_source(file, options)
    assert caught.value.data["option"] == named


def test_progress_reaches_the_size_of_the_file(file: Path) -> None:
    write(file, "a,b\n" + "1,2\n" * 100)
    positions = [block.bytes_read for block in read(file, block_bytes=50).blocks]
    assert positions == sorted(positions)
    assert positions[-1] == file.stat().st_size
