"""Calendars and deadlines of law and promise: rules as data, answers with their arithmetic.

A rule is a versioned TOML file with its source, articles, validity and confidence; a calendar is a list of published
years. :func:`evaluate` takes a rule, what happened to a matter, and the time asked about, and answers with every
deadline, why it falls on that day, and what would change it. Nothing here reads the time of the machine, guesses an
unpublished year or counts in UTC.
"""

from __future__ import annotations

from zhiyin.clock.calendarfiles import read_calendar
from zhiyin.clock.conditions import ConditionMet, FactMissing, check_conditions
from zhiyin.clock.evaluation import evaluate
from zhiyin.clock.eventkinds import CaseInvalid, EventKind, Field, event_kinds
from zhiyin.clock.events import CaseEvents, Event, read_case
from zhiyin.clock.listing import rule_list
from zhiyin.clock.pauses import Interval, union
from zhiyin.clock.periods import Period, Unit, add_months, end_of_period
from zhiyin.clock.problems import ClockError
from zhiyin.clock.reference import clock_rules_page
from zhiyin.clock.rule import Actor, Limit, Nature, Outcome, Rule
from zhiyin.clock.rulebook import NoRuleInForce, RuleBook, UnknownCalendar, UnknownRule, load_rules, shipped_rules
from zhiyin.clock.rulefiles import read_rule
from zhiyin.clock.sections import ClockFileInvalid
from zhiyin.clock.states import Alternative, ClockState, Deadline, Finding, State, to_document
from zhiyin.clock.words import Pair, Sentence
from zhiyin.clock.workdays import Calendar, CalendarYearMissing

__all__ = [
    "Actor",
    "Alternative",
    "Calendar",
    "CalendarYearMissing",
    "CaseEvents",
    "CaseInvalid",
    "ClockError",
    "ClockFileInvalid",
    "ClockState",
    "ConditionMet",
    "Deadline",
    "Event",
    "EventKind",
    "FactMissing",
    "Field",
    "Finding",
    "Interval",
    "Limit",
    "Nature",
    "NoRuleInForce",
    "Outcome",
    "Pair",
    "Period",
    "Rule",
    "RuleBook",
    "Sentence",
    "State",
    "Unit",
    "UnknownCalendar",
    "UnknownRule",
    "add_months",
    "check_conditions",
    "clock_rules_page",
    "end_of_period",
    "evaluate",
    "event_kinds",
    "load_rules",
    "read_calendar",
    "read_case",
    "read_rule",
    "rule_list",
    "shipped_rules",
    "to_document",
    "union",
]
