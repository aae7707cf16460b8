"""What a rule can say: the primitives of deadlines, as frozen data.

Nothing here knows a law. A rule is a list of :class:`Limit` (one duty with one clock each) and of what stops, restarts,
merges, ends or replaces them; the files under ``rules/`` fill these in, and a bank adds its own without code.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from zhiyin.clock.events import Event
from zhiyin.clock.periods import Period
from zhiyin.clock.words import Pair


class Actor(StrEnum):
    """Whose limit it is."""

    BANK = "bank"
    REGULATOR = "regulator"
    COMPLAINANT = "complainant"


class Nature(StrEnum):
    """What a limit is: something to do, a possibility that lapses, or something to keep until a day."""

    DUTY = "duty"
    POSSIBILITY = "possibility"
    KEEPING = "keeping"


class Roll(StrEnum):
    """What happens when the last day is not worked."""

    NONE = "none"
    NEXT_WORKING_DAY = "next_working_day"


@dataclass(frozen=True, slots=True)
class Matcher:
    """An event of a kind; of notices, one with one of these contents (none given: any); in writing, where asked."""

    kind: str
    about: tuple[str, ...] = ()
    written: bool = False

    def fits(self, event: Event) -> bool:
        """Whether the event is one of these."""
        if event.kind != self.kind or (self.written and event.written is False):
            return False
        return not self.about or event.subject in self.about


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a code, other spellings of it, and a title."""

    code: str
    also: tuple[str, ...]
    title: Pair

    def is_called(self, name: str) -> bool:
        """Whether that is its code or another spelling; case, spaces and hyphens make no difference."""
        return _plain(name) in {_plain(self.code), *(_plain(other) for other in self.also)}


def _plain(name: str) -> str:
    return "_".join(name.casefold().replace("-", " ").replace("_", " ").split())


@dataclass(frozen=True, slots=True)
class Extension:
    """How a limit takes the place of a shorter one.

    Parameters
    ----------
    of : id of the limit that it extends; the extension must be effective before that one has passed.
    by : kind of the event that does it.
    approvers : who may approve; empty: nobody need.
    notice : whether the complainant must be told, also before it has passed.
    """

    of: str
    by: str
    approvers: tuple[Named, ...] = ()
    notice: bool = False


@dataclass(frozen=True, slots=True)
class Limit:
    """One duty with one clock.

    Parameters
    ----------
    id : e.g. ``CN3-T15``.
    article : where it stands in the source.
    duty : what must be done.
    actor : by whom.
    confidence : how sure the fact is: Q read in the official text, S secondary source, M from memory, V computed,
        I our reading.
    start : events that start it; the earliest does.
    period : how long; None: promptly, without a number of days.
    satisfied_by : events that satisfy it, the earliest one after the start.
    extension : how it takes the place of a shorter limit; None for the first one of a chain.
    exclude_start_day : whether counting begins on the day after the start.
    roll, advisory_roll : what a day off at the end does to the date, and to the date shown beside it.
    calendar : a calendar of its own instead of the case's or the rule's.
    by_close_of_business : whether the last day ends when the bank closes, where the matter gives that time.
    applies : attributes that the matter must have for it to apply.
    not_applicable : what to say where they are missing.
    if_late : what follows when it is missed.
    is_lapsing : whether passing it only ends a possibility, instead of breaching a duty.
    keeps : whether it is a time for which something must be kept: the date is the first on which it may go.
    held_by : attribute that stops that, such as a legal hold.
    ends : ids of limits that need no longer be kept once this one is met.
    requires : id of a limit that must not have lapsed.
    announces : ids of limits whose date must be told when this duty is done.
    """

    id: str
    article: str
    duty: Pair
    actor: Actor
    confidence: str
    start: tuple[Matcher, ...]
    period: Period | None
    satisfied_by: tuple[Matcher, ...] = ()
    extension: Extension | None = None
    exclude_start_day: bool = True
    roll: Roll = Roll.NONE
    advisory_roll: Roll = Roll.NONE
    calendar: str | None = None
    by_close_of_business: bool = False
    applies: tuple[tuple[str, tuple[str, ...]], ...] = ()
    not_applicable: Pair | None = None
    if_late: Pair | None = None
    is_lapsing: bool = False
    keeps: bool = False
    held_by: str | None = None
    ends: tuple[str, ...] = ()
    requires: str | None = None
    announces: tuple[str, ...] = ()

    @property
    def nature(self) -> Nature:
        """Whether it is a duty, a possibility or a time of keeping."""
        if self.keeps:
            return Nature.KEEPING
        return Nature.POSSIBILITY if self.is_lapsing else Nature.DUTY


