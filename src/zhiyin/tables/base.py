"""Columns and tables: the words in which the rest of Zhiyin is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from zhiyin.errors import ZhiyinError


class Kind(StrEnum):
    """What a column holds, and with that how the lake stores it.

    ========== ================================== =====================
    kind       meaning                            stored as
    ========== ================================== =====================
    key        identifier given by the bank       string
    code       category, readable                 string
    text       free text, masked before storing   string
    integer    whole number                       64-bit integer
    small      small whole number                 16-bit integer
    number     measured quantity                  double
    flag       yes or no                          boolean
    time       instant                            microseconds UTC, int64
    span       length of time                     microseconds, int64
    date       local calendar day                 date
    money      amount                             cents, int64
    ========== ================================== =====================
    """

    KEY = "key"
    CODE = "code"
    TEXT = "text"
    INTEGER = "integer"
    SMALL = "small"
    NUMBER = "number"
    FLAG = "flag"
    TIME = "time"
    SPAN = "span"
    DATE = "date"
    MONEY = "money"


class Privacy(StrEnum):
    """Class of personal financial information (JR/T 0171-2020).

    C3 authenticates a person (passwords, biometrics) and never enters the lake. C2 identifies a person or
    describes their finances. C1 is internal. PUBLIC is not personal.
    """

    PUBLIC = "public"
    C1 = "C1"
    C2 = "C2"
    C3 = "C3"


_ENDINGS: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.TIME: ("_us",),
    Kind.SPAN: ("_us",),
    Kind.MONEY: ("_cents",),
    Kind.DATE: ("_on", "valid_from", "valid_to"),
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, what it means in both languages, and what values it may hold.

    Parameters
    ----------
    name : the name in the lake. Times end in ``_us``, money in ``_cents``, dates in ``_on``, flags begin with
        ``is_`` or ``has_``.
    kind : see :class:`Kind`.
    en, zh : what the column means, one phrase a language.
    required : whether a row without it is kept apart.
    vocabulary : name of the starter vocabulary whose codes it holds (``zhiyin.tables.vocabulary``); the bank may
        add codes of its own, so an unknown code is a warning, not an error.
    allowed : the closed list of values; anything else keeps the row apart.
    refers : ``table.column`` that it points to.
    minimum, maximum : inclusive range of a number.
    privacy : see :class:`Privacy`.
    unit : unit of a quantity, e.g. ``seconds``.
    """

    name: str
    kind: Kind
    en: str
    zh: str
    required: bool = False
    vocabulary: str | None = None
    allowed: tuple[str, ...] = ()
    refers: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    privacy: Privacy = Privacy.C1
    unit: str = ""

    def __post_init__(self) -> None:
        if self.privacy is Privacy.C3:
            raise ValueError(f"{self.name}: data of class C3 never enters the lake (DESIGN 4.4)")
        endings = _ENDINGS.get(self.kind)
        if endings is not None and not self.name.endswith(endings):
            raise ValueError(f"{self.name}: a column of kind {self.kind} ends with {' or '.join(endings)}")
        if self.kind is Kind.FLAG and not self.name.startswith(("is_", "has_")):
            raise ValueError(f"{self.name}: a flag begins with is_ or has_")


@dataclass(frozen=True, slots=True)
class WithinScale:
    """Row rule: the value lies on its scale (``limits``: scale to lowest and highest value)."""

    value: str
    scale: str
    limits: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class NotBefore:
    """Row rule: one time does not lie before another."""

    later: str
    earlier: str


Rule = WithinScale | NotBefore
"""A condition over several columns that a row must meet."""


class UnknownColumn(ZhiyinError):
    """A column was named that the table does not have."""

    code = "tables.unknown_column"
    message = "Table {table} has no column {column}."


@dataclass(frozen=True, slots=True)
class Table:
    """One declared table.

    Parameters
    ----------
    name : plural noun, the folder in the lake.
    en, zh : what one row is.
    columns : in storage order. The lake adds ``seq``, the arrival sequence, to each table.
    key : names of the columns that together identify a row.
    time : the column by which files are pruned and days restated; None for tables that are small.
    rules : conditions over several columns that a row must meet.
    derived : made by the lake from other tables, never ingested.
    """

    name: str
    en: str
    zh: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    time: str | None = None
    derived: bool = False
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        if len(names) != len(set(names)):
            raise ValueError(f"{self.name}: a column is declared twice")
        missing = [name for name in (*self.key, *((self.time,) if self.time else ())) if name not in names]
        if missing:
            raise ValueError(f"{self.name}: key or time names unknown columns {missing}")

    @property
    def column_names(self) -> tuple[str, ...]:
        """Names in storage order, without ``seq``."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column:
        """The column of that name.

        Raises
        ------
        UnknownColumn : with the nearest name as a suggestion.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise UnknownColumn(table=self.name, column=name, choices=self.column_names)

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that every row must fill: the key and those marked required."""
        return tuple(c.name for c in self.columns if c.required or c.name in self.key)

    @property
    def texts(self) -> tuple[str, ...]:
        """Names of the free-text columns, masked before they are stored."""
        return tuple(c.name for c in self.columns if c.kind is Kind.TEXT)


SEQUENCE = "seq"
"""Name of the arrival sequence that the lake adds to every table: later rows have higher numbers."""
