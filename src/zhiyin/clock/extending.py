"""Whether an extension takes effect: the right turn, the right approver, told, and all before the due day passed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from zhiyin.clock import phrases
from zhiyin.clock.dues import Due
from zhiyin.clock.events import Event
from zhiyin.clock.rule import Extension, Limit
from zhiyin.clock.timeline import Timeline, label
from zhiyin.clock.words import Pair, Sentence, say


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an extension is effective, and the sentence that says why."""

    is_effective: bool
    code: str
    sentence: Sentence


def effective_from(event: Event, extension: Extension, timeline: Timeline) -> datetime:
    """The moment from which an extension could have effect: approved, entered, and the complainant told.

    One that needs a notice and has none is taken at the moment of its entry, so that it is judged there.
    """
    moments = [timeline.moment(event)]
    if event.entered_at is not None:
        moments.append(event.entered_at)
    told = timeline.told("extension", timeline.moment(event)) if extension.notice else None
    if told is not None:
        moments.append(timeline.moment(told))
    return max(moments)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a chain stands when an extension is judged.

    Parameters
    ----------
    current, due : the limit in force and its end.
    since : the event from which the period is counted; what was approved before it belongs to an earlier period.
    agreed : a date that the parties agreed on, if any; it is not overridden by one side.
    """

    current: Limit
    due: Due
    since: Event
    agreed: Event | None


def judge_extension(
    event: Event, longer: Limit, extension: Extension, timeline: Timeline, standing: Standing
) -> Verdict:
    """Judge an extension at the moment it would take effect.

    Parameters
    ----------
    event : the approval or finding.
    longer, extension : the limit that would take the place of the current one, and on which terms.
    timeline : what is known.
    standing : the limit in force, its end, and what the parties agreed on.
    """
    due = standing.due
    kind, day, last = label(event.kind), timeline.day_of(event), due.shown(timeline)
    approver = next((one for one in extension.approvers if one.is_called(event.by_role or "")), None)
    if extension.approvers and approver is None:
        wanted = tuple(one.title for one in extension.approvers)
        return _no(
            "extension_wrong_role", say(phrases.WRONG_ROLE, day=day, role=event.by_role or "?", approvers=wanted)
        )
    if extension.of != standing.current.id:
        return _no("extension_out_of_turn", say(phrases.EXTENSION_TURN, day=day, id=extension.of))
    if timeline.moment(event) < timeline.moment(standing.since):
        return _no("before_start", say(phrases.BEFORE_START, kind=kind, day=day))
    if standing.agreed is not None:
        return _no("extension_agreed", say(phrases.EXTENSION_AGREED, kind=kind, day=day, due=last))
    if not due.keeps(timeline.moment(event), timeline):
        return _no("extension_late", say(phrases.EXTENSION_LATE, kind=kind, day=day, due=last))
    if event.entered_at is not None and not due.keeps(event.entered_at, timeline):
        entered = timeline.day(event.entered_at)
        return _no("extension_backdated", say(phrases.EXTENSION_BACKDATED, day=day, entered=entered, due=last))
    if extension.notice and not _is_told(event, due, timeline):
        still = due.keeps(timeline.at, timeline)
        template = phrases.EXTENSION_TELL if still else phrases.EXTENSION_NOT_TOLD
        return _no("extension_not_told", say(template, day=day, due=last))
    return _effective(approver.title if approver else None, kind, day.isoformat(), last, longer.id)


def _effective(approver: Pair | None, kind: Pair, day: str, due: str, longer: str) -> Verdict:
    if approver is None:
        return Verdict(True, "", say(phrases.EXTENDED, kind=kind, day=day, due=due, id=longer))
    return Verdict(True, "", say(phrases.EXTENDED_BY, approver=approver, day=day, due=due, id=longer))


def _is_told(event: Event, due: Due, timeline: Timeline) -> bool:
    told = timeline.told("extension", timeline.moment(event))
    return told is not None and due.keeps(timeline.moment(told), timeline)


def _no(code: str, sentence: Sentence) -> Verdict:
    return Verdict(False, code, sentence)
