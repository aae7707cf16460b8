"""What a lake holds at one moment, as plain JSON: files, loads, and the head that names them.

A manifest is never changed. A commit writes new manifests and then replaces ``head.json`` by rename, so a reader
that has read the head once sees all tables of one moment, whatever writers do beside it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One immutable Parquet file of a table.

    ``first_us`` and ``last_us`` bound the table's time column (None where it has none or the file is all null);
    ``load`` is the load that delivered the rows.
    """

    name: str
    rows: int
    size: int
    load: str
    first_seq: int
    last_seq: int
    first_us: int | None = None
    last_us: int | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """One delivery of one file, as it was committed: what came in, what was kept apart, under which rules.

    ``rows_in = rows_kept + rows_apart + rows_unchanged``. ``rows_replaced`` counts earlier rows that this load
    replaced (upsert, restate, full).
    """

    load_id: str
    table: str
    source: str
    content: str
    mapping: str
    mode: str
    recorded_us: int
    feed: str = ""
    rows_in: int = 0
    rows_kept: int = 0
    rows_apart: int = 0
    rows_unchanged: int = 0
    rows_replaced: int = 0
    day: str | None = None
    masked: dict[str, int] = field(default_factory=dict)
    warnings: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manifest:
    """The files and loads of one table at one generation."""

    table: str
    generation: int = 0
    next_seq: int = 1
    files: tuple[FileEntry, ...] = ()
    loads: tuple[Load, ...] = ()
    derived_from: int | None = None
    """For a derived table: the generation of interactions it was made from."""

    @property
    def rows(self) -> int:
        """Rows over all files."""
        return sum(file.rows for file in self.files)

    def to_json(self) -> str:
        """As stored."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> Manifest:
        """As read."""
        data: dict[str, Any] = json.loads(text)
        data["files"] = tuple(FileEntry(**file) for file in data["files"])
        data["loads"] = tuple(Load(**load) for load in data["loads"])
        return Manifest(**data)

    def following(self, **changes: Any) -> Manifest:
        """The next generation."""
        return replace(self, generation=self.generation + 1, **changes)


@dataclass(frozen=True, slots=True)
class Head:
    """Which manifest file stands for each table, and how often the lake has changed."""

    generation: int = 0
    manifests: dict[str, str] = field(default_factory=dict)

    def to_json(self) -> str:
        """As stored."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)

    @staticmethod
    def read(path: Path) -> Head:
        """From ``head.json``; an empty head where there is none yet."""
        try:
            return Head(**json.loads(path.read_text(encoding="utf-8")))
        except FileNotFoundError:
            return Head()
