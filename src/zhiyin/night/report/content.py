"""What a report says, before anybody decides how it looks: figures with their labels, counts, and people's words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from zhiyin.night.report.trend import Mark
from zhiyin.tables.figures import Change, Figure

VoiceKind = Literal["low", "high", "complaint"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison.

    Parameters
    ----------
    label : the group in people's words.
    figure : its figure.
    expected : what the bank as a whole would show if asked in the modes and on the scales in which this group was
        asked; None where that is not known. A group is judged by this, since modes differ more than groups do.
    """

    label: str
    figure: Figure
    expected: float | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Groups side by side.

    Parameters
    ----------
    key : what they are groups of: ``channel``, ``journey``, ``unit_id``, ``mode``.
    rows : the groups.
    total : of all of them, the reference; None where it is not shown.
    unstated : answers whose group is not stated.
    scale : the only scale whose answers count; empty where all do.
    """

    key: str
    rows: tuple[Row, ...]
    total: Figure | None
    unstated: int = 0
    scale: str = ""


@dataclass(frozen=True, slots=True)
class Headline:
    """The figure that the report is about.

    Parameters
    ----------
    figure : for the whole period.
    question, scales : what was asked, and on which scales it was answered.
    change : of the last stretch against the one before; None where there is no earlier one.
    stretches : in words, the two stretches compared.
    modes : share of the answers by mode of asking, largest first.
    left_out : rows that could not count, by reason.
    """

    figure: Figure
    question: str
    scales: tuple[str, ...]
    change: Change | None = None
    stretches: tuple[str, str] = ("", "")
    modes: tuple[tuple[str, float], ...] = ()
    left_out: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Rate:
    """How many were asked and how many answered, for one channel."""

    label: str
    asked: Figure | None
    answered: Figure | None


@dataclass(frozen=True, slots=True)
class Cause:
    """Complaints of one cause.

    Parameters
    ----------
    label : the cause in words.
    count : complaints.
    line : of them, with a head-office department responsible.
    unit : of them, with a branch or outlet responsible. What is left names nobody.
    main_line : the line of business named most, in words; empty if none.
    """

    label: str
    count: int
    line: int
    unit: int
    main_line: str = ""


@dataclass(frozen=True, slots=True)
class Voice:
    """What a customer wrote, masked.

    Parameters
    ----------
    words : the text.
    kind : beside a rating in the lowest box (``low``) or the highest (``high``), or in a ``complaint``. The rating
        says so, not the words: people who are content complain too.
    about : channel, journey and month, in words. Never a unit or a day: with few customers they would name the writer.
    language : of the text.
    """

    words: str
    kind: VoiceKind
    about: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Apart:
    """Rows of one file that were kept apart for one reason."""

    file: str
    table: str
    column: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Report:
    """Everything on the page. Empty parts say on the page that there is nothing and what would fill them.

    Parameters
    ----------
    bank : its name.
    zone : its time zone.
    start_on, end_on : first day counted, and the first no longer counted.
    as_of_us : until when the data reach.
    generation : of the lake's snapshot; the same generation gives the same page.
    version : of Zhiyin.
    rows : rows of each table in the lake.
    apart_total, loaded_total : rows kept apart, and rows read, over all loads.
    """

    bank: str
    zone: str
    start_on: date | None
    end_on: date | None
    as_of_us: int | None
    generation: int
    version: str
    headline: Headline | None = None
    trend: tuple[Figure, ...] = ()
    marks: tuple[Mark, ...] = ()
    measures: tuple[Figure, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    dissatisfied: Comparison | None = None
    rates: tuple[Rate, ...] = ()
    causes: tuple[Cause, ...] = ()
    complaints: int = 0
    voices: tuple[Voice, ...] = ()
    apart: tuple[Apart, ...] = ()
    apart_total: int = 0
    loaded_total: int = 0
    rows: Mapping[str, int] = field(default_factory=dict)
