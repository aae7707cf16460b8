"""From a match to the lines of a mapping: formats, missing codes, value maps, constants, and what is doubtful."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from zhiyin.lake.suggest.codes import MOST_CODES, map_codes
from zhiyin.lake.suggest.draft import DraftColumn
from zhiyin.lake.suggest.match import Pick
from zhiyin.lake.suggest.profile import Profile
from zhiyin.lake.suggest.survey import Question, rate
from zhiyin.lake.suggest.times import TimeGuess
from zhiyin.language import either, translate
from zhiyin.tables import Column, Kind, Table

SURE: Final = 0.72
"""Below this score the choice of a column is marked as a doubt."""
_FEN: Final = re.compile(r"[(（\[]\s*分\s*[)）\]]|(_|\b)(cents?|fen)$", re.I)
_YUAN: Final = re.compile(r"元|yuan|rmb|cny|[$€£¥]", re.I)
_KEYPAD: Final = re.compile(r"按键|key|press|AJ", re.I)


def say(sentence: str, **data: object) -> str:
    """A sentence in the user's language with its fields filled in."""
    return translate(sentence).format(**data)


def meaning(column: Column) -> str:
    """What a column of the table holds, in the user's language."""
    return either(column.zh, column.en)


def draft_column(pick: Pick, table: Table, *, order: str | None) -> DraftColumn:
    """The section of one matched column.

    Parameters
    ----------
    pick : what was matched.
    table : the table.
    order : ``%m`` or ``%d`` where other columns of the file tell which stands first in a date; else None.
    """
    column, profile = pick.column, pick.candidate.profile
    names = pick.candidate.names
    said: dict[str, Any] = {"join": list(names), "with": " "} if len(names) > 1 else {"from": names[0]}
    draft = DraftColumn(column.name, said, _choice(pick))
    if column.kind in (Kind.TIME, Kind.DATE):
        _add_times(draft, pick, order)
    elif column.kind is Kind.MONEY:
        _add_money(draft, profile)
    elif column.kind in (Kind.FLAG, Kind.CODE):
        _add_codes(draft, profile, table, column)
    elif column.kind in (Kind.INTEGER, Kind.SMALL, Kind.NUMBER):
        _add_numbers(draft, profile, column)
    elif column.kind is Kind.KEY and table.key == (column.name,) and not profile.is_unique and profile.filled:
        draft.doubts.append(_repeats(profile))
    _add_missing(said, profile.missing)
    return draft


def _choice(pick: Pick) -> list[str]:
    """What is doubtful of the choice of the column itself."""
    name = " + ".join(pick.candidate.names)
    if pick.by_content:
        return [say("chosen by its values alone; the name {name} does not tell.", name=name)]
    if pick.score < SURE:
        return [say("{name} is only perhaps “{meaning}”.", name=name, meaning=meaning(pick.column))]
    return []


def _add_missing(said: dict[str, Any], codes: Iterable[str]) -> None:
    found = [*said.get("missing", []), *codes]
    if found:
        said["missing"] = list(dict.fromkeys(found))


def _repeats(profile: Profile) -> str:
    if profile.filled < profile.rows:
        return say(
            "{n} of the first rows have no {name}; they would be kept apart.",
            n=profile.rows - profile.filled,
            name=profile.name,
        )
    again = profile.filled - len(profile.counts)
    return say(
        "{name} identifies the row, but comes again in {n} of the first rows: these would be kept apart as duplicates.",
        name=profile.name,
        n=again,
    )


def _add_times(draft: DraftColumn, pick: Pick, order: str | None) -> None:
    guess = pick.candidate.times(named=True)
    if guess is None:
        draft.doubts.append(say("no value was seen, so its format is not known; ISO 8601 is expected."))
        return
    clock = pick.candidate.clock
    if clock is not None and clock.times is not None:
        days = guess.formats or ("%Y-%m-%d",)
        draft.said["format"] = [f"{day} {clock.times.formats[0]}" for day in days]
        if clock.times.formats[0] == "%H%M%S" and any(len(value) < 6 for value in clock.counts):
            draft.doubts.append(
                say(
                    "some times of day lack their leading zero ({name}); those rows would be kept apart.",
                    name=clock.name,
                )
            )
    elif guess.formats:
        draft.said["format"] = _ordered(guess, order)
    if guess.rivals:
        draft.doubts.append(_which_order(draft.said["format"], guess, order))
    if guess.formats == ("excel",):
        draft.doubts.append(say("read as a spreadsheet's count of days."))
    if guess.formats and guess.formats[0].startswith("epoch"):
        unit = {"epoch_s": say("seconds"), "epoch_ms": say("milliseconds"), "epoch_us": say("microseconds")}[
            guess.formats[0]
        ]
        draft.doubts.append(say("read as {unit} since 1970.", unit=unit))
    if guess.share < 1:
        draft.doubts.append(
            say("{share} % of the values are not in this format.", share=f"{100 * (1 - guess.share):.1f}")
        )
    if pick.column.kind is Kind.TIME and clock is None and guess.holds == "date":
        draft.doubts.append(say("only days: every time becomes midnight."))


def _ordered(guess: TimeGuess, order: str | None) -> list[str]:
    """The formats, with the order of day and month that the rest of the file shows."""
    first = guess.formats[0]
    if order is not None and not first.startswith(order):
        rival = next((rival for rival in guess.rivals if rival.startswith(order)), None)
        if rival is not None:
            return [rival, *guess.formats[1:]]
    return list(guess.formats)


