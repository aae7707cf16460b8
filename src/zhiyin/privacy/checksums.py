"""Check digits and number ranges that tell a personal number from any other row of digits.

Every test takes a plain string of ASCII digits and letters without separators; the array forms take a matrix of
digits, one row a number, and serve whole columns at once.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import numpy.typing as npt

# Provinces of GB/T 2260, with 83 (Taiwan residents' permit) and 91 (foreigners' permanent residence).
PROVINCES: Final = frozenset(
    str(code)
    for codes in (
        range(11, 16),
        range(21, 24),
        range(31, 38),
        range(41, 47),
        range(50, 55),
        range(61, 66),
        (71, 81, 82, 83, 91),
    )
    for code in codes
)
_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS: Final = "10X98765432"
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CODE_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_WEIGHTS: Final = tuple(pow(3, place, 31) for place in range(17))
# First character: department that registers; second: kind of body (GB 32100-2015).
_CODE_BODIES: Final = frozenset(
    department + body
    for department, bodies in (
        ("1", "1239"),
        ("2", "19"),
        ("3", "123459"),
        ("4", "19"),
        ("5", "1239"),
        ("6", "129"),
        ("7", "129"),
        ("8", "19"),
        ("9", "123"),
        ("A", "19"),
        ("N", "1239"),
        ("Y", "1"),
    )
    for body in bodies
)

CARD_RANGES: Final = (
    # China UnionPay and the older ranges of Chinese banks that are still in use
    r"62\d{14,17}",
    r"(?:60|68|69|81|82)\d{14,17}",
    r"9(?:55|40|66|84|87|99|11)\d{13,16}",
    r"690755\d{9}",
    # Visa, Mastercard, American Express, JCB, Diners, Discover, Maestro
    r"4\d{15}(?:\d{3})?",
    r"5[1-5]\d{14}",
    r"2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}",
    r"3[47]\d{13}",
    r"35(?:2[89]|[3-8]\d)\d{12}",
    r"3(?:0[0-5]|[689]\d)\d{11}(?:\d{2})?",
    r"6(?:011|4[4-9]\d|5\d\d)\d{12}",
    r"(?:5[0678]|63|67)\d{14,17}",
)
"""Issuer ranges with the lengths in use, each a pattern over the whole number."""

_CARD: Final = re.compile("|".join(CARD_RANGES))
_MOBILE: Final = re.compile(r"1(?:3\d|4[0145-9]|5[0-35-9]|6[2567]|7[0-8]|8\d|9\d)\d{8}")
_AREA: Final = re.compile(r"0(?:10|2[0-57-9]|[3-9][1-9]\d)")


def is_plausible_birthday(year: int, month: int, day: int) -> bool:
    """Whether a day of birth of someone alive can be written so; leap days are allowed in leap years only."""
    if not (1890 <= year <= 2060 and 1 <= month <= 12 and 1 <= day <= _DAYS[month - 1]):
        return False
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return leap or (month, day) != (2, 29)


def has_id_shape(number: str) -> bool:
    """Whether 18 characters begin like a resident ID: a province, a place in it, a day of birth."""
    if len(number) != 18 or not number[:17].isdigit() or number[:2] not in PROVINCES:
        return False
    return is_plausible_birthday(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def is_resident_id(number: str) -> bool:
    """Whether 18 characters are a resident ID: shape and check character (GB 11643-1999, ISO 7064 MOD 11-2)."""
    if not has_id_shape(number):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number[:17], strict=True))
    return _ID_CHECKS[total % 11] == number[17].upper()


def resident_id_check(first17: str) -> str:
    """The check character that completes 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, first17, strict=True))
    return _ID_CHECKS[total % 11]


def is_old_resident_id(number: str) -> bool:
    """Whether 15 digits may be a resident ID of before 1999, which has no check digit: province, place, birthday."""
    if len(number) != 15 or not number.isdigit() or number[:2] not in PROVINCES:
        return False
    # Places within a province: prefectures 01-70 and 90, counties 01-99.
    prefecture, county = int(number[2:4]), int(number[4:6])
    if not (1 <= prefecture <= 70 or prefecture == 90) or county == 0:
        return False
    return is_plausible_birthday(1900 + int(number[6:8]), int(number[8:10]), int(number[10:12]))


def is_luhn(number: str) -> bool:
    """Whether the digits pass the Luhn check (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 * (value > 9)
    return total % 10 == 0


def has_card_shape(number: str) -> bool:
    """Whether length and first digits belong to a known card range."""
    return _CARD.fullmatch(number) is not None


def is_bank_card(number: str) -> bool:
    """Whether the digits are a card number: known range and Luhn check."""
    return has_card_shape(number) and is_luhn(number)


def is_mobile(number: str) -> bool:
    """Whether 11 digits lie in a range assigned to mobile numbers of the mainland."""
    return _MOBILE.fullmatch(number) is not None


def is_landline(number: str) -> bool:
    """Whether the digits are an area code of the mainland and a subscriber's number, not a service number.

    Service numbers (400, 800, 95xxx, 96xxx) have no area code, so they do not pass.
    """
    area = _AREA.match(number)
    if area is None or len(number) - area.end() not in (7, 8):
        return False
    return is_local_number(number[area.end() :])


def is_local_number(number: str) -> bool:
    """Whether 7 or 8 digits can be a subscriber's number."""
    return len(number) in (7, 8) and number[0] in "2345678"


def is_credit_code(number: str) -> bool:
    """Whether 18 characters are a unified social credit code (GB 32100-2015, check character modulo 31)."""
    if len(number) != 18 or number[:2] not in _CODE_BODIES or number[2:4] not in PROVINCES | {"10"}:
        return False
    values = [_CODE_ALPHABET.find(character) for character in number]
    if min(values) < 0:
        return False
    total = sum(weight * value for weight, value in zip(_CODE_WEIGHTS, values[:17], strict=True))
    return (31 - total % 31) % 31 == values[17]


def is_hong_kong_id(letters: str, digits: str, check: str) -> bool:
    """Whether letters, six digits and the check in brackets make a Hong Kong identity card number."""
    padded = letters.rjust(2)
    values = [36 if c == " " else ord(c) - 55 for c in padded] + [int(c) for c in digits]
    total = sum(weight * value for weight, value in zip(range(9, 1, -1), values, strict=True))
    total += 10 if check == "A" else int(check)
    return total % 11 == 0


def is_iban(number: str) -> bool:
    """Whether the characters pass the check of an international bank account number (ISO 13616, MOD 97-10)."""
    if not 15 <= len(number) <= 34:
        return False
    rearranged = "".join(str(int(character, 36)) for character in number[4:] + number[:4])
    return int(rearranged) % 97 == 1


def luhn_passes(digits: npt.NDArray[np.uint8]) -> npt.NDArray[np.bool_]:
    """For each row of digits (n, length) whether it passes the Luhn check."""
    doubled = digits[:, -2::-2].astype(np.int64) * 2
    total = (doubled - 9 * (doubled > 9)).sum(axis=1) + digits[:, ::-2].sum(axis=1, dtype=np.int64)
    passes: npt.NDArray[np.bool_] = total % 10 == 0
    return passes


def resident_id_checks(digits: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """For each row of 17 digits (n, 17) the check character that completes it, as its ASCII code."""
    total = digits.astype(np.int64) @ np.asarray(_ID_WEIGHTS)
    codes = np.frombuffer(_ID_CHECKS.encode("ascii"), dtype=np.uint8)
    checks: npt.NDArray[np.uint8] = codes[total % 11]
    return checks
