"""Where rows end, against the grammar read byte by byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sources_reading import rows_byte_by_byte

from zhiyin.lake.sources import lines, marks, quotes
from zhiyin.lake.sources.rows import Grammar, Rows, find_rows

GRAMMAR = Grammar(delimiter=ord(","), quote=ord('"'), longest=1000)
texts = st.lists(
    st.sampled_from([b"a", b"b", b",", b'"', b'"', b'""', b"\n", b"\r", b"\r\n", b',"', b'",']), max_size=60
)


def told(rows: Rows) -> list[tuple[int, int, str | None]]:
    return [
        (start, end, rows.faults.get(start))
        for start, end in zip(rows.starts.tolist(), rows.ends.tolist(), strict=True)
    ]


@given(parts=texts, longest=st.sampled_from([4, 9, 30, 1000]))
def test_rows_agree_with_the_grammar_byte_by_byte(parts: list[bytes], longest: int) -> None:
    data = b"".join(parts)
    grammar = Grammar(delimiter=ord(","), quote=ord('"'), longest=longest)
    expected = rows_byte_by_byte(data, delimiter=ord(","), quote=ord('"'), longest=longest)
    assert told(find_rows(data, grammar, final=True)) == expected


@given(parts=texts, longest=st.sampled_from([4, 9, 30, 1000]), share=st.floats(0, 1))
def test_rows_of_a_beginning_are_the_first_rows_of_the_whole(parts: list[bytes], longest: int, share: float) -> None:
    data = b"".join(parts)
    cut = int(len(data) * share)
    grammar = Grammar(delimiter=ord(","), quote=ord('"'), longest=longest)
    whole = told(find_rows(data, grammar, final=True))
    begun = find_rows(data[:cut], grammar, final=False)
    assert told(begun) == whole[: len(begun.starts)]
    if begun.endless is None:
        assert cut - begun.stop <= longest + 1
    else:
        start, end, fault = whole[len(begun.starts)]
        assert (start, fault) == (begun.stop, begun.endless)
        assert end >= cut


@given(
    parts=texts,
    window=st.sampled_from([2, 4, 4096]),
    walk=st.sampled_from([1, 3, 1024]),
    piece=st.sampled_from([1, 2, 7, 1 << 18]),
)
def test_rows_do_not_depend_on_how_much_is_looked_at_together(
    parts: list[bytes], window: int, walk: int, piece: int
) -> None:
    data = b"".join(parts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(quotes, "_WINDOW", window)
        patch.setattr(quotes, "_WALK", walk)
        patch.setattr(marks, "_PIECE", piece)
        patch.setattr(lines, "_PIECE", piece)
        found = told(find_rows(data, GRAMMAR, final=True))
    assert found == told(find_rows(data, GRAMMAR, final=True))


def test_rows_without_quotes_are_lines() -> None:
    rows = find_rows(b"a,b\r\n\r\nc\rd\n\ne", Grammar(delimiter=ord(","), quote=None, longest=1000), final=True)
    assert told(rows) == [(0, 5, None), (5, 7, None), (7, 9, None), (9, 11, None), (11, 12, None), (12, 13, None)]
    assert rows.line_ends.tolist() == [4, 6, 8, 10, 11]


def test_a_cr_at_the_end_of_a_piece_is_left_for_the_next_one() -> None:
    assert find_rows(b"a\nb\r", GRAMMAR, final=False).stop == 2
    assert find_rows(b"a\nb\r", GRAMMAR, final=True).stop == 4


def test_stray_quotes_are_found_and_closing_ones_are_not() -> None:
    rows = find_rows(b'"say "yes" now",5" pipe\n"a""b",c\n', GRAMMAR, final=True)
    assert rows.strays.tolist() == [5, 9]
    assert told(rows) == [(0, 24, None), (24, 33, None)]


def test_many_stray_quotes_do_not_slow_reading_down_quadratically() -> None:
    row = b'"one "two" three","four",5" pipe\n'
    rows = find_rows(row * 20_000, GRAMMAR, final=True)
    assert (len(rows.starts), len(rows.strays), rows.faults) == (20_000, 40_000, {})


def test_a_long_row_of_quoted_fields_is_walked_once() -> None:
    rows = find_rows(b'",' * 500_000, Grammar(delimiter=ord(","), quote=ord('"'), longest=100_000), final=True)
    assert (rows.ends.tolist(), rows.faults) == ([1_000_000], {0: "too_long"})
