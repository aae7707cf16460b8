"""A mapping in the making: what will be written, and beside each part what is not sure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from zhiyin.tables import Table


@dataclass(slots=True)
class DraftColumn:
    """One ``[columns.NAME]``.

    Attributes
    ----------
    target : column of the table.
    said : what the section says, in the order in which it is written.
    doubts : sentences, each written above it.
    unknown : values whose meaning the user must fill in, with their number of rows.
    is_active : whether it is written as it stands, or as a comment that waits for the user.
    """

    target: str
    said: dict[str, Any]
    doubts: list[str] = field(default_factory=list)
    unknown: dict[str, int] = field(default_factory=dict)
    is_active: bool = True


@dataclass(slots=True)
class DraftGroup:
    """One ``[[wide.columns]]``, with a comment for each question."""

    said: dict[str, Any]
    questions: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Draft:
    """The whole mapping.

    Attributes
    ----------
    table, feed : as the mapping says them.
    source : options of reading that the file needs.
    columns, groups : what fills the table.
    names, drop : personal columns.
    notes : sentences at the head that are no doubts.
    doubts : about the file and the choice of the table.
    unused : columns of the file that go nowhere.
    must : required columns that nothing was found for.
    """

    table: Table
    feed: str
    source: dict[str, Any] = field(default_factory=dict)
    columns: list[DraftColumn] = field(default_factory=list)
    groups: list[DraftGroup] = field(default_factory=list)
    names: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    privacy_doubts: list[str] = field(default_factory=list)
    unused: tuple[str, ...] = ()
    must: tuple[str, ...] = ()

    def column(self, target: str) -> DraftColumn | None:
        """The section of a column of the table, if there is one."""
        return next((column for column in self.columns if column.target == target), None)
