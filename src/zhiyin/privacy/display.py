"""How a single structured value is shown: enough to recognise it, not enough to use it.

JR/T 0171-2020 asks for masked display of class C2; its appendix with patterns is informative, so these are the
defaults that a bank may narrow. A value too short to hide half of it is hidden whole.
"""

from __future__ import annotations

from typing import Final

from zhiyin.privacy.chinese_tables import is_han

_STAR: Final = "*"


def _masked(value: str, first: int, last: int, most_first: int, most_last: int) -> str:
    if not (0 <= first <= most_first and 0 <= last <= most_last):
        raise ValueError(f"at most the first {most_first} and the last {most_last} characters may be shown")
    hidden = len(value) - first - last
    if hidden < max(first + last, 1) / 2:
        return _STAR * len(value)
    return value[:first] + _STAR * hidden + value[len(value) - last :]


def mask_card(number: str, *, first: int = 6, last: int = 4) -> str:
    """A card number with its first 6 (the issuer) and last 4 digits; separators go.

    Examples
    --------
    >>> mask_card("6222 0000 0000 0000 005")
    '622200*********0005'
    """
    return _masked("".join(c for c in number if c.isalnum()), first, last, 6, 4)


def mask_mobile(number: str, *, first: int = 3, last: int = 4) -> str:
    """A mobile number with its middle four digits hidden, without country code and separators.

    Examples
    --------
    >>> mask_mobile("+86 138 0013 8000")
    '138****8000'
    """
    digits = "".join(c for c in number if c.isdigit())
    for country in ("0086", "86"):
        if len(digits) == 11 + len(country) and digits.startswith(country):
            digits = digits[len(country) :]
    return _masked(digits, first, last, 3, 4)


def mask_resident_id(number: str, *, first: int = 3, last: int = 4) -> str:
    """A resident ID with its first 3 and last 4 characters; the day of birth is never shown.

    Parameters
    ----------
    number : 18 or 15 characters.
    first : 0-6, how much of the region to show.
    last : 0-4.

    Examples
    --------
    >>> mask_resident_id("110101190001010009")
    '110***********0009'
    """
    return _masked("".join(c for c in number if c.isalnum()), first, last, 6, 4)


def mask_name(name: str) -> str:
    """A name with what tells most hidden: of a Chinese name all but the last character, of others all but initials.

    Examples
    --------
    >>> mask_name("欧阳小满"), mask_name("Jane Roe")
    ('***满', 'J*** R**')
    """
    if any(is_han(c) for c in name):
        return name if not name else _STAR * max(len(name) - 1, 1) + (name[-1] if len(name) > 1 else "")
    return " ".join(word[0] + _STAR * max(len(word) - 1, 1) for word in name.split())


def mask_email(address: str) -> str:
    """An address with its first character and its domain.

    Examples
    --------
    >>> mask_email("xiaoman.li@example.com")
    'x****@example.com'
    """
    local, at, domain = address.rpartition("@")
    if not at or not local:
        return _STAR * len(address)
    return f"{local[0] if len(local) > 1 else ''}****@{domain}"
