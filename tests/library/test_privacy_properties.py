"""Properties of masking over random texts built from the pieces that matter."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from privacy_cases import Inventor

from zhiyin.privacy import TOKENS, checksums, find_personal_data, mask_text, mask_texts
from zhiyin.privacy.finding import find_in
from zhiyin.privacy.folding import BORDER, fold
from zhiyin.privacy.gate import families_of
from zhiyin.privacy.words import listed

_INVENTOR = Inventor(11)
_PIECES = [
    *(
        getattr(_INVENTOR, kind)()
        for kind in ("resident_id", "card", "mobile", "email", "name", "english_name", "us_phone", "credit_code")
    ),
    *(
        "-".join(_INVENTOR.landline()),
        "京A·00001",
        "E00123456",
        "6200 0000",
        "1.5",
        "４００",
        "①",
        "②⑤",
        "\u200b",
        "\ufe0f",
        "ａ",
        "㎏",
        "\x00",
        "\ue000",
        "\ue001",
    ),
    *listed("context", "phone")[:12],
    *listed("context", "reference")[:12],
    *listed("chinese_names", "weak"),
    *listed("chinese_names", "labels")[:8],
    *listed("chinese_names", "titles")[:10],
    *listed("documents", "secrets"),
    *listed("addresses", "home")[:6],
    *TOKENS.values(),
    *"王李张任于曾高金伟丽小的了是号路街室栋县〇一二三四五六七八九十",
    *"Xx-.()+@/·:：，。;\n",
    *("123", "12", "7", "000", "1381", "Mr.", "mr ", "Dr ", "my name is ", "John Smith", "I am ", "Li Wei", "QQ"),
    *("微信", "abc_12345", "wx", "P.O. Box 12", " Street", " Ave", "，李小满很专业"),
    " ",
    "　",
]
texts = st.lists(st.sampled_from(_PIECES) | st.text(max_size=3), max_size=14).map("".join)


@given(texts)
@settings(max_examples=400, deadline=None)
def test_masking_twice_is_masking_once(text: str) -> None:
    masked = mask_text(text)
    assert mask_text(masked) == masked


@given(texts, texts)
@settings(max_examples=200, deadline=None)
def test_masking_twice_with_a_name_is_masking_once(text: str, name: str) -> None:
    masked = mask_text(text, name=name)
    assert mask_text(masked, name=name) == masked


@given(st.lists(texts, min_size=1, max_size=40))
@settings(max_examples=60, deadline=None)
def test_gate_admits_whatever_is_found(column: list[str]) -> None:
    column = [text.encode("utf-8", "replace").decode("utf-8") for text in column]
    assert find_in(column, families=families_of(pa.array(column))) == find_in(column)


@given(st.lists(st.none() | texts, max_size=8))
@settings(max_examples=150, deadline=None)
def test_column_is_masked_as_its_texts_are(column: list[str | None]) -> None:
    column = [None if text is None else text.encode("utf-8", "replace").decode("utf-8") for text in column]
    masked = mask_texts(pa.array(column, pa.string()))
    assert masked.texts.to_pylist() == [None if text is None else mask_text(text) for text in column]
    found = [finding for text in column if text is not None for finding in find_personal_data(text)]
    assert sum(masked.counts.values()) == len(found)


@given(texts)
@settings(max_examples=300, deadline=None)
def test_findings_lie_in_the_original_in_order_without_overlap(text: str) -> None:
    findings = find_personal_data(text)
    places = [place for finding in findings for place in (finding.start, finding.end)]
    assert places == sorted(places)
    assert all(0 <= finding.start < finding.end <= len(text) for finding in findings)
    rebuilt, place = "", 0
    for finding in findings:
        rebuilt += text[place : finding.start] + TOKENS[finding.kind]
        place = finding.end
    assert rebuilt + text[place:] == mask_text(text)


@given(st.lists(texts, max_size=6))
@settings(max_examples=150, deadline=None)
def test_folding_keeps_the_place_of_each_character(column: list[str]) -> None:
    folded = fold(column)
    joined = "".join(text + "\n" for text in column)
    assert folded.text.count(BORDER) == len(column)
    for place in range(len(folded.text)):
        start, end = folded.original(place, place + 1)
        assert end == start + 1
        assert start < len(joined)
        if folded.text[place].isascii() and folded.text[place].isalnum() and joined[start].isascii():
            assert joined[start] == folded.text[place]


_separators = st.sampled_from(["", " ", "-", "\u200b", "\u3000", "－"])


@given(before=texts, after=texts, seed=st.integers(0, 9999), wide=st.booleans(), separator=_separators)
@settings(max_examples=300, deadline=None)
@example(before="订单号", after="", seed=1, wide=False, separator="")
def test_no_planted_resident_id_survives(before: str, after: str, seed: int, wide: bool, separator: str) -> None:
    number = Inventor(seed).resident_id()
    written = separator.join((number[:6], number[6:14], number[14:]))
    if wide:
        written = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in written)
    # Digits or letters that touch it would make another number of it, and a colon alone keeps 〔 from being typed.
    text = f"{before}。{written}。{after}"
    masked = mask_text(text)
    assert written not in masked
    plain = "".join(c for c in fold([masked]).text if c.isdigit())
    assert not any(
        checksums.is_resident_id(plain[k : k + 18]) and plain[k : k + 17] == number[:17] for k in range(len(plain))
    )


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "。",
        "\n\n",
        "〔",
        "〔姓名〕",
        "〔身份证〕〔手机〕",
        "\u200b\u200b",
        "\ud800",
        "a" * 70_000,
        "1" * 70_000,
        "1-" * 10_000,
        "@" * 20_000,
        "我是" * 20_000,
        "王" * 20_000,
    ],
)
def test_strange_texts_come_back_in_time(text: str) -> None:
    masked = mask_text(text)
    assert mask_text(masked) == masked
