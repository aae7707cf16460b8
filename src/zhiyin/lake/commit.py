"""The end of a load: what is already there, what replaces what, and all of it seen at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from zhiyin.engine import DuckEngine
from zhiyin.engine.duck import quote_name, quote_text
from zhiyin.errors import ZhiyinError
from zhiyin.lake.apart import ApartRow, apart_table, write_apart
from zhiyin.lake.derive import DERIVED, derive_from
from zhiyin.lake.manifest import FileEntry, Load
from zhiyin.lake.projection import Projection
from zhiyin.lake.sources import LINE, ROW, Source
from zhiyin.lake.staging import Part, Stage
from zhiyin.lake.store import Change, Lake
from zhiyin.tables import SEQUENCE, Table
from zhiyin.tables.vocabulary import vocabulary

ALREADY: Final = "already_there"
"""The lake has this key with other values (mode append)."""
TWICE: Final = "duplicate_key"
"""The file has this key twice with different values; the first is kept."""
NOT_COMPARED: Final = ("recorded_us",)
"""A file that does not say when a row was recorded gets the time of the load: no difference in content."""
OUTSIDE: Final = "outside_day"
"""The row is not of the day that is restated."""


class EmptyDelivery(ZhiyinError):
    """A full delivery without a single good row would empty what the feed delivered before."""

    code = "lake.empty_delivery"
    message = (
        "{file} has no row to keep, and as a full delivery it would remove {rows} rows. Nothing was changed; ask for "
        "it to be sent again."
    )
    status = 409


@dataclass(frozen=True, slots=True)
class Verdicts:
    """Staged rows that do not go in as they stand, by arrival number."""

    unchanged: frozenset[int] = frozenset()
    apart: tuple[tuple[int, str], ...] = ()
    replaced: frozenset[int] = frozenset()
    """Arrival numbers of the lake's rows that staged rows replace (upsert)."""

    def leaving(self) -> set[int]:
        """Arrival numbers of the staged rows that are taken out again."""
        return {*self.unchanged, *(seq for seq, _ in self.apart)}


def commit_load(
    lake: Lake,
    engine: DuckEngine,
    stage: Stage,
    parts: Sequence[Part],
    load: Load,
    projection: Projection,
    source: Source,
    *,
    derive: bool,
) -> Load:
    """Take the staged rows into the lake under the table's lock. Returns the load with its final counts."""
    derived = DERIVED if derive and load.table == "interactions" else ()
    with lake.change(load.table, *derived) as change:
        commit = _Commit(lake, engine, stage, parts, load, projection.table, change, projection.varying_key())
        replaced = commit.clear_the_way()
        verdicts = commit.verdicts()
        replaced += commit.leave_out(verdicts.replaced)
        kept = commit.add_parts(verdicts.leaving())
        if load.mode == "full" and replaced and not kept:
            raise EmptyDelivery(file=load.source, rows=replaced)
        late = commit.apart_rows(verdicts, source, projection.width)
        apart = write_apart(
            lake.folder / "apart" / load.table / f"{load.load_id}.parquet",
            [
                *(pq.read_table(path) for part in parts if part.rows_apart and (path := stage.apart_path(part.index))),
                apart_table(late, load=load.load_id, file=load.source),
            ],
        )
        masked: dict[str, int] = {}
        for part in parts:
            for kind, count in part.masked.items():
                masked[kind] = masked.get(kind, 0) + count
        load = replace(
            load,
            rows_kept=kept,
            rows_apart=apart,
            rows_unchanged=len(verdicts.unchanged),
            rows_replaced=replaced,
            masked=masked,
            warnings=commit.unknown_codes(),
        )
        change.record(load)
        if derived:
            derive_from(change, engine)
    return load


