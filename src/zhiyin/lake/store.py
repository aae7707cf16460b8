"""A lake: a folder of immutable Parquet files under manifests.

::

    LAKE/lake.json                     format and time zone
    LAKE/head.json                     which manifest stands for each table; replaced by rename
    LAKE/manifests/<table>-<n>.json    files and loads of a table; never changed
    LAKE/tables/<table>/*.parquet      rows; never changed
    LAKE/apart/<table>/*.parquet       rows kept apart, masked, with the reason
    LAKE/loads/<load>/                 work in progress; a killed load resumes from here
    LAKE/locks/                        one lock a table, one for the head

Readers never wait and never see a half state. Writers of one table take turns; writers of different tables only
meet for the instant in which the head is replaced.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import ibis.expr.types as ir
import pyarrow.parquet as pq

from zhiyin.engine import DuckEngine, Engine, Query, described
from zhiyin.errors import ZhiyinError
from zhiyin.lake.disk import give_name, locked, sync_file, sync_folder, write_whole
from zhiyin.lake.manifest import FileEntry, Head, Load, Manifest
from zhiyin.tables import SEQUENCE, TABLES, Table, table

T = TypeVar("T")

FORMAT: Final = 1
GRACE: Final = timedelta(hours=24)
"""How long files that no manifest lists any more are kept for readers that still have them open."""


class LakeNotFound(ZhiyinError):
    """The folder is no lake."""

    code = "lake.not_found"
    message = "There is no lake at {path}. Make one with: zhiyin ingest FILE --as TABLE --into {path}"
    status = 404


class LakeTooNew(ZhiyinError):
    """The lake was written by a newer Zhiyin."""

    code = "lake.too_new"
    message = "The lake at {path} has format {found}; this version reads format {known}. Upgrade Zhiyin first."


class LakeDamaged(ZhiyinError):
    """A file that holds the lake together cannot be read."""

    code = "lake.damaged"
    message = "The lake at {path} is damaged: {file} cannot be read. Put it back from the last backup."
    status = 500


class UnknownZone(ZhiyinError):
    """A time zone was named that does not exist."""

    code = "lake.unknown_zone"
    message = "There is no time zone {zone}; write an IANA name such as Asia/Shanghai."


def open_lake(path: str | Path) -> Lake:
    """Open an existing lake.

    Raises
    ------
    LakeNotFound, LakeTooNew
    """
    folder = Path(path)
    try:
        about = json.loads((folder / "lake.json").read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise LakeNotFound(path=str(path)) from None
    except ValueError:
        raise LakeDamaged(path=str(path), file="lake.json") from None
    if about["format"] > FORMAT:
        raise LakeTooNew(path=str(path), found=about["format"], known=FORMAT)
    return Lake(folder, time_zone=about["time_zone"])


def create_lake(path: str | Path, *, time_zone: str = "Asia/Shanghai") -> Lake:
    """Open the lake at a path, making an empty one where there is none.

    ``time_zone`` is the bank's local time (IANA name); it counts only for a new lake.
    """
    folder = Path(path)
    about = folder / "lake.json"
    try:
        ZoneInfo(time_zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UnknownZone(zone=time_zone) from None
    with locked(folder / "locks" / "head.lock"):
        if not about.exists():
            write_whole(about, json.dumps({"format": FORMAT, "time_zone": time_zone}))
    return open_lake(folder)


class Snapshot:
    """All tables of one moment. Cheap to take, safe to keep for as long as :data:`GRACE`."""

    def __init__(self, folder: Path, head: Head) -> None:
        self.folder = folder
        self.generation = head.generation
        self._head = head
        self._read: dict[str, Manifest] = {}

    def manifest(self, name: str) -> Manifest:
        """Files and loads of a table (an empty manifest where nothing was loaded yet)."""
        if name not in self._read:
            file = self._head.manifests.get(table(name).name)
            self._read[name] = (
                Manifest(name)
                if file is None
                else Manifest.from_json((self.folder / "manifests" / file).read_text(encoding="utf-8"))
            )
        return self._read[name]

    def files(self, name: str) -> list[Path]:
        """Paths of a table's files in order of arrival."""
        return [self.folder / "tables" / name / file.name for file in self.manifest(name).files]


class Lake:
    """See the module; open with :func:`open_lake` or :func:`create_lake`."""

    def __init__(self, folder: Path, *, time_zone: str) -> None:
        self.folder = folder
        self.time_zone = time_zone

    def snapshot(self) -> Snapshot:
        """All tables as they are now."""
        try:
            return Snapshot(self.folder, Head.read(self.folder / "head.json"))
        except (ValueError, TypeError):
            raise LakeDamaged(path=str(self.folder), file="head.json") from None

    def bind(self, engine: Engine, snapshot: Snapshot | None = None) -> Engine:
        """Let an engine see every table of a snapshot (None: of now) under its name."""
        snapshot = snapshot or self.snapshot()
        for declared in TABLES.values():
            engine.bind(declared, snapshot.files(declared.name))
        return engine

    def engine(self, *, threads: int | None = None, memory: str | None = None) -> DuckEngine:
        """A DuckDB engine bound to the lake as it is now."""
        engine = DuckEngine(threads=threads, memory=memory, scratch=self.scratch())
        self.bind(engine)
        return engine

    def engine_for_work(self, *, memory: str) -> DuckEngine:
        """A DuckDB engine that sees no tables: for checking and sorting files."""
        return DuckEngine(memory=memory, scratch=self.scratch())

    @staticmethod
    def table(name: str) -> ir.Table:
        """A declared table as an expression without data, to build queries from."""
        return described(table(name))

    def compute(self, query: Query[T]) -> T:
        """Answer one query on the lake as it is now."""
        with self.engine() as engine:
            return engine.compute(query)

    def scratch(self) -> Path:
        """Folder for what may be lost."""
        folder = self.folder / "scratch"
        folder.mkdir(exist_ok=True)
        return folder

    @contextmanager
    def change(self, *names: str) -> Iterator[Change]:
        """Change tables together: all of it is seen at once when the block ends well, none of it otherwise."""
        with ExitStack() as locks:
            for name in sorted(names):
                locks.enter_context(locked(self.folder / "locks" / f"{table(name).name}.lock"))
            change = Change(self, names)
            yield change
            change.commit()


