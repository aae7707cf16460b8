"""JSON values as cells of text: numbers as written, nesting flattened with dots."""

from __future__ import annotations

import json
from typing import Any, Final

from zhiyin.lake.sources.records import printable


class RepeatedName(ValueError):
    """An object with the same name twice: which value holds is not for us to say."""


class _Number(str):
    """A number, as it is written."""

    __slots__ = ()


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise RepeatedName
    return found


DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_without_repeats, parse_int=_Number, parse_float=_Number, parse_constant=_Number
)
"""Reads JSON with numbers as written, and refuses repeated names with :class:`RepeatedName`."""


def flatten(record: dict[str, Any]) -> dict[str, str | None]:
    """A record's cells by dotted path; lists, and objects without names, as JSON text.

    Raises
    ------
    RepeatedName : two paths fall together (``{"a.b": 1, "a": {"b": 2}}``).

    Examples
    --------
    >>> flatten(DECODER.decode('{"a": {"b": 1.50, "c": [1, "x"]}, "d": null, "e": true}'))
    {'a.b': '1.50', 'a.c': '[1, "x"]', 'd': None, 'e': 'true'}
    """
    cells: dict[str, str | None] = {}
    _flatten_into(cells, record, "")
    return cells


def _flatten_into(cells: dict[str, str | None], record: dict[str, Any], prefix: str) -> None:
    for name, value in record.items():
        path = prefix + printable(name)
        if isinstance(value, dict) and value:
            _flatten_into(cells, value, path + ".")
            continue
        if path in cells:
            raise RepeatedName
        cells[path] = _cell(value)


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    return str(value) if isinstance(value, str) else json_text(value)


def json_text(value: Any) -> str:
    """A value decoded by :data:`DECODER` as JSON again."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json_text(str(name))}: {json_text(inner)}" for name, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(json_text(inner) for inner in value) + "]"
    return str(value) if isinstance(value, _Number) else json.dumps(value, ensure_ascii=False)
