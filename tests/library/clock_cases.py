"""Short ways to write a matter for the tests of the clock; times are Shanghai's where nothing else is said."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from zhiyin.clock import CaseEvents, ClockState, Deadline, Event, State, evaluate, shipped_rules


def at(text: str, zone: str = "Asia/Shanghai") -> datetime:
    """A local time; ten in the morning where only the day is given."""
    if "T" not in text:
        text += "T10:00:00"
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def day(text: str) -> date:
    return date.fromisoformat(text)


def received(on: str, zone: str = "Asia/Shanghai") -> Event:
    return Event("received", at=at(on, zone))


def approved(on: str, by_role: str = "head_office_executive", entered: str | None = None) -> Event:
    return Event("extension_approved", at=at(on), entered_at=at(entered or on), by_role=by_role)


def suspended(
    first: str, last: str | None = None, told: str | None = None, reason: str = "external_appraisal"
) -> Event:
    return Event(
        "suspended",
        first=day(first),
        last=day(last) if last else None,
        told_at=at(told) if told else None,
        reason=reason,
    )


def sent(on: str, about: str = "decision", zone: str = "Asia/Shanghai", **more: Any) -> Event:
    return Event("notice_dispatched", at=at(on, zone), about=about, **more)


def told(on: str, about: str | None = None) -> Event:
    return Event("complainant_told", at=at(on), about=about)


def state_of(rule: str, *events: Event, on: str, zone: str | None = None, **attributes: str) -> ClockState:
    """The state of a matter under a shipped rule, asked for on a local day or time."""
    given = tuple(sorted((name, tuple(value.split(","))) for name, value in attributes.items()))
    case = CaseEvents(events, ZoneInfo(zone) if zone else None, None, given)
    book = shipped_rules()
    moment = at(on, zone or book.versions(rule)[-1].zone)
    return evaluate(book.rule_for(rule, case, at=moment), case, at=moment)


def deadline(rule: str, limit: str, *events: Event, on: str, zone: str | None = None, **attributes: str) -> Deadline:
    """One deadline of a matter under a shipped rule."""
    return state_of(rule, *events, on=on, zone=zone, **attributes).deadline(limit)


def due_and_state(state: ClockState, limit: str) -> tuple[str, State]:
    """The due day and the state of a limit."""
    one = state.deadline(limit)
    return (one.due_on.isoformat() if one.due_on else "", one.state)


def codes(state: ClockState) -> list[str]:
    """The codes of the findings."""
    return [finding.code for finding in state.findings]
