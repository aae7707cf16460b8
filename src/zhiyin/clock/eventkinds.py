"""What can happen to a matter: the kinds of event and the fields of each, read from the shipped JSON Schemas.

The files under ``kinds/`` are the truth. They use a small part of JSON Schema (draft 2020-12): booleans, and strings
with an ``enum``, a ``format`` of ``date`` or ``date-time``, or a ``pattern`` that asks for something to read. That part
is interpreted here, so that nothing more need be installed, and tests compare the answers with a full validator.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from zhiyin.clock.problems import ClockError
from zhiyin.clock.words import Pair, Sentence, say

NOT_TEXT = "{value} is no text"
NOT_YES_OR_NO = "{value} is neither true nor false"
EMPTY = "empty"
NOT_A_DATE = "{value} is no date (YYYY-MM-DD)"
NOT_A_TIME = "{value} is no time with its offset (such as 2026-03-02T10:00:00+08:00)"
NOT_OFFERED = "{value} is none of {choices}"
REQUIRED = "required"


class CaseInvalid(ClockError):
    """The events of a matter cannot be read: where, and what is wrong."""

    code = "clock.case_invalid"
    message = "{where}: {problem}."
    status = 422


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an event."""

    name: str
    meaning: Pair
    required: bool
    is_flag: bool
    form: str | None
    choices: tuple[str, ...]

    def read(self, value: object) -> date | datetime | str | bool | Sentence:
        """The value as Python holds it, or the sentence that says why it is none."""
        if self.is_flag:
            return value if isinstance(value, bool) else say(NOT_YES_OR_NO, value=repr(value))
        if not isinstance(value, str):
            return say(NOT_TEXT, value=repr(value))
        if self.form == "date-time":
            return read_time(value) or say(NOT_A_TIME, value=value)
        if self.form == "date":
            return _day(value) or say(NOT_A_DATE, value=value)
        if self.choices and value not in self.choices:
            return say(NOT_OFFERED, value=value, choices=self.choices)
        return value if value.strip() else say(EMPTY)


@dataclass(frozen=True, slots=True)
class EventKind:
    """One kind of event: its name, a short label, what it means, its fields and its JSON Schema."""

    name: str
    label: Pair
    meaning: Pair
    fields: tuple[Field, ...]
    schema: Mapping[str, Any]


@functools.cache
def event_kinds() -> Mapping[str, EventKind]:
    """Every kind of event by name, in alphabetical order."""
    folder = files("zhiyin.clock") / "kinds"
    read = [_kind(json.loads(path.read_text("utf-8"))) for path in folder.iterdir() if path.name.endswith(".json")]
    return MappingProxyType({kind.name: kind for kind in sorted(read, key=lambda kind: kind.name)})


def _kind(schema: dict[str, Any]) -> EventKind:
    required = schema["required"]
    fields = tuple(
        Field(
            name=name,
            meaning=Pair(zh=about["x-zh"], en=about["description"]),
            required=name in required,
            is_flag=about["type"] == "boolean",
            form=about.get("format"),
            choices=tuple(about.get("enum", ())),
        )
        for name, about in schema["properties"].items()
        if name != "kind"
    )
    return EventKind(
        name=schema["title"],
        label=Pair(**schema["x-label"]),
        meaning=Pair(zh=schema["x-zh"], en=schema["description"]),
        fields=fields,
        schema=MappingProxyType(schema),
    )


def read_time(value: str) -> datetime | None:
    """A time with its offset (ISO 8601, at least to the minute); None where it is none, or has no offset."""
    if len(value) < len("2026-03-02T10:00Z"):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None else None


def _day(value: str) -> date | None:
    if len(value) != len("2026-03-02"):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
