"""Pauses: which events leave days out of a limit, and from when they have effect."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from zhiyin.clock import phrases
from zhiyin.clock.events import Event
from zhiyin.clock.pauses import Interval, union
from zhiyin.clock.rule import Limit, Suspension
from zhiyin.clock.timeline import Timeline
from zhiyin.clock.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Pause:
    """One pause of a limit.

    Parameters
    ----------
    interval : its days; a pause without an end lasts until today.
    ground : on which it rests.
    is_open : whether it still lasts.
    effective : from when it has effect: its first day, or when the complainant was told; None where that is still to be
        done.
    """

    interval: Interval
    ground: Suspension
    is_open: bool
    effective: datetime | None


def pause_of(event: Event, limit: Limit, timeline: Timeline) -> Pause | None:
    """What an event leaves out of the first limit of a chain; None where it is no pause of that limit."""
    ground = _ground(event, limit, timeline)
    if ground is None or event.first is None:
        return None
    begins = timeline.moment(event)
    told = _told_at(event, timeline) if ground.notice else begins
    last = event.last or max(event.first, timeline.today)
    effective = None if told is None else max(begins, told)
    return Pause(Interval(event.first, last), ground, event.last is None, effective)


def _ground(event: Event, limit: Limit, timeline: Timeline) -> Suspension | None:
    if event.kind != "suspended":
        return None
    for ground in timeline.rule.suspensions:
        if limit.id in ground.limits and ground.reason.is_called(event.reason or ""):
            return ground
    return None


def _told_at(event: Event, timeline: Timeline) -> datetime | None:
    notice = timeline.told("suspension", timeline.moment(event))
    moments = [] if notice is None else [timeline.moment(notice)]
    if event.told_at is not None and event.told_at <= timeline.at:
        moments.append(event.told_at)
    return min(moments, default=None)


def days_left_out(pauses: Iterable[Pause]) -> tuple[Interval, ...]:
    """The days of several pauses, each day once."""
    return union(one.interval for one in pauses)


def pause_sentences(pauses: Iterable[Pause], start: date, due: date) -> tuple[Sentence, ...]:
    """The pauses between the start and the due day, and how many days they leave out together."""
    within = [one for one in pauses if one.interval.last > start and one.interval.first <= due]
    sentences = [_sentence(one) for one in within]
    single = sum(one.interval.count for one in within)
    together = sum(one.count for one in days_left_out(within))
    if together < single:
        sentences.append(say(phrases.PAUSES_OVERLAP, count=together))
    return tuple(sentences)


def _sentence(pause: Pause) -> Sentence:
    return say(
        phrases.PAUSED_SO_FAR if pause.is_open else phrases.PAUSED_DAYS,
        first=pause.interval.first,
        last=pause.interval.last,
        reason=pause.ground.reason.title,
        article=phrases.cited(pause.ground.article),
        count=pause.interval.count,
    )
