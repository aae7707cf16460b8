"""One row's text as fields: for headings and samples; whole blocks are parsed by Arrow with the same grammar."""

from __future__ import annotations


def split_row(row: str, delimiter: str | None, quote: str | None) -> list[str]:
    """The fields of a row that is known to be complete.

    Parameters
    ----------
    row : without its line end.
    delimiter : one or several characters; None for a single column.
    quote : the character around fields; None where fields are never quoted.

    Examples
    --------
    >>> split_row("1|'a|b'|it''s", "|", "'")
    ['1', 'a|b', "it''s"]
    """
    if delimiter is None:
        return [_unquoted(row, quote)]
    if quote is None or quote not in row:
        return row.split(delimiter)
    fields: list[str] = []
    place = 0
    while True:
        if row.startswith(quote, place):
            value, place = _quoted_field(row, place + 1, delimiter, quote)
        else:
            stop = row.find(delimiter, place)
            stop = len(row) if stop < 0 else stop
            value, place = row[place:stop], stop
        fields.append(value)
        if place >= len(row):
            return fields
        place += len(delimiter)


def _quoted_field(row: str, place: int, delimiter: str, quote: str) -> tuple[str, int]:
    parts: list[str] = []
    while True:
        stop = row.find(quote, place)
        if stop < 0:
            return "".join([*parts, row[place:]]), len(row)
        parts.append(row[place:stop])
        if row.startswith(delimiter, stop + 1) or stop + 1 == len(row):
            return "".join(parts), stop + 1
        # A doubled quote is one; any other stands for itself.
        place = stop + 2 if row.startswith(quote, stop + 1) else stop + 1
        parts.append(quote)


def _unquoted(row: str, quote: str | None) -> str:
    if quote and len(row) >= 2 and row.startswith(quote) and row.endswith(quote):
        return row[1:-1].replace(quote * 2, quote)
    return row
