"""What is masked and what is left, and the shapes that go in and come out."""

from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path

import pyarrow as pa
import pytest
from privacy_cases import Inventor

from zhiyin.privacy import TOKENS, PersonalKind, find_personal_data, mask_text, mask_texts
from zhiyin.privacy.kinds import ANY_TOKEN

_ID = Inventor(1).resident_id()
_CARD = Inventor(1).card()


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (f"身份证{_ID}", "身份证〔身份证〕"),
        (f"订单号{_ID}", "订单号〔身份证〕"),
        (f"卡号{_CARD}", "卡号〔银行卡〕"),
        (f"流水号{_CARD}", f"流水号{_CARD}"),
        ("手机13800001234", "手机〔手机〕"),
        ("工单号13800001234", "工单号13800001234"),
        ("转账13800001234元", "转账13800001234元"),
        ("（010）80001234转802", "〔电话〕"),
        ("400-820-8820、95588、12378", "400-820-8820、95588、12378"),
        ("+1 212-555-0123", "〔电话〕"),
        ("1-800-555-0123", "1-800-555-0123"),
        ("a.b@example.com收", "〔邮箱〕收"),
        ("利率22.9@年", "利率22.9@年"),
        ("微信号xiao_man88", "微信号〔社交账号〕"),
        ("护照E00123456", "护照〔证件〕"),
        ("密码是abc123，验证码 482913", "密码是〔密码〕，验证码 〔密码〕"),
        ("密码输错3次", "密码输错3次"),
        ("卡的有效期12/27", "卡的有效期〔密码〕"),
        ("家住望湖路12号3栋501室", "家住〔地址〕"),
        ("你们网点地址在望湖路12号", "你们网点地址在望湖路12号"),
        ("粤B·D12345挡路", "〔车牌〕挡路"),
        ("我叫李小满", "我叫〔姓名〕"),
        ("买买提·艾力来了", "〔姓名〕来了"),
        ("陳經理說會回電", "〔姓名〕經理說會回電"),
        ("基金经理换了", "基金经理换了"),
        ("王府井支行、张家口分行", "王府井支行、张家口分行"),
        ("My name is Jane Roe.", "My name is 〔姓名〕."),
        ("My name is on the list", "My name is on the list"),
        ("Mr. XXXX XXXX of XXXX", "Mr. XXXX XXXX of XXXX"),
        ("2024-03-05 14:20:33，余额1,234.56", "2024-03-05 14:20:33，余额1,234.56"),
    ],
)
def test_text_is_masked(text: str, masked: str) -> None:
    assert mask_text(text) == masked


def test_token_of_each_kind_is_known_and_unlike_the_others() -> None:
    assert set(TOKENS) == set(PersonalKind)
    assert len(set(TOKENS.values())) == len(TOKENS)
    assert all(ANY_TOKEN.fullmatch(token) for token in TOKENS.values())


def test_finding_says_where_in_the_original() -> None:
    findings = find_personal_data("卡\u200b主李\u200b小满，１３８００００１２３４")
    assert [(f.kind, f.start, f.end) for f in findings] == [
        (PersonalKind.NAME, 3, 7),
        (PersonalKind.MOBILE, 8, 19),
    ]


def test_finding_carries_no_text() -> None:
    (finding,) = find_personal_data("我叫李小满")
    assert "小满" not in repr(finding)


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string()])
def test_column_keeps_type_length_null_and_empty(kind: pa.DataType) -> None:
    masked = mask_texts(pa.array(["我叫李小满", None, "", "很好"], kind))
    assert masked.texts.type == kind
    assert masked.texts.to_pylist() == ["我叫〔姓名〕", None, "", "很好"]
    assert dict(masked.counts) == {PersonalKind.NAME: 1}


@pytest.mark.parametrize(
    "column",
    [
        pa.chunked_array([["我叫李小满"], ["很好", "我叫李小满"]]),
        pa.array(["我叫李小满", "很好", "我叫李小满"]).dictionary_encode(),
        pa.array(["", "我叫李小满", "很好", "我叫李小满"])[1:],
        pa.array(["我叫李小满", "很好", "我叫李小满"], pa.string_view()),
    ],
    ids=["chunked", "dictionary", "sliced", "view"],
)
def test_column_of_any_string_layout_is_masked(column: pa.Array | pa.ChunkedArray) -> None:
    masked = mask_texts(column)
    assert masked.texts.to_pylist() == ["我叫〔姓名〕", "很好", "我叫〔姓名〕"]
    assert dict(masked.counts) == {PersonalKind.NAME: 2}


@pytest.mark.parametrize("column", [pa.array([], pa.string()), pa.chunked_array([], pa.string()), pa.nulls(3)])
def test_column_without_texts_comes_back(column: pa.Array | pa.ChunkedArray) -> None:
    masked = mask_texts(column)
    assert masked.texts.to_pylist() == [None] * len(column)
    assert dict(masked.counts) == {}


def test_own_name_is_masked_in_its_own_row_only() -> None:
    texts = pa.array(["高兴觉得不高兴", "高兴觉得不高兴", "建国以来，建国先生", "smith, JOHN called; Smith Street"])
    masked = mask_texts(texts, names=pa.array(["高兴", None, "王建国", "John Smith"]))
    assert masked.texts.to_pylist() == [
        "〔姓名〕觉得不〔姓名〕",
        "高兴觉得不高兴",
        "建国以来，〔姓名〕先生",
        "〔姓名〕 called; 〔姓名〕 Street",
    ]


def test_names_of_another_length_are_refused_without_their_text() -> None:
    with pytest.raises(ValueError, match=r"^names has 1 rows, texts has 2$"):
        mask_texts(pa.array(["我叫李小满", "b"]), names=pa.array(["李小满"]))


def test_large_column_is_searched_in_batches() -> None:
    row = "我叫李小满，" + "很好" * 3000
    masked = mask_texts(pa.array([f"{row}{number}" for number in range(1000)]))
    assert masked.counts == {PersonalKind.NAME: 1000}
    assert masked.texts[999].as_py() == f"我叫〔姓名〕，{'很好' * 3000}999"


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("cfpb_narratives/cfpb_narratives_11products.csv.gz", "Consumer complaint narrative"),
        ("cfpb_loans_full/cfpb_loans_2023_full_fields.csv.gz", "Consumer complaint narrative"),
    ],
)
def test_redacted_narratives_lose_next_to_nothing(shared_data: Path, file: str, column: str) -> None:
    path = shared_data / file
    if not path.exists():
        pytest.skip(f"../shared/data/{file} is absent")
    with gzip.open(path) as packed:
        texts = [row[column] for row in csv.DictReader(io.TextIOWrapper(packed, "utf-8"))]
    masked = mask_texts(pa.array(texts))
    # The regulator has redacted them already; what is left to find are a few names and addresses of companies.
    assert sum(masked.counts.values()) <= 20
    assert sum(text.count("XXXX") for text in masked.texts.to_pylist()) == sum(text.count("XXXX") for text in texts)
