"""Small tables of answers, services and invitations, written for a test and bound to an engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from zhiyin.engine import Engine, arrow_schema
from zhiyin.tables import table

Row = Mapping[str, Any]


def at(text: str) -> int:
    """Microseconds UTC of a local time in Shanghai, such as ``2026-03-31 23:30``."""
    local = datetime.fromisoformat(text) - timedelta(hours=8)
    return int((local.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds()) * 1_000_000


def answers(values: Iterable[int | None], *, scale: str = "points5", **columns: Any) -> list[dict[str, Any]]:
    """One answer a value, each of another customer, on one day; ``columns`` hold for all."""
    start = {"instrument": "survey", "question": "overall", "answered_us": at("2026-03-10 12:00"), **columns}
    return [{**start, "scale": scale, "value": value} for value in values]


def numbered(rows: Sequence[Row], key: str, *, customers: bool = True) -> list[dict[str, Any]]:
    """The rows with a key each, and a customer each where none is given."""
    return [
        {key: f"{key}-{number}", **({"customer_id": f"c{number}"} if customers else {}), **row}
        for number, row in enumerate(rows)
    ]


def rows_of(name: str, rows: Sequence[Row]) -> pa.Table:
    """The rows as the lake stores them."""
    schema = arrow_schema(table(name))
    unknown = {column for row in rows for column in row} - set(schema.names)
    assert not unknown, f"{name} has no {unknown}"
    return pa.Table.from_pylist([{**row, "seq": place} for place, row in enumerate(rows)], schema=schema)


def bind(engine: Engine, folder: Path, **tables: Sequence[Row] | pa.Table) -> None:
    """Let the names of declared tables stand for these rows."""
    keys = {"responses": "response_id", "interactions": "interaction_id", "invitations": "invitation_id"}
    for name, rows in tables.items():
        made = rows if isinstance(rows, pa.Table) else rows_of(name, numbered(rows, keys[name]))
        path = folder / f"{name}-{len(list(folder.iterdir()))}.parquet"
        pq.write_table(made, path)
        engine.bind(table(name), [path])


def services(count: int, **columns: Any) -> list[dict[str, Any]]:
    """That many services, each of another customer, on one day."""
    start = {"case_id": "case", "step": "serve", "started_us": at("2026-03-10 11:00"), **columns}
    return [dict(start) for _ in range(count)]


def invitations(count: int, **columns: Any) -> list[dict[str, Any]]:
    """That many invitations, each of another customer, on one day."""
    start = {"instrument": "survey", "sent_us": at("2026-03-10 11:30"), **columns}
    return [dict(start) for _ in range(count)]
