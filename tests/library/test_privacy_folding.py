"""Folding, widening and the pre-filter in detail."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from zhiyin.privacy.folding import BLANK, BORDER, fold, fold_table
from zhiyin.privacy.gate import Family, families_of
from zhiyin.privacy.widening import widen
from zhiyin.privacy.words import listed, one_of, touches_letter


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("１２３ＡＢＣ＠", "123ABC@"),
        ("①②⑪", "12⑪"),
        ("٣٤", "34"),
        ("𝟏𝟐", "12"),
        ("陳經理", "陈经理"),
        ("1\u200b3\ufe0f8", "138"),
        ("a\u3000b\xa0c", "a b c"),
        ("—–－", "---"),
        ("\x00\ud800", "\ufffd\ufffd"),
        (f"{BLANK}{BORDER}", "\ufffd\ufffd"),
        ("〔手机〕x〔别的〕", f"{BLANK * 4}x〔别的〕"),
    ],
)
def test_text_is_folded(text: str, folded: str) -> None:
    assert fold([text]).text == folded + BORDER


def test_folded_texts_keep_their_length_in_lower_case() -> None:
    assert all(len(chr(point).lower()) == 1 for point in set(fold_table().tolist()) - {0})


def test_folded_text_remembers_its_places() -> None:
    folded = fold(["a\u200bb", "\u200bc"])
    assert folded.text == f"ab{BORDER}c{BORDER}"
    assert folded.borders.tolist() == [2, 4]
    assert [folded.original(place, place + 1) for place in (0, 1, 3)] == [(0, 1), (2, 3), (5, 6)]


def test_widened_pattern_admits_what_people_type() -> None:
    texts = pa.array(["１-２", "1－２", "1–2", "1 2", "张", "張", "［"])
    assert pc.match_substring_regex(texts, widen("[0-9]-[0-9]|张|\\[")).to_pylist() == [
        True,
        True,
        True,
        False,
        True,
        True,
        True,
    ]


def test_gate_tells_the_families_apart() -> None:
    texts = pa.array(["很好", None, "手机13800001234", "a@example.com", "王经理", "Mr. Roe", "1\u200b3"])
    assert families_of(texts).tolist() == [
        0,
        0,
        Family.NUMBERS,
        Family.CONTACTS,
        Family.CHINESE,
        Family.ENGLISH,
        Family.ALL,
    ]


def test_words_are_branched_and_the_longest_wins() -> None:
    assert one_of(["经理", "经办", "行长"]) == "(?:经(?:办|理)|行长)"
    assert one_of(["a", "ab"]) == "a(?:b)?"
    assert listed("context", "identity")[-1] == "resident id"


@pytest.mark.parametrize(("text", "inside"), [("acall", True), ("calls ", False), ("callx", True), ("打call给", False)])
def test_latin_word_ends_at_no_letter(text: str, inside: bool) -> None:
    start = text.index("call")
    assert touches_letter(text, start, start + 4) is inside
