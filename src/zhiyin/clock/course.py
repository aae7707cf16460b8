"""Follow the limits of a chain through time: started, extended, restarted, agreed, kept, missed, ended.

The events of a matter are taken in the order in which they took effect, whatever their order in the file. At each
moment one limit of the chain is in force and one day is due; what comes after that day comes too late.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from zhiyin.clock import phrases
from zhiyin.clock.dues import Due, due_of
from zhiyin.clock.events import Event
from zhiyin.clock.extending import Standing, effective_from, judge_extension
from zhiyin.clock.pauses import is_paused
from zhiyin.clock.pausing import Pause, days_left_out, pause_of
from zhiyin.clock.rule import Change, Extension, Limit
from zhiyin.clock.states import Finding, State
from zhiyin.clock.timeline import Timeline, label
from zhiyin.clock.words import Sentence, say


@dataclass(frozen=True, slots=True)
class Ending:
    """Another limit was met, so this chain need no longer be kept."""

    moment: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Course:
    """How a chain went.

    Parameters
    ----------
    chain : its limits, the first one first.
    start : the event from which the period is counted.
    limit : the one in force.
    due : when that one ends; None where it is to be done promptly.
    state : where it stands.
    satisfied : what satisfied it.
    agreed : the agreement that set the date, if one did.
    pauses : those that leave days out.
    disputed : those of which the complainant was not told, or too late; they leave no days out.
    steps : what happened on the way.
    findings : what to look at.
    """

    chain: tuple[Limit, ...]
    start: Event
    limit: Limit
    due: Due | None
    state: State
    satisfied: Event | None
    agreed: Event | None
    pauses: tuple[Pause, ...]
    disputed: tuple[Pause, ...]
    steps: tuple[Sentence, ...]
    findings: tuple[Finding, ...]


def start_of(limit: Limit, timeline: Timeline) -> Event | None:
    """The earliest event that starts a limit."""
    return next((event for event in timeline.events if any(one.fits(event) for one in limit.start)), None)


def follow(chain: tuple[Limit, ...], timeline: Timeline, endings: tuple[Ending, ...] = ()) -> Course | None:
    """The course of a chain; None where nothing has started it.

    Raises
    ------
    CalendarYearMissing : the limit in force counts working days into a year that is not published.
    """
    start = start_of(chain[0], timeline)
    return None if start is None else _Walk(chain, timeline, start).through(endings)


@dataclass(frozen=True, slots=True)
class _Item:
    """Something that happens in a chain: when, in which order at the same moment, by which event, and what it does."""

    moment: datetime
    rank: int
    event: Event | None
    take: Callable[[], None]


class _Walk:
    """One pass through the events; its state is the limit in force, since which start, and what is agreed."""

    def __init__(self, chain: tuple[Limit, ...], timeline: Timeline, start: Event) -> None:
        self.chain, self.timeline, self.start = chain, timeline, start
        self.limit = chain[0]
        self.pauses: list[Pause] = []
        self.disputed: list[Pause] = []
        self.agreed: Event | None = None
        self.satisfied: Event | None = None
        self.state: State | None = None
        self.steps: list[Sentence] = []
        self.findings: list[Finding] = []

    def due(self) -> Due | None:
        """When the limit in force ends, by what is known."""
        if self.agreed is not None and self.agreed.due_on is not None:
            return Due(self.agreed.due_on)
        return due_of(self.limit, self.start, self.timeline, days_left_out(self.pauses))

    def in_time(self, moment: datetime) -> bool:
        """Whether something done at a moment is in time."""
        due = self.due()
        return due is None or due.keeps(moment, self.timeline)

    def through(self, endings: tuple[Ending, ...]) -> Course:
        """Take every event in turn, then look at the clock."""
        for item in self._agenda(endings):
            if self.state is None:
                item.take()
            elif item.event is not None:
                self._after_end(item.event)
        if self.satisfied is None:
            self._find_untold()
        return Course(
            chain=self.chain,
            start=self.start,
            limit=self.limit,
            state=self.state or self._standing(),
            due=self.due(),
            satisfied=self.satisfied,
            agreed=self.agreed,
            pauses=tuple(self.pauses),
            disputed=tuple(self.disputed),
            steps=tuple(self.steps),
            findings=tuple(dict.fromkeys(self.findings)),
        )

    def _agenda(self, endings: tuple[Ending, ...]) -> list[_Item]:
        items = [item for event in self.timeline.events if event is not self.start for item in self._items_of(event)]
        items += [_Item(one.moment, _LAST, None, partial(self._ended_by, one)) for one in endings]
        first = self.timeline.moment(self.start)
        for item in items:
            if item.moment < first and item.event is not None and item.rank < _SATISFIES:
                self._find("before_start", say(phrases.BEFORE_START, **self._facts(item.event)))
        return sorted((item for item in items if item.moment >= first), key=lambda item: (item.moment, item.rank))

    def _items_of(self, event: Event) -> list[_Item]:
        """What an event does in this chain; an earlier rank comes first at the same moment."""
        rule, first, moment = self.timeline.rule, self.chain[0], self.timeline.moment(event)
        entered = max(moment, event.entered_at) if event.entered_at else moment
        items = [
            _Item(moment, 1, event, partial(self._restart, event, one)) for one in _of(rule.restarts, event, first)
        ]
        pause = pause_of(event, first, self.timeline)
        if pause is not None:
            begins = max(pause.effective or moment, self.timeline.moment(self.start))
            items.append(_Item(begins, 0, event, partial(self._pause, pause, event)))
        for longer in self.chain[1:]:
            extension = longer.extension
            if extension is not None and extension.by == event.kind:
                effective = effective_from(event, extension, self.timeline)
                items.append(_Item(effective, 2, event, partial(self._extend, event, longer, extension)))
        items += [
            _Item(entered, 3, event, partial(self._agree, event, one)) for one in _of(rule.agreements, event, first)
        ]
        items += [_Item(moment, 4, event, partial(self._merge, event, one)) for one in _of(rule.merges, event, first)]
        if not items and any(one.fits(event) for one in first.start):
            items.append(_Item(moment, 4, event, partial(self._find_again, event)))
        if any(one.fits(event) for one in first.satisfied_by) and self.timeline.counts(event):
            items.append(_Item(moment, _SATISFIES, event, partial(self._satisfy, event)))
        items += [_Item(moment, 6, event, partial(self._end, event, one)) for one in _of(rule.endings, event, first)]
        return items

    def _facts(self, event: Event) -> dict[str, object]:
        """What the sentences about an event need: its kind, its day, and the due day at that time."""
        due = self.due()
        last = due.shown(self.timeline) if due else ""
        return {"kind": label(event.kind), "day": self.timeline.day_of(event), "due": last}

    def _find(self, code: str, sentence: Sentence) -> None:
        self.findings.append(Finding(code, sentence, self.limit.id))

    def _find_again(self, event: Event) -> None:
        self._find("again", say(phrases.AGAIN, **self._facts(event)))

    def _find_late(self, event: Event) -> None:
        self._find("change_late", say(phrases.CHANGE_LATE, **self._facts(event)))

    def _pause(self, pause: Pause, event: Event) -> None:
        """Leave its days out if it began, and the complainant was told, before the limit had passed without it."""
        if pause.effective is not None and self.in_time(pause.effective):
            self.pauses.append(pause)
            return
        self.disputed.append(pause)
        if pause.effective is None:
            return
        told = self.timeline.day(pause.effective)
        if told > pause.interval.first:
            article = phrases.cited(pause.ground.article)
            sentence = say(phrases.PAUSE_TOLD_LATE, **self._facts(event), told=told, article=article)
            self._find("pause_told_late", sentence)
        else:
            self._find_late(event)

    def _find_untold(self) -> None:
        for pause in self.disputed:
            if pause.effective is None:
                sentence = say(
                    phrases.PAUSE_NOT_TOLD, first=pause.interval.first, article=phrases.cited(pause.ground.article)
                )
                self._find("pause_not_told", sentence)

    def _restart(self, event: Event, change: Change) -> None:
        if not self.in_time(self.timeline.moment(event)):
            self._find_late(event)
            return
        self.start, self.limit, self.agreed = event, self.chain[0], None
        self.steps.append(say(phrases.RESTARTED, **self._facts(event), article=phrases.cited(change.article)))

    def _extend(self, event: Event, longer: Limit, extension: Extension) -> None:
        due = self.due()
        if due is None or self.chain.index(self.limit) >= self.chain.index(longer):
            return
        standing = Standing(current=self.limit, due=due, since=self.start, agreed=self.agreed)
        verdict = judge_extension(event, longer, extension, self.timeline, standing)
        if verdict.is_effective:
            self.steps.append(verdict.sentence)
            self.limit = longer
        else:
            self.findings.append(Finding(verdict.code, verdict.sentence, longer.id))

    def _agree(self, event: Event, change: Change) -> None:
        moment = self.timeline.moment(event)
        if not self.in_time(max(moment, event.entered_at or moment)):
            self._find_late(event)
        elif event.due_on is None or event.due_on < self.timeline.day(moment):
            sentence = say(phrases.AGREED_IN_PAST, **self._facts(event), agreed=event.due_on)
            self._find("agreed_in_past", sentence)
        else:
            self.agreed = event
            self.steps.append(
                say(phrases.AGREED, **self._facts(event), agreed=event.due_on, article=phrases.cited(change.article))
            )

    def _merge(self, event: Event, change: Change) -> None:
        self.steps.append(say(phrases.MERGED, **self._facts(event), article=phrases.cited(change.article)))

    def _satisfy(self, event: Event) -> None:
        moment = self.timeline.moment(event)
        missed = State.ENDED if self.limit.is_lapsing else State.BREACHED
        self.state = State.MET if self.in_time(moment) else missed
        self.satisfied = event

    def _end(self, event: Event, change: Change) -> None:
        moment = self.timeline.moment(event)
        is_late = not self.in_time(moment) and not self.limit.is_lapsing
        self.steps.append(
            say(
                phrases.ENDED_LATE if is_late else phrases.ENDED,
                **self._facts(event),
                article=phrases.cited(change.article),
            )
        )
        self.state = State.BREACHED if is_late else State.ENDED

    def _ended_by(self, ending: Ending) -> None:
        if self.in_time(ending.moment):
            self.state = State.ENDED
            self.steps.append(say(phrases.ENDED_BY, id=ending.by, day=self.timeline.day(ending.moment)))

    def _after_end(self, event: Event) -> None:
        if not any(one.fits(event) for one in self.chain[0].satisfied_by):
            self._find("after_end", say(phrases.AFTER_END, **self._facts(event)))

    def _standing(self) -> State:
        """Where an unsatisfied limit stands at the time asked about."""
        if not self.in_time(self.timeline.at):
            return State.ENDED if self.limit.is_lapsing else State.OVERDUE
        if self.agreed is None and is_paused(self.timeline.today, days_left_out(self.pauses)):
            return State.PAUSED
        return State.RUNNING


_SATISFIES = 5
_LAST = 9


def _of(changes: tuple[Change, ...], event: Event, first: Limit) -> tuple[Change, ...]:
    return tuple(one for one in changes if one.kind == event.kind and first.id in one.limits)
