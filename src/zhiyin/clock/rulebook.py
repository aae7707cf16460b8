"""All rules and calendars that are loaded, and which version of a rule a matter belongs to."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from zoneinfo import ZoneInfo

from zhiyin.clock.calendarfiles import read_calendar
from zhiyin.clock.events import CaseEvents
from zhiyin.clock.rule import Rule
from zhiyin.clock.rulechecks import TWICE
from zhiyin.clock.rulefiles import read_rule
from zhiyin.clock.sections import ClockFileInvalid, toml_files
from zhiyin.clock.words import say
from zhiyin.clock.workdays import Calendar
from zhiyin.errors import ZhiyinError


class UnknownRule(ZhiyinError):
    """A rule was named that is not loaded."""

    code = "clock.unknown_rule"
    message = "There is no rule {rule}. Rules: {rules}."
    status = 404


class UnknownCalendar(ZhiyinError):
    """A calendar was named that is not loaded."""

    code = "clock.unknown_calendar"
    message = "There is no calendar {calendar}. Calendars: {calendars}."
    status = 404


class NoRuleInForce(ZhiyinError):
    """No loaded version of the rule was in force when the matter started."""

    code = "clock.no_rule_in_force"
    message = "No version of {rule} was in force on {day}; loaded: {versions}."
    status = 409


@dataclass(frozen=True, slots=True)
class RuleBook:
    """Rules and calendars, all checked.

    Parameters
    ----------
    rules : every version of every rule.
    calendars : every calendar.
    """

    rules: tuple[Rule, ...]
    calendars: tuple[Calendar, ...]

    def names(self) -> tuple[str, ...]:
        """The names of the rules, in alphabetical order."""
        return tuple(sorted({rule.rule for rule in self.rules}))

    def calendar(self, name: str) -> Calendar:
        """A calendar by name.

        Raises
        ------
        UnknownCalendar : it is not loaded.
        """
        for calendar in self.calendars:
            if calendar.name == name:
                return calendar
        names = tuple(calendar.name for calendar in self.calendars)
        raise UnknownCalendar(calendar=name, calendars=", ".join(names), choices=names)

    def versions(self, name: str) -> tuple[Rule, ...]:
        """Every version of a rule, oldest first.

        Raises
        ------
        UnknownRule : there is none.
        """
        found = sorted((rule for rule in self.rules if rule.rule == name), key=lambda rule: rule.valid_from)
        if not found:
            raise UnknownRule(rule=name, rules=", ".join(self.names()), choices=self.names())
        return tuple(found)

    def in_force(self, name: str, day: date) -> Rule:
        """The version of a rule in force on a day: the last one that had begun, if it had not ended.

        Raises
        ------
        UnknownRule : there is no such rule.
        NoRuleInForce : no version was in force.
        """
        versions = self.versions(name)
        begun = [rule for rule in versions if rule.valid_from <= day]
        if begun and (begun[-1].valid_to is None or day <= begun[-1].valid_to):
            return begun[-1]
        shown = ", ".join(f"{rule.version} ({rule.valid_from} – {rule.valid_to or ''})" for rule in versions)
        raise NoRuleInForce(rule=name, day=day.isoformat(), versions=shown)

    def rule_for(self, name: str, case: CaseEvents, *, at: datetime) -> Rule:
        """The version that a matter belongs to: the one in force on the local day of its first start event.

        A version that begins while the matter is open does not touch it. A matter that has not started is read by the
        version in force at ``at``.
        """
        versions = self.versions(name)
        zone = case.zone or ZoneInfo(versions[-1].zone)
        starting = [matcher for rule in versions for limit in rule.limits for matcher in limit.start]
        moments = [event.moment(zone) for event in case.events if any(one.fits(event) for one in starting)]
        return self.in_force(name, min([*moments, at]).astimezone(zone).date())


def load_rules(*folders: Path) -> RuleBook:
    """The shipped rules and calendars, and those of further folders.

    Parameters
    ----------
    folders : each holds ``rules/*.toml`` and ``calendars/*.toml``, or either. A calendar of the same name as a shipped
        one takes its place, so that a bank can load a new year before the next release; a rule is added as a version.

    Raises
    ------
    ClockFileInvalid : a file is wrong, or two files hold the same version of a rule.
    """
    rules: dict[tuple[str, str], Rule] = {}
    calendars: dict[str, Calendar] = {}
    shipped: tuple[Traversable | Path, ...] = (files("zhiyin.clock"), *folders)
    for folder in shipped:
        for path in _inside(folder, "calendars"):
            calendar = read_calendar(path)
            calendars[calendar.name] = calendar
        for path in _inside(folder, "rules"):
            rule = read_rule(path)
            if (rule.rule, rule.version) in rules:
                raise ClockFileInvalid(
                    file=path.name, where="version", problem=say(TWICE, value=f"{rule.rule} {rule.version}")
                )
            rules[rule.rule, rule.version] = rule
    book = RuleBook(tuple(rules[key] for key in sorted(rules)), tuple(calendars[key] for key in sorted(calendars)))
    _check_calendars(book)
    return book


@functools.cache
def shipped_rules() -> RuleBook:
    """The shipped rules and calendars, read and checked once."""
    return load_rules()


def _inside(folder: Path | Traversable, name: str) -> Iterable[Path | Traversable]:
    inner = folder / name
    return toml_files(inner) if inner.is_dir() else ()


def _check_calendars(book: RuleBook) -> None:
    for rule in book.rules:
        for name in (rule.calendar, *(limit.calendar for limit in rule.limits)):
            if name is not None:
                book.calendar(name)
        starts = [other.valid_from for other in book.versions(rule.rule)]
        if starts.count(rule.valid_from) > 1:
            raise ClockFileInvalid(file=rule.rule, where="valid_from", problem=say(TWICE, value=str(rule.valid_from)))