def _which_order(chosen: list[str], guess: TimeGuess, order: str | None) -> str:
    others = ", ".join(f for f in (*guess.formats, *guess.rivals) if f not in chosen)
    if order is not None and chosen[0].startswith(order):
        return say(
            "day and month could be the other way round ({others}); another column of the file decided.", others=others
        )
    return say(
        "day and month cannot be told apart: no value is above 12. Read as {chosen}; or is it {others}?",
        chosen=chosen[0],
        others=others,
    )


def day_order(guesses: Iterable[TimeGuess | None]) -> str | None:
    """What stands first in the file's dates, month or day, if some column shows it beyond doubt."""
    shown = {
        guess.formats[0][:2]
        for guess in guesses
        if guess is not None and guess.formats and not guess.rivals and guess.formats[0][:2] in ("%m", "%d")
    }
    return shown.pop() if len(shown) == 1 else None


def _add_money(draft: DraftColumn, profile: Profile) -> None:
    if profile.is_grouped:
        draft.said["thousands"] = ","
    if _FEN.search(profile.name):
        draft.said["scale"] = 1
        draft.doubts.append(say("read as fen (cents), because the name says so."))
    elif profile.whole_share == 1 and profile.filled and not _YUAN.search(profile.name):
        draft.doubts.append(
            say("read as yuan; all values are whole, so they may be fen (cents): then write scale = 1.")
        )
    if any(number < 0 for number in profile.numbers):
        draft.doubts.append(
            say("some amounts are negative; where the table wants none, those rows would be kept apart.")
        )


def _add_numbers(draft: DraftColumn, profile: Profile, column: Column) -> None:
    if profile.is_grouped:
        draft.said["thousands"] = ","
    low = column.minimum
    codes = [
        value for value in profile.counts if low is not None and value in ("-1", "-9", "-99") and float(value) < low
    ]
    if codes:
        _add_missing(draft.said, codes)
        draft.doubts.append(say("{codes} taken as “no value”.", codes=", ".join(codes)))


def _add_codes(draft: DraftColumn, profile: Profile, table: Table, column: Column) -> None:
    found = map_codes(profile, table, column)
    if found.values:
        draft.said["values"] = dict(found.values)
        if column.vocabulary and not column.allowed:
            draft.said["otherwise"] = "keep"
    if found.doubtful:
        draft.doubts.append(
            say("banks use {codes} for different things; check the map.", codes=", ".join(found.doubtful[:6]))
        )
    if found.is_turned:
        draft.doubts.append(say("the file asks the opposite question, so yes and no change places."))
    if not found.unknown or len(profile.counts) > MOST_CODES:
        return
    draft.unknown = dict(found.unknown)
    closed = bool(column.allowed) or column.kind is Kind.FLAG
    if closed:
        allowed = ", ".join(column.allowed) or "true, false"
        draft.doubts.append(
            say(
                "values without a known meaning: {n}. Rows with them are kept apart until the map says it; "
                "allowed is {allowed}.",
                n=len(found.unknown),
                allowed=allowed,
            )
        )
        if not found.values and column.name not in table.required:
            draft.is_active = False
            draft.said["values"] = {}
            draft.doubts.append(say("switched off, since no value is known; fill in the map and take the # away."))
    else:
        draft.doubts.append(
            say("codes that the starter vocabulary does not know, kept as they are: {n}.", n=len(found.unknown))
        )


def draft_rating(pick: Pick) -> list[DraftColumn]:
    """``value`` and ``scale`` of a feed with one rating a row."""
    profile = pick.candidate.profile
    draft = DraftColumn("value", {"from": profile.name}, _choice(pick))
    question = rate(profile)
    if question is None:
        draft.doubts.append(say("these values are no rating from 0 to 10; say in values what they mean."))
        draft.unknown = dict(profile.counts) if len(profile.counts) <= MOST_CODES else {}
        draft.is_active = False
        return [draft]
    _add_missing(draft.said, question.missing)
    scale = DraftColumn("scale", {"value": question.scale})
    if question.values:
        draft.said["values"] = dict(question.values)
    if question.is_turned:
        draft.doubts.append(say("the file's low codes are the good ones; turned round, so that high is good."))
    if question.is_unsure:
        scale.doubts.append(_unsure(question))
    turned = _turned(question)
    if turned:
        draft.said["values"] = turned
        draft.doubts.append(
            say(
                "most people pressed the lowest key; on keypads 1 is usually “very satisfied”, so the keys are turned "
                "round. Check this first."
            )
        )
    elif _KEYPAD.search(profile.name) and not question.values:
        draft.doubts.append(say("keys are read as high is good; check that 1 is not “very satisfied”."))
    return [scale, draft]


def _unsure(question: Question) -> str:
    return say(
        "scale {scale} read off answers from {low} to {high}; another scale is possible.",
        scale=question.scale,
        low=question.lowest,
        high=question.highest,
    )


def _turned(question: Question) -> dict[str, int]:
    """For a keypad whose commonest key by far is the lowest: key to rank, best highest."""
    top = int(question.scale.removeprefix("points"))
    keypad = _KEYPAD.search(question.name) is not None and top <= 5 and question.lowest == 1 and not question.values
    lowest = question.profile.numbers.get(1.0, 0)
    if not keypad or lowest < 0.5 * question.profile.filled:
        return {}
    return {str(key): top + 1 - key for key in range(1, top + 1)}
