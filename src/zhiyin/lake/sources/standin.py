"""One byte that stands in for a delimiter of several bytes.

Arrow and the arithmetic on quotes know delimiters of one byte. A longer one is replaced, after decoding (``|`` is
also the second half of characters in GBK), by a control byte that the buffer does not hold; which one may differ from
buffer to buffer, since each is parsed by itself.
"""

from __future__ import annotations

from typing import Final

from zhiyin.lake.sources.errors import BadOption
from zhiyin.language import translate

_CANDIDATES: Final[tuple[int, ...]] = (0x1F, 0x1E, 0x1D, 0x1C, *range(1, 9), 11, 12, *range(14, 26), 27, 127)


def choose_standin(data: bytes, file: str, delimiter: str | None) -> int:
    """A control byte that does not occur in the data."""
    for byte in _CANDIDATES:
        if byte not in data:
            return byte
    raise BadOption(
        file=file,
        option="delimiter",
        value=repr(delimiter),
        reason=translate("all control characters occur in the text"),
    )


def with_standin(data: bytes, file: str, delimiter: str | None) -> tuple[bytes, int]:
    """The data with every delimiter as one byte, and that byte.

    Parameters
    ----------
    data : UTF-8.
    file : for messages.
    delimiter : None for a single column: the byte then occurs nowhere.
    """
    if delimiter is None:
        return data, choose_standin(data, file, delimiter)
    encoded = delimiter.encode()
    if len(encoded) == 1:
        return data, encoded[0]
    byte = choose_standin(data, file, delimiter)
    return data.replace(encoded, bytes((byte,))), byte


def is_replaced(delimiter: str | None) -> bool:
    """Whether a delimiter is one that a byte stands in for."""
    return delimiter is not None and len(delimiter.encode()) > 1