@dataclass(frozen=True, slots=True)
class Suspension:
    """A ground on which days are left out: its name, the article, whether the complainant must be told."""

    reason: Named
    article: str
    notice: bool
    limits: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What else an event of a kind does to limits: restart, merge, end or replace."""

    kind: str
    article: str
    limits: tuple[str, ...]
    id: str = ""


@dataclass(frozen=True, slots=True)
class NoticeProof:
    """What a way of telling must be proven with, and whether it counts without."""

    method: str
    article: str
    needs: tuple[str, ...]
    counts_without: bool


class Outcome(StrEnum):
    """What a condition leads to."""

    BLOCK = "block"
    DECLINE = "decline"
    CLASSIFY = "classify"
    TELL = "tell"


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison of a fact; see :mod:`zhiyin.clock.conditions`."""

    fact: str
    comparison: str
    value: object


@dataclass(frozen=True, slots=True)
class Condition:
    """A requirement without a clock: when all its tests hold, the outcome follows."""

    id: str
    article: str
    about: str
    outcome: Outcome
    when: tuple[Test, ...]
    says: Pair
    confidence: str


@dataclass(frozen=True, slots=True)
class Attribute:
    """What a rule asks of a matter: the values it may have, and the one taken where none is given."""

    name: str
    title: Pair
    values: tuple[Named, ...]
    default: tuple[str, ...]

    def code(self, value: str) -> str | None:
        """The code of a value given in any spelling; None where it is none of them."""
        return next((one.code for one in self.values if one.is_called(value)), None)


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of one instrument.

    Parameters
    ----------
    rule, version : its name and which version of it.
    title : what it is called.
    owner : ``law``, or ``bank`` for the bank's own clocks.
    source, source_note : where it is written, and what was read of it.
    confidence : the lowest of its facts that matter, as in :class:`Limit`.
    status : ``confirmed`` when counsel has confirmed it, else ``unconfirmed``.
    valid_from, valid_to : first and last day in force; a case belongs to the version in force at its start.
    zone, calendar : taken where the matter gives none; a rule of calendar days needs no calendar.
    """

    rule: str
    version: str
    title: Pair
    owner: str
    source: str
    source_note: str
    confidence: str
    status: str
    valid_from: date
    valid_to: date | None
    zone: str
    calendar: str | None
    attributes: tuple[Attribute, ...]
    limits: tuple[Limit, ...]
    suspensions: tuple[Suspension, ...] = ()
    restarts: tuple[Change, ...] = ()
    merges: tuple[Change, ...] = ()
    endings: tuple[Change, ...] = ()
    agreements: tuple[Change, ...] = ()
    proofs: tuple[NoticeProof, ...] = ()
    conditions: tuple[Condition, ...] = ()

    def limit(self, limit_id: str) -> Limit:
        """The limit of that id."""
        return next(limit for limit in self.limits if limit.id == limit_id)

    def chains(self) -> tuple[tuple[Limit, ...], ...]:
        """The limits in chains: a first limit, and those that extend it in turn."""
        following = {limit.extension.of: limit for limit in self.limits if limit.extension}
        chains = []
        for first in (limit for limit in self.limits if limit.extension is None):
            chain = [first]
            while chain[-1].id in following:
                chain.append(following[chain[-1].id])
            chains.append(tuple(chain))
        return tuple(chains)

    def kinds(self) -> frozenset[str]:
        """The kinds of event that mean something to it."""
        found = {matcher.kind for limit in self.limits for matcher in (*limit.start, *limit.satisfied_by)}
        found |= {limit.extension.by for limit in self.limits if limit.extension}
        changes = (*self.restarts, *self.merges, *self.endings, *self.agreements)
        found |= {change.kind for change in changes}
        if self.suspensions:
            found.add("suspended")
        if any(one.notice for one in self.suspensions) or any(
            limit.extension and limit.extension.notice for limit in self.limits
        ):
            found.add("complainant_told")
        return frozenset(found)
