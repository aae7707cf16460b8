"""Which column of a file becomes which column of a table: names and values weighed together, each used once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from zhiyin.lake.suggest.codes import MOST_CODES, map_codes
from zhiyin.lake.suggest.names import name_score, tokens
from zhiyin.lake.suggest.profile import Profile
from zhiyin.lake.suggest.survey import rate
from zhiyin.lake.suggest.times import TimeGuess, guess_excel_days
from zhiyin.tables import Column, Kind, Table

THRESHOLD: Final = 0.45
"""Below this a name is too unlike to be taken."""
_CLOCK_WORDS: Final = ("日期时间", "日期", "时间", "date", "time", "dt", "tm", "rq", "sj")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One column of the file, or a day and a time of day that stand in two columns and belong together."""

    profile: Profile
    clock: Profile | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The file's columns."""
        return (self.profile.name,) if self.clock is None else (self.profile.name, self.clock.name)

    def name_score(self, table: Table, column: Column) -> float:
        """Likeness of the name or the label to the column's."""
        scores = []
        for profile in (self.profile, self.clock):
            if profile is not None:
                scores.append(name_score(profile.name, table, column))
                scores.append(0.95 * name_score(profile.label, table, column))
        return max(scores)

    def times(self, *, named: bool) -> TimeGuess | None:
        """How it writes times; spreadsheet days only where the name says that it is a time."""
        return self.profile.times or (guess_excel_days(self.profile.counts) if named else None)


@dataclass(frozen=True, slots=True)
class Pick:
    """A column of the table and what was chosen for it."""

    column: Column
    candidate: Candidate
    score: float
    by_content: bool = False


def candidates(profiles: tuple[Profile, ...]) -> tuple[Candidate, ...]:
    """The file's columns, days and times of day joined where they belong together."""
    days = [p for p in profiles if p.times is not None and p.times.holds == "date"]
    clocks = [p for p in profiles if p.times is not None and p.times.holds == "clock"]
    paired: dict[str, Profile] = {}
    for clock in clocks:
        same = [day for day in days if _about(day.name) == _about(clock.name) and day.name not in paired]
        if same or (len(days) == len(clocks) == 1):
            paired[(same or days)[0].name] = clock
    taken = {clock.name for clock in paired.values()}
    return tuple(Candidate(p, paired.get(p.name)) for p in profiles if p.name not in taken)


def _about(name: str) -> str:
    whole = "".join(tokens(name))
    for word in _CLOCK_WORDS:
        if whole.endswith(word):
            return whole.removesuffix(word)
    return whole


def match_columns(table: Table, offered: tuple[Candidate, ...]) -> tuple[Pick, ...]:
    """Assign candidates to columns so that the sum of the scores is highest.

    A required column that no name fits is then looked for by content alone, and only taken where a single candidate
    could be it.
    """
    if not offered:
        return ()
    scores = np.array([[_score(table, column, candidate) for candidate in offered] for column in table.columns])
    # Of equals, the columns that must be filled come first.
    weights = np.array([1.05 if column.name in table.required else 1.0 for column in table.columns])
    chosen = zip(
        *linear_sum_assignment(np.where(scores >= THRESHOLD, scores, 0.0) * weights[:, None], maximize=True),
        strict=True,
    )
    picks = [
        Pick(table.columns[row], offered[place], float(scores[row, place]))
        for row, place in chosen
        if scores[row, place] >= THRESHOLD
    ]
    return (*picks, *_by_content(table, offered, picks))


def _score(table: Table, column: Column, candidate: Candidate) -> float:
    name = candidate.name_score(table, column)
    if name < THRESHOLD:
        return 0.0
    return name * (0.5 + 0.5 * fit) if (fit := content_fit(table, column, candidate, named=name > 0.6)) else 0.0


def _by_content(table: Table, offered: tuple[Candidate, ...], picks: list[Pick]) -> list[Pick]:
    done, used = {pick.column.name for pick in picks}, {name for pick in picks for name in pick.candidate.names}
    found: list[Pick] = []
    for column in table.columns:
        if column.name in done or not _is_wanted(table, column, done):
            continue
        able = [
            candidate
            for candidate in offered
            if not used.intersection(candidate.names) and _could_be(table, column, candidate)
        ]
        if len(able) == 1:
            found.append(Pick(column, able[0], 0.4, by_content=True))
            used.update(able[0].names)
            done.add(column.name)
    return found


