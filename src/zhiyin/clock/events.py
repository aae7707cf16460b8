"""One matter as the clock sees it: its events, its zone, its calendar, and what sort of matter it is."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

from zhiyin.clock.eventkinds import REQUIRED, CaseInvalid, EventKind, event_kinds
from zhiyin.clock.words import Sentence, say

NO_SUCH_ZONE = "{value} is no time zone (such as Asia/Shanghai)"
NOBODYS_ZONE = "{value} is the zone of no place; name the institution's (such as Asia/Shanghai)"
NO_OBJECT = "not an object"
NO_LIST = "not a list"
NO_KIND = "{value} is no kind of event"
MEANT = "{value} is no kind of event (did you mean {nearest}?)"
NAIVE = "a time without its offset"
BACKWARDS = "{value} lies before from"
NOT_PLAIN = "neither text, a flag nor a list of texts"
FIELD_IGNORED = "{where} is no field of {kind} and was left out."

_RENAMED: Final = {"from": "first", "to": "last", "approved_at": "at"}
_NO_PLACE: Final = frozenset(
    {"Factory", "GMT", "GMT+0", "GMT-0", "GMT0", "Greenwich", "UCT", "UTC", "Universal", "Zulu"}
)
_OWN: Final = ("zone", "calendar", "events", "note")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to the matter.

    Parameters
    ----------
    kind : one of :func:`zhiyin.clock.event_kinds`.
    at : when it happened, with its offset; for an extension when it was approved. A pause has none.
    entered_at : when it was entered, where that matters: what is entered after the limit comes too late.
    about, method, proof, logged, answered, written : what a notice says, how it went out, and what shows it.
    by_role : role of the approver.
    reason : ground of a pause, or why something is complex.
    first, last : first and last day left out by a pause; None as last day: still running.
    told_at : when the complainant was told of the pause.
    due_on : the day agreed on.
    """

    kind: str
    at: datetime | None = None
    entered_at: datetime | None = None
    about: str | None = None
    method: str | None = None
    proof: str | None = None
    logged: bool | None = None
    answered: bool | None = None
    written: bool | None = None
    by_role: str | None = None
    reason: str | None = None
    first: date | None = None
    last: date | None = None
    told_at: datetime | None = None
    due_on: date | None = None

    def __post_init__(self) -> None:
        if self.kind not in event_kinds():
            raise CaseInvalid(where="kind", problem=say(NO_KIND, value=self.kind))
        for name in ("at", "entered_at", "told_at"):
            value = cast("datetime | None", getattr(self, name))
            if value is not None and value.tzinfo is None:
                raise CaseInvalid(where=f"{self.kind}.{name}", problem=say(NAIVE))
        if (self.first if self.kind == "suspended" else self.at) is None:
            missing = "from" if self.kind == "suspended" else "at"
            raise CaseInvalid(where=f"{self.kind}.{missing}", problem=say(REQUIRED))
        if self.first is not None and self.last is not None and self.last < self.first:
            raise CaseInvalid(where=f"{self.kind}.to", problem=say(BACKWARDS, value=self.last.isoformat()))

    @property
    def subject(self) -> str | None:
        """What it is about; a notice of which nothing is said gives the decision."""
        return self.about or cast("str | None", _properties(self.kind).get("about", {}).get("default"))

    def moment(self, zone: ZoneInfo) -> datetime:
        """When it happened; a pause begins at the first minute of its first day."""
        if self.at is not None:
            return self.at
        assert self.first is not None, "checked when made"
        return datetime.combine(self.first, time.min, zone)

    def known_from(self, zone: ZoneInfo) -> datetime:
        """From when on the bank knew of it: an entry when it was entered, a pause when the complainant was told."""
        if self.entered_at is not None:
            return max(self.entered_at, self.moment(zone))
        if self.told_at is not None:
            return min(self.told_at, self.moment(zone))
        return self.moment(zone)

    def order(self) -> tuple[str, ...]:
        """A key that sorts equal times always alike, whatever the order in the file."""
        values = (getattr(self, field.name) for field in fields(self))
        return tuple(str(value.astimezone(UTC) if isinstance(value, datetime) else value or "") for value in values)


