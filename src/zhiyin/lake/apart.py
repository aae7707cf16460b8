"""Rows kept apart: why, where they stand in the file, and what they said, masked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from zhiyin.privacy import mask_texts

if TYPE_CHECKING:
    from zhiyin.lake.store import Lake, Snapshot

SCHEMA: Final = pa.schema(
    [
        pa.field("load", pa.string()),
        pa.field("file", pa.string()),
        pa.field("row", pa.int64()),
        pa.field("line", pa.int64()),
        pa.field("column", pa.string()),
        pa.field("reason", pa.string()),
        pa.field("detail", pa.string()),
        pa.field("content", pa.string()),
    ]
)
"""One row a row kept apart. ``row`` and ``line`` count from 1; ``content`` is JSON, masked; ``detail`` lists every
further ``column:reason`` of the row."""

DROPPED: Final = "〔不保存〕"
"""Stands for a value that the mapping says is never stored."""


@dataclass(frozen=True, slots=True)
class ApartRow:
    """One row kept apart, before its content is masked."""

    row: int
    line: int
    problems: tuple[str, ...]
    content: dict[str, str | None] | str


def apart_table(
    rows: Sequence[ApartRow], *, load: str, file: str, names: Sequence[str] = (), drop: Sequence[str] = ()
) -> pa.Table:
    """Mask the contents and put the rows into :data:`SCHEMA`.

    Parameters
    ----------
    rows : what was kept apart.
    load, file : where from.
    names : columns that hold the customer's name; masked here and wherever the name stands in the row.
    drop : columns whose values are never stored.
    """
    contents = [_blank(row.content, (*names, *drop)) for row in rows]
    known = [_name(row.content, names) for row in rows]
    flat: list[str | None] = []
    owners: list[str | None] = []
    for content, name in zip(contents, known, strict=True):
        cells = content.values() if isinstance(content, dict) else (content,)
        flat.extend(cells)
        owners.extend(name for _ in cells)
    masked = iter(mask_texts(pa.array(flat, pa.string()), names=pa.array(owners, pa.string())).texts.to_pylist())
    said = [
        json.dumps(
            {key: next(masked) for key in content} if isinstance(content, dict) else next(masked), ensure_ascii=False
        )
        for content in contents
    ]
    first = [row.problems[0].partition(":") for row in rows]
    return pa.table(
        {
            "load": [load] * len(rows),
            "file": [file] * len(rows),
            "row": [row.row for row in rows],
            "line": [row.line for row in rows],
            "column": [column or None for column, _, _ in first],
            "reason": [reason for _, _, reason in first],
            "detail": [" ".join(row.problems[1:]) or None for row in rows],
            "content": said,
        },
        schema=SCHEMA,
    )


def _blank(content: dict[str, str | None] | str, hidden: Sequence[str]) -> dict[str, str | None] | str:
    if isinstance(content, str):
        # A row that could not be split does not say which of its words is the name or the password.
        return DROPPED if hidden else content
    return {key: DROPPED if value and key in hidden else value for key, value in content.items()}


def _name(content: dict[str, str | None] | str, names: Sequence[str]) -> str | None:
    if isinstance(content, str):
        return None
    return next((content[name] for name in names if content.get(name)), None)


def write_apart(path: Path, tables: Iterable[pa.Table]) -> int:
    """Write rows kept apart to one Parquet file; returns how many."""
    rows = pa.concat_tables([SCHEMA.empty_table(), *tables])
    if rows.num_rows:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".tmp")
        pq.write_table(rows, beside)
        beside.replace(path)
    return int(rows.num_rows)


def read_apart(lake: Lake, name: str, *, load: str | None = None, snapshot: Snapshot | None = None) -> pa.Table:
    """Rows kept apart by the committed loads of a table (or by one load), in the order of the file."""
    loads = (snapshot or lake.snapshot()).manifest(name).loads
    wanted = dict.fromkeys(done.load_id for done in loads if done.rows_apart and load in (None, done.load_id))
    paths = [lake.folder / "apart" / name / f"{load_id}.parquet" for load_id in wanted]
    return pa.concat_tables([SCHEMA.empty_table(), *(pq.read_table(path, schema=SCHEMA) for path in paths)])
