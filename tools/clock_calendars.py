"""Write the years of the shipped calendars anew from the packages they were seeded from.

``python -m tools.clock_calendars cn`` needs ``chinesecalendar``; ``uk-england-and-wales`` and ``au-nsw`` need
``holidays``. The files under ``src/zhiyin/clock/calendars`` are the truth once committed: a notice of a new year is
added to them by hand or with this tool, and read over by a person before it is committed.
"""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "src" / "zhiyin" / "clock" / "calendars"
MARK = "# Years."


def every_day(year: int) -> Iterable[date]:
    """Each day of a year."""
    day = date(year, 1, 1)
    while day.year == year:
        yield day
        day += timedelta(days=1)


def chinese(year: int) -> tuple[list[date], list[date]]:
    """Weekdays off and weekend days worked (调休), by ``chinesecalendar``."""
    source = importlib.import_module("chinese_calendar")
    closed = [day for day in every_day(year) if day.weekday() < 5 and not source.is_workday(day)]
    opened = [day for day in every_day(year) if day.weekday() >= 5 and source.is_workday(day)]
    return closed, opened


def public_holidays(country: str, subdivision: str) -> Callable[[int], tuple[list[date], list[date]]]:
    """Weekdays off by ``holidays``; no weekend day is worked."""

    def of_year(year: int) -> tuple[list[date], list[date]]:
        source = importlib.import_module("holidays")
        off = source.country_holidays(country, subdiv=subdivision, years=year)
        return sorted(day for day in off if day.weekday() < 5), []

    return of_year


SEEDS: dict[str, tuple[range, Callable[[int], tuple[list[date], list[date]]]]] = {
    "cn": (range(2004, 2027), chinese),
    "uk-england-and-wales": (range(2018, 2028), public_holidays("GB", "ENG")),
    "au-nsw": (range(2024, 2028), public_holidays("AU", "NSW")),
}


def dates(name: str, days: list[date]) -> str:
    """A TOML array of dates, six a line."""
    if not days:
        return f"{name} = []\n"
    lines = [days[index : index + 6] for index in range(0, len(days), 6)]
    body = "".join("    " + " ".join(f"{day.isoformat()}," for day in line) + "\n" for line in lines)
    return f"{name} = [\n{body}]\n"


def years_text(calendar: str) -> str:
    """All ``[[year]]`` tables of a calendar."""
    years, of_year = SEEDS[calendar]
    tables = []
    for year in years:
        closed, opened = of_year(year)
        tables.append(f"[[year]]\nyear = {year}\n{dates('closed', closed)}{dates('opened', opened)}")
    return "\n".join(tables)


def main() -> int:
    """Replace everything after the mark in the calendar's file."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("calendar", choices=sorted(SEEDS))
    path = FOLDER / f"{parser.parse_args().calendar}.toml"
    head = path.read_text("utf-8").partition(MARK)[0]
    path.write_text(f"{head}{MARK}\n\n{years_text(path.stem)}", "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