@dataclass(frozen=True, slots=True)
class CaseEvents:
    """A matter: what happened, where, and of which sort it is.

    Parameters
    ----------
    events : in any order.
    zone : the institution's; None takes the rule's. Never UTC: a complaint at half past midnight in Shanghai is of
        that day.
    calendar : name of the calendar of working days; None takes the rule's.
    attributes : what the rule asks of a matter, e.g. ``("level", ("branch",))``.
    notes : what the reader of the file left out.
    """

    events: tuple[Event, ...]
    zone: ZoneInfo | None = None
    calendar: str | None = None
    attributes: tuple[tuple[str, tuple[str, ...]], ...] = ()
    notes: tuple[Sentence, ...] = ()

    def attribute(self, name: str) -> tuple[str, ...]:
        """The values given for an attribute; none where it was not given."""
        return dict(self.attributes).get(name, ())


def read_case(document: object) -> CaseEvents:
    """A matter from its JSON document.

    Parameters
    ----------
    document : an object with ``events`` (a list of objects with ``kind`` and the fields of that kind), and optionally
        ``zone``, ``calendar`` and the attributes that a rule asks for, such as ``level``.

    Returns
    -------
    CaseEvents : unknown fields of an event are left out and noted.

    Raises
    ------
    CaseInvalid : naming the event by its index from 0 and the field, e.g. ``events[1].from``.
    """
    if not isinstance(document, Mapping):
        raise CaseInvalid(where="$", problem=say(NO_OBJECT))
    rows = document.get("events")
    if rows is None:
        raise CaseInvalid(where="events", problem=say(REQUIRED))
    if not isinstance(rows, list):
        raise CaseInvalid(where="events", problem=say(NO_LIST))
    notes: list[Sentence] = []
    events = tuple(_event(f"events[{index}]", row, notes) for index, row in enumerate(rows))
    calendar = document.get("calendar")
    if calendar is not None and not isinstance(calendar, str):
        raise CaseInvalid(where="calendar", problem=say(NOT_PLAIN))
    attributes = tuple((str(name), _values(str(name), value)) for name, value in document.items() if name not in _OWN)
    return CaseEvents(events, _zone(document.get("zone")), calendar, tuple(sorted(attributes)), tuple(notes))


def _zone(value: object) -> ZoneInfo | None:
    if value is None:
        return None
    if str(value).startswith("Etc/") or str(value) in _NO_PLACE:
        raise CaseInvalid(where="zone", problem=say(NOBODYS_ZONE, value=value))
    try:
        return ZoneInfo(str(value))
    except (KeyError, ValueError, OSError):
        raise CaseInvalid(where="zone", problem=say(NO_SUCH_ZONE, value=value)) from None


def _values(name: str, value: object) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("true" if value else "false",)
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    raise CaseInvalid(where=name, problem=say(NOT_PLAIN))


def _event(where: str, row: object, notes: list[Sentence]) -> Event:
    if not isinstance(row, Mapping):
        raise CaseInvalid(where=where, problem=say(NO_OBJECT))
    kind = _kind_of(where, row)
    known = {field.name: field for field in kind.fields}
    found: dict[str, object] = {}
    for name in row:
        if name != "kind" and name not in known:
            notes.append(say(FIELD_IGNORED, where=f"{where}.{name}", kind=kind.name))
    for field in kind.fields:
        if field.name not in row:
            if field.required:
                raise CaseInvalid(where=f"{where}.{field.name}", problem=say(REQUIRED))
            continue
        value = field.read(row[field.name])
        if isinstance(value, Sentence):
            raise CaseInvalid(where=f"{where}.{field.name}", problem=value)
        found[field.name] = value
    first, last = found.get("from"), found.get("to")
    if isinstance(first, date) and isinstance(last, date) and last < first:
        raise CaseInvalid(where=f"{where}.to", problem=say(BACKWARDS, value=last.isoformat()))
    return _built(kind, found)


def _kind_of(where: str, row: Mapping[str, object]) -> EventKind:
    name = row.get("kind")
    if name is None:
        raise CaseInvalid(where=f"{where}.kind", problem=say(REQUIRED))
    kind = event_kinds().get(str(name))
    if kind is None:
        nearest = difflib.get_close_matches(str(name), list(event_kinds()), n=1)
        problem = say(MEANT, value=name, nearest=nearest[0]) if nearest else say(NO_KIND, value=name)
        raise CaseInvalid(where=f"{where}.kind", problem=problem)
    return kind


def _built(kind: EventKind, found: dict[str, object]) -> Event:
    kept = {field.name for field in fields(Event)}
    values: dict[str, Any] = {_RENAMED.get(name, name): value for name, value in found.items()}
    return Event(kind.name, **{name: value for name, value in values.items() if name in kept})


def _properties(kind: str) -> Mapping[str, Mapping[str, object]]:
    return cast("Mapping[str, Mapping[str, object]]", event_kinds()[kind].schema["properties"])