def _is_wanted(table: Table, column: Column, done: set[str]) -> bool:
    """Whether a table without the column would say little: what must be filled, its time, its answers, its text."""
    if column.kind is Kind.TEXT:
        return not done.intersection(table.texts)
    if column.name in (*table.required, table.time):
        return column.kind is not Kind.CODE
    return (table.name, column.name) == ("responses", "value")


def _could_be(table: Table, column: Column, candidate: Candidate) -> bool:
    """Whether the values alone make a candidate likely: unique keys, times, ratings, sentences."""
    profile = candidate.profile
    match column.kind:
        case Kind.KEY:
            return own_key(table, column) and profile.is_unique and profile.times is None and profile.rows > 20
        case Kind.TIME | Kind.DATE:
            return profile.times is not None and profile.times.holds != "clock"
        case Kind.TEXT:
            return profile.sentence_share > 0.5
        case Kind.SMALL:
            return rate(profile) is not None
    return False


def content_fit(table: Table, column: Column, candidate: Candidate, *, named: bool) -> float:
    """How well the values suit the column, 0 (cannot be) to 1; 0.5 where the sample has no values."""
    profile = candidate.profile
    if not profile.filled:
        return 0.5
    if candidate.clock is not None:
        return 1.0 if column.kind is Kind.TIME else 0.6 if column.kind is Kind.DATE else 0.0
    match column.kind:
        case Kind.TIME | Kind.DATE | Kind.SPAN:
            return _fit_time(column.kind, candidate.times(named=named))
        case Kind.INTEGER | Kind.SMALL:
            return _fit_whole(table, column, profile)
        case Kind.NUMBER | Kind.MONEY:
            return 1.0 if profile.number_share > 0.95 else 0.0
        case Kind.FLAG:
            return 1.0 if profile.yes_no_share > 0.95 else 0.6 if len(profile.counts) <= 6 else 0.0
        case Kind.TEXT:
            return (
                0.0 if profile.number_share > 0.9 else min(1.0, 0.5 + profile.sentence_share + profile.mean_length / 60)
            )
        case Kind.KEY:
            return _fit_key(table, column, profile)
        case _:
            return _fit_code(table, column, profile)


def _fit_time(kind: Kind, guess: TimeGuess | None) -> float:
    if guess is None or guess.holds == "clock":
        return 0.0
    if kind is Kind.TIME:
        return 1.0 if guess.holds == "time" else 0.85
    return 1.0 if guess.holds == "date" else 0.8


def _fit_whole(table: Table, column: Column, profile: Profile) -> float:
    if profile.whole_share < 0.9:
        # Words of satisfaction, "5 分" and the like become numbers by a map.
        return 0.6 if (table.name, column.name) == ("responses", "value") and len(profile.counts) <= 12 else 0.0
    low = -float("inf") if column.minimum is None else column.minimum
    high = float("inf") if column.maximum is None else column.maximum
    inside = sum(n for number, n in profile.numbers.items() if low <= number <= high)
    return 1.0 if inside > 0.8 * profile.filled else 0.0


def own_key(table: Table, column: Column) -> bool:
    """Whether the column is the table's own identifier: a part of its key that points nowhere else."""
    return column.name in table.key and column.kind is Kind.KEY and column.refers is None


def _fit_key(table: Table, column: Column, profile: Profile) -> float:
    if profile.mean_length > 64 or profile.sentence_share > 0.3:
        return 0.0
    guess = profile.times
    # 20260301 in 机构号 is not likely, but a serial number of 14 digits may well read as a time.
    dated = guess is not None and not all(value.isdigit() for value in list(profile.counts)[:20])
    worth = 0.3 if dated else 1.0
    if own_key(table, column):
        return worth * (1.0 if profile.is_unique else 0.6)
    return worth * (0.8 if profile.is_unique and profile.rows > 50 else 1.0)


def _fit_code(table: Table, column: Column, profile: Profile) -> float:
    if profile.sentence_share > 0.5 or profile.mean_length > 120:
        return 0.2
    several = len(profile.counts)
    if column.allowed or column.vocabulary:
        known = map_codes(profile, table, column).known_share
        if column.allowed:
            return 0.5 + 0.5 * known if several <= MOST_CODES else 0.0
        return 0.7 + 0.3 * known if several <= 200 else 0.3
    guess = profile.times
    return 0.4 if guess is not None and guess.holds == "time" else 1.0
