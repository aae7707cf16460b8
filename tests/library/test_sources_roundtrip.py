"""Whatever a writer writes comes back: values, order, counts and lines, in every dialect, encoding and block size."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sources_reading import content, write

from zhiyin.lake.sources import SourceOptions, open_source

relaxed = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ENCODINGS = ["utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be", "big5"]
DELIMITERS = [",", ";", "|", "\t", "\x1b", "\x03"]
cells = st.text(
    st.sampled_from(["a", "b", "7", " ", "中", "文", '"', "'", "\n", "\r", ",", ";", "|", "\t", "+", "\\", "#"]),
    max_size=6,
)


@dataclass(frozen=True)
class Written:
    """A table as a writer wrote it, and what a reader must find."""

    data: bytes
    cells: list[tuple[str | None, ...]]
    lines: list[int]


def written(
    table: list[list[str]], *, delimiter: str, end: str, encoding: str, quoting: int, last_end: bool
) -> Written:
    """Python's csv writer at work; a header goes before."""
    width = len(table[0]) if table else 2
    pieces, lines = [], []
    line = 1
    for number, row in enumerate([[f"c{column}" for column in range(width)], *table]):
        buffer = io.StringIO(newline="")
        # Python leaves a lone CR unquoted when rows end with LF, and a row of blanks alone would be a blank line.
        plain = quoting == csv.QUOTE_MINIMAL and not any("\r" in cell or "\n" in cell for cell in row)
        plain = plain and bool(delimiter.join(row).strip(" \t"))
        csv.writer(
            buffer,
            delimiter=delimiter,
            lineterminator=end,
            quoting=csv.QUOTE_MINIMAL if plain else csv.QUOTE_ALL,
        ).writerow(row)
        text = buffer.getvalue()
        pieces.append(text)
        if number:
            lines.append(line)
        line += text.replace("\r\n", "\n").replace("\r", "\n").count("\n")
    text = "".join(pieces)
    text = text if last_end else text.removesuffix(end)
    bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    return Written(bom + text.encode(encoding), [tuple(cell or None for cell in row) for row in table], lines)


@st.composite
def files(draw: st.DrawFn) -> tuple[Written, SourceOptions]:
    width = draw(st.integers(1, 4))
    table = draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=12))
    delimiter = draw(st.sampled_from(DELIMITERS))
    encoding = draw(st.sampled_from(ENCODINGS))
    found = written(
        table,
        delimiter=delimiter,
        end=draw(st.sampled_from(["\n", "\r\n", "\r"])),
        encoding=encoding,
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        last_end=draw(st.booleans()),
    )
    said = SourceOptions(
        encoding=encoding,
        delimiter=delimiter,
        quote='"',
        header=True,
        label_row=0,
        skip_rows=0,
        block_bytes=draw(st.sampled_from([3, 16, 64, 1 << 20])),
    )
    return found, said


@relaxed
@given(given_file=files())
def test_tables_come_back_as_they_were_written(tmp_path: Path, given_file: tuple[Written, SourceOptions]) -> None:
    file, options = given_file
    found = content(open_source(write(tmp_path / "file.csv", file.data), options))
    assert found.broken == []
    assert found.cells == file.cells
    assert found.rows == list(range(1, len(file.cells) + 1))
    assert found.lines == file.lines


@relaxed
@given(given_file=files(), skip=st.integers(0, 4))
def test_skipped_blocks_leave_the_rest_as_it_is(
    tmp_path: Path, given_file: tuple[Written, SourceOptions], skip: int
) -> None:
    file, options = given_file
    source = open_source(write(tmp_path / "file.csv", file.data), options)
    assert content(source, skip=skip).blocks == content(source).blocks[skip:]


hostile = st.lists(
    st.sampled_from(
        [
            b"a",
            "中".encode(),
            b'"',
            b'""',
            b"\n",
            b"\r\n",
            b"\r",
            b",",
            b',"',
            b'",',
            b" ",
            b"\x00",
            b"\xff",
            b"\xef\xbb\xbf",
        ]
    ),
    max_size=80,
)


@relaxed
@given(parts=hostile, longest=st.sampled_from([9, 40, 100_000]), delimiter=st.sampled_from([",", "|+|"]))
def test_hostile_text_reads_the_same_in_blocks_of_any_size(
    tmp_path: Path, parts: list[bytes], longest: int, delimiter: str
) -> None:
    body = b"".join(parts).replace(b",", delimiter.encode())
    path = write(tmp_path / "file.csv", f"x{delimiter}y\n".encode() + body)
    told = []
    for block_bytes in (3, 17, 64, 1 << 20):
        options = SourceOptions(
            encoding="utf-8", delimiter=delimiter, quote='"', header=True, longest_row=longest, block_bytes=block_bytes
        )
        source = open_source(path, options)
        found = content(source)
        assert content(source, skip=2).blocks == found.blocks[2:]
        told.append((found.cells, found.rows, found.lines, found.broken))
    assert all(other == told[0] for other in told)
    _, rows, _, broken = told[0]
    assert sorted([*rows, *(row.row for row in broken)]) == list(range(1, len(rows) + len(broken) + 1))


@relaxed
@given(parts=hostile)
def test_no_byte_of_hostile_text_is_lost(tmp_path: Path, parts: list[bytes]) -> None:
    """Every letter and ideograph stands in a good row or in a broken one."""
    body = b"".join(parts)
    path = write(tmp_path / "file.csv", b"x,y\n" + body)
    found = content(open_source(path, SourceOptions(encoding="utf-8", delimiter=",", quote='"', header=True)))
    text = "".join(cell or "" for row in found.cells for cell in row) + "".join(row.raw for row in found.broken)
    assert (text.count("a"), text.count("中")) == (body.count(b"a"), body.count("中".encode()))


@pytest.mark.parametrize(("delimiter", "end"), [(",", "\n"), ("|", "\r\n"), ("\t", "\n")])
def test_clean_files_read_as_duckdb_reads_them(tmp_path: Path, delimiter: str, end: str) -> None:
    table = [
        [str(number), f"name {number}", "" if number % 7 else 'x "y"\nz', f"{number / 4:.2f}"] for number in range(5000)
    ]
    file = written(table, delimiter=delimiter, end=end, encoding="utf-8", quoting=csv.QUOTE_MINIMAL, last_end=True)
    path = write(tmp_path / "file.csv", file.data)
    theirs = duckdb.sql(
        f"SELECT * FROM read_csv('{path}', all_varchar = true, header = true, delim = '{delimiter}', quote = '\"')"
    ).fetchall()
    assert content(open_source(path, SourceOptions(block_bytes=10_000))).cells == theirs
