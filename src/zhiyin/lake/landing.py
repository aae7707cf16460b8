"""Landing folders: a bank's nightly files, taken when their end marker says that they are complete.

The plan is a TOML file::

    folder = "/data/landing"          # left out: the plan's own folder

    [[feed]]
    name = "counter-device"
    pattern = "PJQ_{day}.txt"         # {day} is YYYYMMDD; * stands for anything
    marker = ".ok"                    # PJQ_20260301.txt.ok or PJQ_20260301.ok must be there
    marker_rows = true                # the first number in the marker is the number of rows
    table = "responses"
    map = "counter.toml"              # beside the plan, or a preset
    mode = "daily"                    # daily, append, upsert, full

``daily`` means: one file is all of one local day. The same day again, with other content, restates it; a day that comes
late is simply that day. Files are taken in the order of their days, and a file that fails does not hold up other feeds.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from fnmatch import translate as glob_to_pattern
from pathlib import Path
from typing import Any, Final

from zhiyin.errors import ZhiyinError
from zhiyin.lake.loading import IngestOptions, LoadResult, Mode, Progress, ingest
from zhiyin.lake.mapping import Mapping, read_mapping
from zhiyin.lake.store import Lake
from zhiyin.tables import table

_WORDS: Final = ("name", "pattern", "marker", "marker_rows", "table", "map", "mode")
_MODES: Final = ("daily", "append", "upsert", "full")


class LandingPlanError(ZhiyinError):
    """A landing plan says something that cannot be meant."""

    code = "lake.landing_plan"
    message = "Landing plan {file}, {where}: {problem}"


class NotADay(ZhiyinError):
    """The name of a landed file has digits where its day should stand, and they are no day."""

    code = "lake.not_a_day"
    message = "{file}: {day} is not a day. The file was not loaded; give it the right name."


@dataclass(frozen=True, slots=True)
class Feed:
    """One kind of file in the landing folder."""

    name: str
    pattern: str
    table: str
    mapping: Mapping | None
    mode: str = "daily"
    marker: str = ".ok"
    marker_rows: bool = False

    def match(self, file: str) -> re.Match[str] | None:
        """Whether a file name belongs to the feed; group ``day`` holds its day."""
        head, found, tail = self.pattern.partition("{day}")
        body = _glob(head) + (r"(?P<day>\d{8}|\d{4}-\d{2}-\d{2})" if found else "") + _glob(tail)
        return re.fullmatch(body, file)


@dataclass(frozen=True, slots=True)
class LandingPlan:
    """A folder and its feeds."""

    folder: Path
    feeds: tuple[Feed, ...]


@dataclass(frozen=True, slots=True)
class Arrival:
    """A complete file: its feed, day and what its marker announces."""

    feed: Feed
    path: Path
    day: date | None
    rows: int | None
    said_day: str | None = None


@dataclass(frozen=True, slots=True)
class LandingResult:
    """What became of one arrival; exactly one of ``result`` and ``error`` is set."""

    arrival: Arrival
    result: LoadResult | None = None
    error: ZhiyinError | None = None


def read_landing_plan(path: Path) -> LandingPlan:
    """Read a plan.

    Raises
    ------
    LandingPlanError, MappingNotFound, MappingError
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise LandingPlanError(file=str(path), where="-", problem="there is no such file") from None
    except tomllib.TOMLDecodeError as error:
        raise LandingPlanError(file=str(path), where="TOML", problem=str(error)) from None
    feeds = tuple(_feed(path, index, said) for index, said in enumerate(data.get("feed", ())))
    if not feeds:
        raise LandingPlanError(file=str(path), where="feed", problem="needs at least one [[feed]]")
    return LandingPlan(path.parent / data.get("folder", "."), feeds)


def _feed(path: Path, index: int, said: dict[str, Any]) -> Feed:
    where = f"feed[{index + 1}]"
    for word in said:
        if word not in _WORDS:
            raise LandingPlanError(
                file=str(path), where=where, problem=f"{word} is not known here.", choices=_WORDS, w=word
            )
    for word in ("name", "pattern", "table"):
        if word not in said:
            raise LandingPlanError(file=str(path), where=where, problem=f"{word} is missing")
    mode = said.get("mode", "daily")
    if mode not in _MODES:
        raise LandingPlanError(file=str(path), where=where, problem=f"mode {mode}: write one of {', '.join(_MODES)}")
    if mode == "daily" and ("{day}" not in said["pattern"] or table(said["table"]).time is None):
        raise LandingPlanError(
            file=str(path), where=where, problem="mode daily needs {day} in the pattern and a table that has a time"
        )
    mapping = None
    if "map" in said:
        beside = path.parent / said["map"]
        mapping = read_mapping(beside if beside.exists() else said["map"], into=said["table"])
    return Feed(
        name=said["name"],
        pattern=said["pattern"],
        table=said["table"],
        mapping=mapping,
        mode=mode,
        marker=said.get("marker", ".ok"),
        marker_rows=bool(said.get("marker_rows", False)),
    )


def arrivals(plan: LandingPlan) -> list[Arrival]:
    """Complete files in the order of their days."""
    found = []
    names = sorted(file.name for file in plan.folder.iterdir() if file.is_file())
    for feed in plan.feeds:
        for name in names:
            hit = feed.match(name)
            if hit is None:
                continue
            path = plan.folder / name
            marker = _marker(path, feed.marker)
            if feed.marker and marker is None:
                continue
            said = hit.groupdict().get("day")
            rows = _announced(marker) if marker is not None and feed.marker_rows else None
            found.append(Arrival(feed, path, _day(said), rows, said))
    return sorted(found, key=lambda arrival: (arrival.day or date.min, arrival.path.name))


def run_landing(
    lake: Lake,
    plan: LandingPlan,
    *,
    at: datetime,
    report: Callable[[Progress], None] = lambda progress: None,
    stop: Callable[[], bool] = lambda: False,
) -> Iterator[LandingResult]:
    """Load every complete file; those loaded before change nothing. Yields what became of each."""
    for arrival in arrivals(plan):
        try:
            result = _load(lake, arrival, at, report, stop)
        except ZhiyinError as error:
            yield LandingResult(arrival, error=error)
        else:
            yield LandingResult(arrival, result=result)


def _day(said: str | None) -> date | None:
    try:
        return date.fromisoformat(said) if said else None
    except ValueError:
        return None


def _load(
    lake: Lake, arrival: Arrival, at: datetime, report: Callable[[Progress], None], stop: Callable[[], bool]
) -> LoadResult:
    feed = arrival.feed
    if arrival.said_day is not None and arrival.day is None:
        raise NotADay(file=arrival.path.name, day=arrival.said_day)
    modes: dict[str, Mode] = {"daily": "restate", "append": "append", "upsert": "upsert", "full": "full"}
    options = IngestOptions(
        mode=modes[feed.mode],
        day=arrival.day if feed.mode == "daily" else None,
        feed=feed.name,
        announced_rows=arrival.rows,
    )
    return ingest(
        lake, arrival.path, into=feed.table, at=at, mapping=feed.mapping, options=options, report=report, stop=stop
    )


def _marker(path: Path, suffix: str) -> Path | None:
    return next(
        (m for m in (path.with_name(path.name + suffix), path.with_suffix(suffix)) if suffix and m.exists()), None
    )


def _announced(marker: Path) -> int | None:
    number = re.search(r"\d+", marker.read_text(encoding="utf-8", errors="replace"))
    return int(number.group()) if number else None


def _glob(text: str) -> str:
    return glob_to_pattern(text).removeprefix("(?s:").removesuffix(r")\Z")
