"""Display masks, check digits, and identifiers in key columns."""

from __future__ import annotations

import pyarrow as pa
import pytest
from privacy_cases import Inventor

from zhiyin.privacy import (
    checksums,
    looks_like_direct_identifier,
    mask_card,
    mask_email,
    mask_mobile,
    mask_name,
    mask_resident_id,
)


@pytest.mark.parametrize(
    ("shown", "masked"),
    [
        (mask_card("6200000000000000005"), "620000*********0005"),
        (mask_card("4000-0000-0000-0002", first=0), "************0002"),
        (mask_card("123456789"), "*********"),
        (mask_mobile("13800001234"), "138****1234"),
        (mask_mobile("0086 138-0000-1234"), "138****1234"),
        (mask_mobile(""), ""),
        (mask_resident_id("110199190001010009"), "110***********0009"),
        (mask_resident_id("110199190001010009", first=1, last=1), "1****************9"),
        (mask_name("李小满"), "**满"),
        (mask_name("李"), "*"),
        (mask_name(""), ""),
        (mask_name("Jane Q Roe"), "J*** Q* R**"),
        (mask_email("li.xiaoman@example.com"), "l****@example.com"),
        (mask_email("a@example.com"), "****@example.com"),
        (mask_email("no address"), "**********"),
    ],
)
def test_value_is_shown_masked(shown: str, masked: str) -> None:
    assert shown == masked


def test_display_mask_never_shows_more_than_its_class_allows() -> None:
    with pytest.raises(ValueError, match="at most the first 6"):
        mask_resident_id("110199190001010009", first=10)


def test_resident_id_passes_with_its_check_character_only() -> None:
    number = Inventor(3).resident_id()
    assert [checksums.is_resident_id(number[:17] + check) for check in "0123456789X"].count(True) == 1
    assert checksums.is_resident_id(number)
    assert checksums.is_resident_id(number.lower())
    assert not checksums.is_resident_id("99" + number[2:])


@pytest.mark.parametrize(
    ("number", "passes"),
    [("4111111111111111", True), ("4111111111111112", False), ("0000000000000000", True), ("79927398713", True)],
)
def test_luhn_agrees_with_published_numbers(number: str, passes: bool) -> None:
    assert checksums.is_luhn(number) is passes


@pytest.mark.parametrize(("number", "passes"), [("GB82WEST12345698765432", True), ("GB82WEST12345698765433", False)])
def test_iban_agrees_with_the_example_of_its_standard(number: str, passes: bool) -> None:
    assert checksums.is_iban(number) is passes


@pytest.mark.parametrize(
    ("parts", "passes"), [(("A", "123456", "3"), True), (("A", "123456", "4"), False), (("AB", "987654", "3"), True)]
)
def test_hong_kong_id_agrees_with_the_published_example(parts: tuple[str, str, str], passes: bool) -> None:
    assert checksums.is_hong_kong_id(*parts) is passes


def test_credit_code_has_one_check_character() -> None:
    code = Inventor(4).credit_code()
    assert [checksums.is_credit_code(code[:17] + c) for c in "0123456789ABCDEFGHJKLMNPQRTUWXY"].count(True) == 1


def test_column_of_identifiers_is_told() -> None:
    draw = Inventor(5)
    for column in (
        [draw.resident_id() for _ in range(50)],
        [draw.card() for _ in range(50)],
        [draw.mobile() for _ in range(50)],
    ):
        assert looks_like_direct_identifier(pa.array(column)).to_pylist() == [True] * 50


def test_identifiers_among_pseudonyms_are_told_one_by_one() -> None:
    draw = Inventor(6)
    column = pa.array([draw.resident_id(), "C00001234", None, draw.card(), "", draw.resident_id().lower()])
    assert looks_like_direct_identifier(column).to_pylist() == [True, False, False, True, False, True]


@pytest.mark.parametrize(
    "column",
    [
        [f"62{number:014d}" for number in range(20_000)],  # one in ten passes the Luhn check
        [f"110101{year}0115{number:04d}" for year in (2019, 2020) for number in range(5_000)],  # outlet, day, serial
        [f"138{number:08d}" for number in range(20_000)],  # eleven digits in sequence
        [f"C{number:09d}" for number in range(1_000)],
        list(range(1_000_000, 1_001_000)),
        [],
    ],
    ids=["sixteen digits", "outlet and day", "eleven digits", "letters", "integers", "empty"],
)
def test_ordinary_customer_numbers_are_not_refused(column: list[str] | list[int]) -> None:
    kind = pa.int64() if column and isinstance(column[0], int) else pa.string()
    assert sum(looks_like_direct_identifier(pa.array(column, kind)).to_pylist()) == 0


def test_random_elevens_are_no_mobiles() -> None:
    draw = Inventor(8)
    column = pa.array([draw.digits(11) for _ in range(2_000)])
    assert sum(looks_like_direct_identifier(column).to_pylist()) == 0


def test_chunked_column_is_judged_as_a_whole() -> None:
    draw = Inventor(9)
    column = pa.chunked_array([[draw.mobile() for _ in range(3)], [draw.mobile() for _ in range(30)]])
    assert sum(looks_like_direct_identifier(column).to_pylist()) == 33