class Change:
    """New files and loads of some tables, not yet seen by anyone. Made by :meth:`Lake.change`."""

    def __init__(self, lake: Lake, names: tuple[str, ...]) -> None:
        self.lake = lake
        self.before = lake.snapshot()
        self._now = {name: self.before.manifest(name) for name in names}
        self._added = dict.fromkeys(names, 0)

    def next_seq(self, name: str) -> int:
        """First arrival number that a new row of the table may take."""
        return self._now[name].next_seq

    def files(self, name: str) -> list[Path]:
        """Paths of the table's files as they will be."""
        return [self.lake.folder / "tables" / name / file.name for file in self._now[name].files]

    def entries(self, name: str) -> tuple[FileEntry, ...]:
        """The table's files as they will be."""
        return self._now[name].files

    def loads(self, name: str) -> tuple[Load, ...]:
        """The table's loads as they will be."""
        return self._now[name].loads

    def generation(self, name: str) -> int:
        """The table's generation once the change is committed."""
        return self.before.manifest(name).generation + (self._now[name] != self.before.manifest(name))

    def reserve(self, name: str, count: int) -> int:
        """Set arrival numbers aside for rows that come later; returns the first."""
        now = self._now[name]
        self._now[name] = replace(now, next_seq=now.next_seq + count)
        return now.next_seq

    def add(self, name: str, path: Path, *, load: str) -> FileEntry:
        """Take a finished Parquet file over into the table.

        The file stays where it was as well (one more name for the same bytes): a change that dies before its head is
        written must find its work again.
        """
        now = self._now[name]
        # Deterministic: a name left behind by a change that died is listed nowhere and may be taken again.
        name_on_disk = f"{now.generation + 1:08d}-{self._added[name]:05d}.parquet"
        self._added[name] += 1
        entry = describe_file(table(name), path, load=load, name=name_on_disk)
        folder = self.lake.folder / "tables" / name
        folder.mkdir(parents=True, exist_ok=True)
        sync_file(path)
        give_name(path, folder / entry.name)
        self._now[name] = replace(now, files=(*now.files, entry), next_seq=max(now.next_seq, entry.last_seq + 1))
        return entry

    def remove(self, name: str, files: set[str]) -> None:
        """Leave out files; they stay on disk for readers until the grace period is over."""
        now = self._now[name]
        self._now[name] = replace(now, files=tuple(file for file in now.files if file.name not in files))

    def record(self, load: Load) -> None:
        """Remember a delivery, so that the same file again changes nothing."""
        now = self._now[load.table]
        self._now[load.table] = replace(now, loads=(*now.loads, load))

    def derived_from(self, name: str, generation: int) -> None:
        """Note which generation of interactions a derived table was made from."""
        self._now[name] = replace(self._now[name], derived_from=generation)

    def commit(self) -> None:
        """Write the manifests and replace the head. Called by :meth:`Lake.change`."""
        folder = self.lake.folder
        names: dict[str, str] = {}
        for name, now in self._now.items():
            if now == self.before.manifest(name):
                continue
            after = now.following()
            names[name] = f"{name}-{after.generation:08d}.json"
            sync = folder / "tables" / name
            if sync.exists():
                sync_folder(sync)
            write_whole(folder / "manifests" / names[name], after.to_json())
        if not names:
            return
        with locked(folder / "locks" / "head.lock"):
            head = Head.read(folder / "head.json")
            write_whole(folder / "head.json", Head(head.generation + 1, {**head.manifests, **names}).to_json())


def describe_file(declared: Table, path: Path, *, load: str, name: str) -> FileEntry:
    """Read rows, size and bounds of a Parquet file from its footer."""
    footer = pq.read_metadata(path)
    first_us, last_us = column_bounds(footer, declared.time) if declared.time else (None, None)
    first_seq, last_seq = column_bounds(footer, SEQUENCE)
    return FileEntry(
        name=name,
        rows=footer.num_rows,
        size=os.path.getsize(path),
        load=load,
        first_seq=first_seq or 0,
        last_seq=last_seq or 0,
        first_us=first_us,
        last_us=last_us,
    )


def column_bounds(footer: pq.FileMetaData, column: str) -> tuple[int | None, int | None]:
    """Lowest and highest value of a column by the file's own statistics; None where it has none."""
    index = footer.schema.names.index(column)
    found = [
        statistics
        for group in range(footer.num_row_groups)
        if (statistics := footer.row_group(group).column(index).statistics) is not None and statistics.has_min_max
    ]
    if not found:
        return None, None
    return min(s.min for s in found), max(s.max for s in found)
