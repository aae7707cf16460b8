"""Which table a file belongs to: the one whose columns it explains best, with the runner-up named."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

from zhiyin.lake.suggest.constants import required_roles
from zhiyin.lake.suggest.match import Pick, candidates, match_columns
from zhiyin.lake.suggest.personal import Personal, find_personal
from zhiyin.lake.suggest.sample import Sample
from zhiyin.lake.suggest.survey import Question, find_questions
from zhiyin.tables import BASE_TABLES, Kind, Table

_REQUIRED, _EXPLAINED, _SAID = 0.4, 0.4, 0.2
_ANSWERED: Final = ("question", "scale", "value", "choice", "comment")
"""Columns of responses that a survey's questions fill."""
_PEOPLE: Final = (
    "responses",
    "requests",
    "interactions",
    "transactions",
    "customers",
    "contacts",
    "holdings",
    "invitations",
    "reviews",
    "staff",
    "posts",
    "events",
)
"""Tables in which a column called "Name" is a person's."""


@dataclass(frozen=True, slots=True)
class TableMatch:
    """How a file would go into one table.

    Attributes
    ----------
    table : the table.
    score : 0 to 1.
    picks : columns matched.
    questions : of a survey's workbook; empty for other files and tables.
    personal : columns that identify somebody.
    """

    table: Table
    score: float
    picks: tuple[Pick, ...]
    questions: tuple[Question, ...]
    personal: Personal


@cache
def _file_words() -> dict[str, list[str]]:
    text = (resources.files("zhiyin.lake.suggest") / "file_words.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def rank_tables(sample: Sample) -> tuple[TableMatch, ...]:
    """Every base table with its match, the best first."""
    matches = [match_table(sample, table) for table in BASE_TABLES]
    return tuple(sorted(matches, key=lambda match: -match.score))


def match_table(sample: Sample, table: Table) -> TableMatch:
    """Match a file with one table."""
    personal = find_personal(sample.columns, keeps_names=table.name not in _PEOPLE)
    others = tuple(profile for profile in sample.columns if profile.name not in personal)
    questions = find_questions(others) if table.name == "responses" else ()
    asked = {question.name for question in questions}
    offered = candidates(tuple(profile for profile in others if profile.name not in asked))
    picks = match_columns(table, offered)
    if questions:
        picks = tuple(pick for pick in picks if pick.column.name not in _ANSWERED)
    score = _score(sample, table, picks, len(questions), len(others))
    return TableMatch(table, score, picks, questions, personal)


def _score(sample: Sample, table: Table, picks: tuple[Pick, ...], questions: int, columns: int) -> float:
    found = {pick.column.name: pick.score for pick in picks}
    roles = [name for name in required_roles(table) if not (questions and name == "question")]
    if table.name == "responses" and not questions:
        # A response without a rating, choice or comment says nothing.
        roles.append("value")
    needed = [found.get(name, 0.0) for name in roles]
    if questions and "response_id" not in found:
        needed = [0.5]
    must = sum(needed) / len(needed) if needed else 0.5
    # Keys of customers, units and staff stand in every file and tell little.
    weight = {pick.column.name: 0.6 if pick.column.refers else 1.0 for pick in picks}
    explained = (
        sum(pick.score * weight[pick.column.name] * len(pick.candidate.names) for pick in picks) + 0.9 * questions
    )
    said = _said(sample, table)
    missing_time = table.time is not None and table.time not in found and table.column(table.time).kind is Kind.TIME
    total = _REQUIRED * must + _EXPLAINED * min(1.0, explained / max(columns, 1)) + _SAID * said
    return total * (0.85 if missing_time and not questions else 1.0)


def _said(sample: Sample, table: Table) -> float:
    """Whether the name of the file (1), or of some column (0.6), speaks for the table."""
    words = _file_words().get(table.name, [])
    stem = _plain(sample.path.name)
    heads = [_plain(profile.heading) for profile in sample.columns]
    if any(_has(stem, word) for word in words):
        return 1.0
    return 0.6 if any(_has(head, word) for head in heads for word in words) else 0.0


def _plain(text: str) -> str:
    return re.sub(r"[\W_\d]+", " ", text.lower())


def _has(text: str, word: str) -> bool:
    """English words whole, Chinese ones anywhere."""
    return bool(re.search(rf"\b{re.escape(word)}s?\b", text)) if word.isascii() else word in text