class _Commit:
    """Steps of one commit."""

    def __init__(
        self,
        lake: Lake,
        engine: DuckEngine,
        stage: Stage,
        parts: Sequence[Part],
        load: Load,
        declared: Table,
        change: Change,
        varying_key: tuple[str, ...],
    ) -> None:
        self.lake, self.engine, self.stage, self.parts = lake, engine, stage, parts
        self.load, self.table, self.change = load, declared, change
        self.varying_key = varying_key
        self.staged = [stage.rows_path(part.index) for part in parts if part.rows_kept]

    def clear_the_way(self) -> int:
        """Full: leave out all the feed delivered before. Restate: leave out its rows of the day. Returns how many."""
        mine = {load.load_id for load in self.change.loads(self.table.name) if load.feed == self.load.feed}
        entries = [entry for entry in self.change.entries(self.table.name) if entry.load in mine]
        if self.load.mode == "full":
            self.change.remove(self.table.name, {entry.name for entry in entries})
            return sum(entry.rows for entry in entries)
        if self.load.mode == "restate":
            assert self.load.day is not None
            assert self.table.time is not None
            start, end = day_bounds(date.fromisoformat(self.load.day), self.lake.time_zone)
            column = quote_name(self.table.time)
            keep = f"NOT coalesce({column} >= {start} AND {column} < {end}, false)"
            return self.rewrite([entry for entry in entries if _overlaps(entry, start, end)], keep)
        return 0

    def rewrite(self, entries: Sequence[FileEntry], keep: str, tables: dict[str, pa.Table] | None = None) -> int:
        """Put files in place of others that lack some rows; returns how many rows went."""
        gone = 0
        for number, entry in enumerate(entries):
            old = self.lake.folder / "tables" / self.table.name / entry.name
            new = self.stage.folder / f"rewritten-{entry.name}-{number}.parquet"
            kept = f"SELECT * FROM read_parquet({quote_text(str(old))}) WHERE {keep} ORDER BY {SEQUENCE}"
            done = self.engine.sql(f"COPY ({kept}) TO {quote_text(str(new))} (FORMAT parquet)", tables)
            rows = int(done.column(0)[0].as_py())
            if rows == entry.rows:
                continue
            gone += entry.rows - rows
            self.change.remove(self.table.name, {entry.name})
            if rows:
                self.change.add(self.table.name, new, load=entry.load)
        return gone

    def verdicts(self) -> Verdicts:
        """Find duplicate keys in the load and against the lake, and rows outside the restated day."""
        if not self.staged:
            return Verdicts()
        outside = self.outside_day()
        suspects = self.suspects()
        if not suspects.num_rows:
            return Verdicts(apart=tuple((seq, f":{OUTSIDE}") for seq in outside))
        unchanged: set[int] = set()
        apart = dict.fromkeys(outside, f":{OUTSIDE}")
        replaced: set[int] = set()
        key = "+".join(self.table.key)
        for group in _grouped(suspects):
            there = [row for row in group if not row["staged"]]
            new = [row for row in group if row["staged"] and row["seq"] not in apart]
            first = new[0] if new else None
            for row in new[1:]:
                if first is not None and row["content"] == first["content"]:
                    unchanged.add(row["seq"])
                else:
                    apart[row["seq"]] = f"{key}:{TWICE}"
            if first is None or not there:
                continue
            if any(row["content"] == first["content"] for row in there):
                unchanged.add(first["seq"])
            elif self.load.mode == "upsert":
                replaced |= {row["seq"] for row in there}
            else:
                apart[first["seq"]] = f"{key}:{ALREADY}"
        return Verdicts(frozenset(unchanged), tuple(sorted(apart.items())), frozenset(replaced))

    def outside_day(self) -> list[int]:
        if self.load.mode != "restate" or self.load.day is None or self.table.time is None:
            return []
        start, end = day_bounds(date.fromisoformat(self.load.day), self.lake.time_zone)
        column = quote_name(self.table.time)
        within = f"coalesce({column} >= {start} AND {column} < {end}, false)"
        found = self.engine.sql(f"SELECT {SEQUENCE} FROM {_read(self.staged)} WHERE NOT {within}")
        return [int(seq) for seq in found.column(0).to_pylist()]

    def suspects(self) -> pa.Table:
        """Rows, staged or in the lake, whose key another row has too: key, arrival number, hash of the content.

        A first pass looks at 64-bit hashes of the keys only, so that ten million rows fit; the few that agree are
        then compared by the keys themselves.
        """
        keys = ", ".join(quote_name(name) for name in self.table.key)
        content = ", ".join(quote_name(c.name) for c in self.table.columns if c.name not in NOT_COMPARED)
        hashes = self.repeated_hashes()
        there = self.change.files(self.table.name)
        if there:
            hashes = np.union1d(hashes, self.hashes_there(there))
        if not len(hashes):
            return pa.table({"k": [], "staged": [], "seq": [], "content": []})
        found = pa.table({"h": pa.array(hashes)})
        keys = ", ".join(quote_name(name) for name in self.varying_key)
        sides = [("true", self.staged), *((("false", there),) if there else ())]
        select = " UNION ALL ".join(
            f"SELECT to_json([{_as_texts(self.table.key)}]) AS k, {staged} AS staged, {SEQUENCE} AS seq, "
            f"hash({content}) AS content FROM {_read(files)} WHERE hash({keys}) IN (SELECT h FROM hashes)"
            for staged, files in sides
        )
        return self.engine.sql(f"SELECT k, staged, seq, content FROM ({select}) ORDER BY k, seq", {"hashes": found})

    def key_hashes(self) -> npt.NDArray[np.uint64]:
        """Hashes of the keys of all staged rows."""
        found = [np.fromfile(self.stage.hashes_path(part.index), np.uint64) for part in self.parts]
        return np.concatenate(found) if found else np.zeros(0, np.uint64)

    def repeated_hashes(self) -> npt.NDArray[np.uint64]:
        """Hashes of keys that stand more than once in the load."""
        hashes = np.sort(self.key_hashes())
        return np.unique(hashes[1:][hashes[1:] == hashes[:-1]])

    def hashes_there(self, there: Sequence[Path]) -> npt.NDArray[np.uint64]:
        """Hashes of the load's keys that the lake has too."""
        staged = self.key_hashes()
        keys = ", ".join(quote_name(name) for name in self.varying_key)
        found = self.engine.sql(
            f"SELECT DISTINCT hash({keys}) AS h FROM {_read(there)} WHERE hash({keys}) IN (SELECT h FROM staged)",
            {"staged": pa.table({"h": pa.array(staged)})},
        )
        return np.asarray(found.column(0).combine_chunks(), dtype=np.uint64)

    def leave_out(self, numbers: frozenset[int]) -> int:
        """Take rows of the lake out by their arrival numbers; returns how many went."""
        ordered = np.array(sorted(numbers), np.int64)
        touched = [
            entry
            for entry in self.change.entries(self.table.name)
            if np.searchsorted(ordered, entry.first_seq) < np.searchsorted(ordered, entry.last_seq, "right")
        ]
        gone = {"gone": pa.table({SEQUENCE: pa.array(ordered)})}
        return self.rewrite(touched, f"{SEQUENCE} NOT IN (SELECT {SEQUENCE} FROM gone)", gone)

    def add_parts(self, leaving: set[int]) -> int:
        """Move the staged files into the table, without the rows that leave. Returns the rows kept."""
        kept = 0
        numbers = pa.array(sorted(leaving), pa.int64())
        for part in self.parts:
            path = self.stage.rows_path(part.index)
            if not part.rows_kept:
                continue
            if leaving:
                rows = pq.read_table(path)
                stay = rows.filter(pc.invert(pc.is_in(rows.column(SEQUENCE), numbers)))
                if stay.num_rows != rows.num_rows:
                    path = path.with_suffix(".trimmed")
                    pq.write_table(stay, path)
                if not stay.num_rows:
                    continue
            kept += self.change.add(self.table.name, path, load=self.load.load_id).rows
        return kept

    def apart_rows(self, verdicts: Verdicts, source: Source, width: int) -> list[ApartRow]:
        """Rows found out only now, with what they said (already masked) and their lines."""
        if not verdicts.apart:
            return []
        first = self.stage.plan.first_seq
        reasons = dict(verdicts.apart)
        numbers = pa.array(sorted(reasons), pa.int64())
        found = pq.read_table(self.staged, filters=pc.field(SEQUENCE).isin(numbers))
        ordinals = {seq: (seq - first) // width + 1 for seq in reasons}
        lines = lines_of(source, self.parts, set(ordinals.values()))
        rows = []
        for content in found.sort_by(SEQUENCE).to_pylist():
            seq = content.pop(SEQUENCE)
            said = {name: str(value) for name, value in content.items() if value is not None}
            rows.append(ApartRow(ordinals[seq], lines.get(ordinals[seq], 0), (reasons[seq],), dict(said)))
        return rows

    def unknown_codes(self) -> dict[str, int]:
        """Rows whose code is not in the starter vocabulary, by column: kept, but worth a look."""
        from_catalogue = {c.name: c.vocabulary for c in self.table.columns if c.vocabulary}
        files = [
            self.lake.folder / "tables" / self.table.name / e.name
            for e in self.change.entries(self.table.name)
            if e.load == self.load.load_id
        ]
        if not files or not from_catalogue:
            return {}
        counts: dict[str, int] = {}
        for name, vocabulary_name in from_catalogue.items():
            known = ", ".join(quote_text(code) for code in vocabulary(vocabulary_name).codes)
            column = quote_name(name)
            found = self.engine.sql(
                f"SELECT sum(n) FROM (SELECT {column} AS code, count(*) AS n FROM {_read(files)} GROUP BY 1) "
                f"WHERE code IS NOT NULL AND code NOT IN ({known})"
            )
            count = found.column(0)[0].as_py()
            if count:
                counts[name] = int(count)
        return counts


def lines_of(source: Source, parts: Sequence[Part], wanted: set[int]) -> dict[int, int]:
    """Physical lines of some rows, read again from the file: only for the few found to be duplicates."""
    starts = [part.index for part in parts if 0 < part.first_row <= min(wanted)]
    found: dict[int, int] = {}
    numbers = pa.array(sorted(wanted), pa.int64())
    for block in source.blocks(skip=max(starts, default=0)):
        hits = block.rows.filter(pc.is_in(block.rows.column(ROW), numbers))
        found.update(zip(hits.column(ROW).to_pylist(), hits.column(LINE).to_pylist(), strict=True))
        if len(found) == len(wanted):
            break
    return found


def day_bounds(day: date, zone: str) -> tuple[int, int]:
    """First microsecond of a local day and of the next, UTC."""
    info = ZoneInfo(zone)
    start = datetime.combine(day, time(), info)
    end = datetime.combine(day + timedelta(days=1), time(), info)
    return int(start.timestamp()) * 1_000_000, int(end.timestamp()) * 1_000_000


def _overlaps(entry: FileEntry, start: int, end: int) -> bool:
    return entry.first_us is not None and entry.last_us is not None and entry.first_us < end and entry.last_us >= start


def _grouped(suspects: pa.Table) -> list[list[dict[str, Any]]]:
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in suspects.to_pylist():
        groups.setdefault(row["k"], []).append(row)
    return [group for group in groups.values() if len(group) > 1]


def _as_texts(names: Sequence[str]) -> str:
    return ", ".join(f"CAST({quote_name(name)} AS VARCHAR)" for name in names)


def _listed(files: Sequence[Path]) -> str:
    return ", ".join(quote_text(str(file)) for file in files)


def _read(files: Sequence[Path]) -> str:
    return f"read_parquet([{_listed(files)}])"
