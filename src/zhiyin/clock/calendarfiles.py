"""From a TOML file to a :class:`~zhiyin.clock.workdays.Calendar`."""

from __future__ import annotations

from datetime import date
from importlib.resources.abc import Traversable
from pathlib import Path

from zhiyin.clock.rulechecks import TWICE
from zhiyin.clock.rulefiles import CONFIDENCES
from zhiyin.clock.sections import NOT_ONE_OF, Section, read_section
from zhiyin.clock.words import say
from zhiyin.clock.workdays import Calendar

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NOT_IN_YEAR = "{value} is not a day of that year"


def read_calendar(path: Path | Traversable) -> Calendar:
    """One calendar from its file.

    Raises
    ------
    ClockFileInvalid : naming the file, the place and the problem.
    """
    top = read_section(path)
    weekend = top.texts("weekend")
    for day in weekend:
        if day not in WEEKDAYS:
            top.refuse("weekend", say(NOT_ONE_OF, value=day, choices=WEEKDAYS))
    confidence = top.text("confidence")
    if confidence not in CONFIDENCES:
        top.refuse("confidence", say(NOT_ONE_OF, value=confidence, choices=CONFIDENCES))
    closed: set[date] = set()
    opened: set[date] = set()
    years: set[int] = set()
    for section in top.sections("year"):
        year = section.count("year")
        if year in years:
            section.refuse("year", say(TWICE, value=year))
        years.add(year)
        closed |= _days(section, "closed", year)
        opened |= _days(section, "opened", year)
        section.finish()
    calendar = Calendar(
        name=top.text("calendar"),
        title=top.pair("title"),
        source=top.text("source"),
        provenance=top.text("provenance"),
        confidence=confidence,
        notice=top.text("notice"),
        weekend=frozenset(WEEKDAYS.index(day) for day in weekend),
        closed=frozenset(closed),
        opened=frozenset(opened),
        published_years=frozenset(years),
    )
    top.finish()
    return calendar


def _days(section: Section, key: str, year: int) -> set[date]:
    days = section.days(key)
    for day in days:
        if day.year != year:
            section.refuse(key, say(NOT_IN_YEAR, value=day.isoformat()))
    return set(days)
