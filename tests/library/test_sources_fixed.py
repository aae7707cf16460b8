"""Fixed width: fields of so many bytes in the file's own encoding."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sources_reading import content, read, write

from zhiyin.lake.sources import BadOption, SourceOptions, WidthsNeeded, open_source
from zhiyin.language import use_language

WIDTHS = (6, 10, 8)


def line(*cells: str, widths: tuple[int, ...] = WIDTHS, encoding: str = "gb18030", end: str = "\n") -> bytes:
    return (
        b"".join(cell.encode(encoding).ljust(width) for cell, width in zip(cells, widths, strict=True)) + end.encode()
    )


def test_widths_are_bytes_of_the_file(tmp_path: Path) -> None:
    data = line("C001", "张伟", "12.50") + line("C002", "欧阳娜娜x", "3") + line("C003", "", " 7")
    source = open_source(
        write(tmp_path / "file.dat", data), SourceOptions(widths=WIDTHS, names=("id", "name", "amount"))
    )
    assert (source.info.format, source.info.encoding) == ("fixed", "gb18030")
    found = content(source)
    assert found.cells == [("C001", "张伟", "12.50"), ("C002", "欧阳娜娜x", "3"), ("C003", None, "7")]
    assert (found.rows, found.lines, found.broken) == ([1, 2, 3], [1, 2, 3], [])


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "big5"])
def test_a_character_across_an_edge_breaks_its_row(tmp_path: Path, encoding: str) -> None:
    data = line("中文", "a", "b", widths=(7, 3, 3), encoding=encoding)
    cut = b"x" * 6 + "中".encode(encoding) + b"y".ljust(7 - len("中".encode(encoding)))
    found = read(write(tmp_path / "file.dat", data + cut + b"\n" + data), widths=(7, 3, 3), encoding=encoding)
    assert (found.rows, found.reasons) == ([1, 3], [(2, 2, "encoding")])


def test_lines_may_end_early_within_their_last_field(tmp_path: Path) -> None:
    rows = [
        line("A", "b", "c"),
        b"A     b         c\n",
        b"A     b\n",
        b"\n",
        b"A     b         1234567890\n",
        line("A", "b", "c   "),
    ]
    found = read(write(tmp_path / "file.dat", b"".join(rows)), widths=WIDTHS, header=False)
    assert found.cells == [("A", "b", "c")] * 3
    assert [(row.row, row.line, row.reason, row.expected, row.got) for row in found.broken] == [
        (3, 3, "row_width", 24, 7),
        (4, 5, "row_width", 24, 26),
    ]
    assert found.broken[0].raw == "A     b"


def test_lines_longer_by_blanks_are_accepted(tmp_path: Path) -> None:
    found = read(write(tmp_path / "file.dat", b"A     b         c          \nB     b         c\n"), widths=WIDTHS)
    assert found.cells == [("A", "b", "c"), ("B", "b", "c")]


def test_records_without_line_ends_are_read(tmp_path: Path) -> None:
    data = b"".join(line(f"C{number}", "名", "1", end="") for number in range(50))
    for block_bytes in (5, 100, 1 << 20):
        found = read(write(tmp_path / "file.dat", data), widths=WIDTHS, encoding="gbk", block_bytes=block_bytes)
        assert (len(found.cells), found.lines, found.broken) == (50, list(range(1, 51)), [])
    found = read(write(tmp_path / "file.dat", data[:-20]), widths=WIDTHS, encoding="gbk")
    assert (len(found.cells), [row.reason for row in found.broken]) == (49, ["row_width"])


def test_a_header_and_a_trailer_are_left_out(tmp_path: Path) -> None:
    data = line("id", "name", "score") + line("1", "x", "5") + line("2", "y", "4") + b"TOTAL 2\n"
    source = open_source(write(tmp_path / "file.dat", data), SourceOptions(widths=WIDTHS, trailer_rows=1))
    assert source.info.columns == ("id", "name", "score")
    assert (content(source).cells, content(source).lines) == ([("1", "x", "5"), ("2", "y", "4")], [2, 3])


def test_quotes_and_delimiters_are_text(tmp_path: Path) -> None:
    data = line('"a,b', "|+|", '"') + line("\x1f", "x", "y")
    assert read(write(tmp_path / "file.dat", data), widths=WIDTHS).cells == [('"a,b', "|+|", '"'), ("\x1f", "x", "y")]


def test_fixed_width_needs_widths_that_make_sense(tmp_path: Path) -> None:
    path = write(tmp_path / "file.dat", line("1", "2", "3"))
    with pytest.raises(WidthsNeeded):
        open_source(path, SourceOptions(format="fixed"))
    with use_language("en"), pytest.raises(BadOption, match="at least one byte"):
        open_source(path, SourceOptions(widths=(3, 0)))
    with use_language("en"), pytest.raises(BadOption, match="2 names for 3 columns"):
        open_source(path, SourceOptions(widths=WIDTHS, names=("a", "b")))
    with use_language("en"), pytest.raises(BadOption, match="single bytes"):
        open_source(write(path, "中文中文".encode("utf-16")), SourceOptions(widths=WIDTHS))


text = st.text(st.sampled_from('ab中文 "|1'), max_size=4)
word = st.text(st.sampled_from("ab中文"), min_size=1, max_size=4)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.lists(st.tuples(word, text, text), min_size=1, max_size=20),
    encoding=st.sampled_from(["utf-8", "gb18030", "big5"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    block_bytes=st.sampled_from([30, 100, 1 << 20]),
    trimmed=st.booleans(),
)
def test_tables_come_back_as_they_were_written(
    tmp_path: Path, table: list[tuple[str, ...]], encoding: str, end: str, block_bytes: int, trimmed: bool
) -> None:
    widths = (12, 12, 12)
    lines = [line(*row, widths=widths, encoding=encoding, end="") for row in table]
    if trimmed:
        lines = [row[:25] + row[25:].rstrip() for row in lines]
    path = write(tmp_path / "file.dat", end.encode().join(lines) + end.encode())
    options = SourceOptions(widths=widths, encoding=encoding, header=False, block_bytes=block_bytes)
    found = content(open_source(path, options))
    assert found.broken == []
    assert found.cells == [tuple(cell.strip(" ") or None for cell in row) for row in table]
    assert found.lines == list(range(1, len(table) + 1))
    assert content(open_source(path, options), skip=1).blocks == found.blocks[1:]
