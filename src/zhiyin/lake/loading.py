"""One file into one table: read, masked, mapped, checked, staged block by block, and committed at once.

A load is identified by the file's content, the mapping, the table, the mode and the day. The same load again changes
nothing; a load that was killed goes on from its last finished block; two loads at once do not see each other until
one is committed. Nothing is dropped: every row of the file is kept, found unchanged, or kept apart with its reason.
"""

from __future__ import annotations

import errno
import hashlib
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args

from zhiyin import __version__
from zhiyin.engine.duck import ENGINE_VERSION
from zhiyin.errors import ZhiyinError
from zhiyin.lake.blocks import BlockWork
from zhiyin.lake.commit import commit_load
from zhiyin.lake.disk import locked
from zhiyin.lake.manifest import Load
from zhiyin.lake.mapping import Mapping, MappingError, identity_mapping
from zhiyin.lake.projection import compile_mapping
from zhiyin.lake.sources import Source, SourceOptions, open_source
from zhiyin.lake.staging import Part, Plan, Stage
from zhiyin.lake.store import Lake
from zhiyin.privacy import mask_text
from zhiyin.tables import Kind, Privacy, table

Mode = Literal["append", "upsert", "full", "restate"]

WORKERS: Final = 2
"""Blocks in work at once; each is parsed, masked and checked by code that lets go of the interpreter's lock."""
CAPACITY: Final = 1 << 32
"""Arrival numbers reserved for a load: more than a file has rows, and 2 million loads stay within 2^53."""
MEMORY: Final = "1GB"
VERSION: Final = f"{__version__} {ENGINE_VERSION}"
"""Parts made by other versions are not trusted."""


class DiskFull(ZhiyinError):
    """There is no room for the lake to grow."""

    code = "lake.disk_full"
    message = (
        "The disk is full at {path}. Nothing was changed; free some space and run the same command again, "
        "it goes on where it stopped."
    )
    status = 507


class LoadStopped(ZhiyinError):
    """The user stopped a load."""

    code = "lake.stopped"
    message = "Stopped after {rows} rows. Nothing was changed; run the same command again, it goes on where it stopped."
    status = 409


class BadMode(ZhiyinError):
    """Mode and day do not fit together."""

    code = "lake.bad_mode"
    message = (
        "Mode {mode} does not fit: choose append, upsert, full, or restate with a day (and a table that has a time)."
    )


class MarkerDisagrees(ZhiyinError):
    """The end marker announces another number of rows than the file has."""

    code = "lake.marker_disagrees"
    message = "{file}: the end marker announces {announced} rows, the file has {found}. It was not loaded."
    status = 409


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a load is. ``done`` and ``size`` are bytes of the file."""

    phase: Literal["identify", "read", "commit"]
    done: int
    size: int
    rows: int = 0
    apart: int = 0


@dataclass(frozen=True, slots=True)
class LoadResult:
    """What a load did.

    Attributes
    ----------
    load : the record that the manifest keeps.
    is_new : False where the same load had been committed before and nothing changed.
    resumed_parts : blocks that an earlier, interrupted run had already done.
    """

    load: Load
    is_new: bool
    resumed_parts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOptions:
    """How a file goes in.

    Attributes
    ----------
    mode : ``append`` adds rows and keeps apart those whose key is there with other values; ``upsert`` replaces them;
        ``full`` replaces everything the feed delivered before; ``restate`` replaces the feed's rows of one day.
    day : the local day that is restated.
    feed : whose earlier rows ``full`` and ``restate`` replace; empty: the mapping's, else the table's name.
    announced_rows : how many rows an end marker announces; another number in the file stops the load.
    derive : whether interactions bring steps and journeys up to date in the same commit.
    """

    mode: Mode = "append"
    day: date | None = None
    feed: str = ""
    announced_rows: int | None = None
    derive: bool = True
    source: SourceOptions = field(default_factory=SourceOptions)


def ingest(
    lake: Lake,
    path: Path,
    *,
    into: str,
    at: datetime,
    mapping: Mapping | None = None,
    options: IngestOptions = IngestOptions(),
    report: Callable[[Progress], None] = lambda progress: None,
    stop: Callable[[], bool] = lambda: False,
) -> LoadResult:
    """Load one file into one table.

    Parameters
    ----------
    lake : the lake, see :func:`zhiyin.lake.create_lake`.
    path : the file, in any format of :mod:`zhiyin.lake.sources`.
    into : name of the table.
    at : now, aware; becomes ``recorded_us`` of rows whose file does not say when they were recorded.
    mapping : how columns become columns; None for a file that bears the table's own names.
    options : see :class:`IngestOptions`.
    report : called with the progress after each block.
    stop : asked after each block; True stops the load so that the same call resumes it.

    Raises
    ------
    ZhiyinError
        Of the reader, the mapping or the table; :class:`DiskFull`; :class:`LoadStopped`. In every case the lake is
        as it was.
    """
    declared = table(into)
    if options.mode not in get_args(Mode) or (options.mode == "restate") != (options.day is not None):
        raise BadMode(mode=options.mode)
    if options.mode == "restate" and declared.time is None:
        raise BadMode(mode=options.mode)
    source = open_source(path, _source_options(options.source, mapping))
    mapping = mapping or identity_mapping(declared, source.info.columns)
    try:
        return _Loading(lake, path, source, mapping, at, options, report, stop).run()
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(path=str(lake.folder)) from None
        raise


def _source_options(given: SourceOptions, mapping: Mapping | None) -> SourceOptions:
    """Options of the command line over those of the mapping."""
    if mapping is None:
        return given
    known = {f.name for f in fields(SourceOptions)}
    said: dict[str, Any] = {}
    for key, value in mapping.source:
        if key not in known:
            raise _unknown_option(mapping, key, tuple(sorted(known)))
        said[key] = tuple(value) if isinstance(value, list) else value
    default = SourceOptions()
    for name in known:
        if getattr(given, name) != getattr(default, name):
            said[name] = getattr(given, name)
    return SourceOptions(**said)


def _unknown_option(mapping: Mapping, key: str, choices: tuple[str, ...]) -> ZhiyinError:
    return MappingError(
        file=mapping.origin, where="source", problem=f"{key} is not known here.", choices=choices, name=key
    )


class _Loading:
    """One load on its way."""

    def __init__(
        self,
        lake: Lake,
        path: Path,
        source: Source,
        mapping: Mapping,
        at: datetime,
        options: IngestOptions,
        report: Callable[[Progress], None],
        stop: Callable[[], bool],
    ) -> None:
        self.lake, self.path, self.source = lake, path, source
        self.mapping = mapping.resolve(source.info.columns)
        self.at, self.options, self.report, self.stop = at, options, report, stop
        self.rows = self.apart = 0

    def run(self) -> LoadResult:
        content = self.content()
        day = self.options.day.isoformat() if self.options.day else None
        said = "\n".join((content, self.mapping.fingerprint(), self.mapping.table, self.options.mode, day or ""))
        load_id = hashlib.sha256(said.encode()).hexdigest()[:16]
        with locked(self.lake.folder / "locks" / f"load-{load_id}.lock"):
            done = self.already(load_id, content, day)
            if done is not None:
                return LoadResult(done, is_new=False)
            stage = self.stage(load_id)
            projection = compile_mapping(
                self.mapping,
                time_zone=self.lake.time_zone,
                recorded_us=stage.plan.recorded_us,
                direct=self.direct_targets(),
            )
            parts = stage.done()
            self.rows, self.apart = sum(p.rows_in for p in parts), sum(p.rows_apart for p in parts)
            with self.lake.engine_for_work(memory=MEMORY) as engine:
                work = BlockWork(
                    engine, projection, stage, mask_text(self.path.name), self.mapping, frozenset(self.direct_targets())
                )
                parts_all = [*parts, *self.read(work, skip=len(parts))]
                self.check_announced()
                self.report(Progress("commit", self.source.info.size, self.source.info.size, self.rows, self.apart))
                load = Load(
                    load_id=load_id,
                    table=self.mapping.table,
                    source=mask_text(self.path.name),
                    content=content,
                    mapping=self.mapping.fingerprint(),
                    mode=self.options.mode,
                    recorded_us=stage.plan.recorded_us,
                    feed=self.options.feed or self.mapping.feed or self.mapping.table,
                    day=day,
                    rows_in=self.rows,
                    rows_apart=self.apart,
                )
                load = commit_load(
                    self.lake, engine, stage, parts_all, load, projection, self.source, derive=self.options.derive
                )
            stage.finish()
            (self.lake.folder / "locks" / f"load-{load_id}.lock").unlink(missing_ok=True)
        return LoadResult(load, is_new=True, resumed_parts=len(parts))

    def check_announced(self) -> None:
        announced = self.options.announced_rows
        if announced is not None and announced != self.rows:
            raise MarkerDisagrees(file=self.path.name, announced=announced, found=self.rows)

    def content(self) -> str:
        """SHA-256 of the file."""
        digest, size, done = hashlib.sha256(), self.source.info.size, 0
        with self.path.open("rb") as file:
            while chunk := file.read(8 << 20):
                digest.update(chunk)
                done += len(chunk)
                self.report(Progress("identify", done, size))
        return digest.hexdigest()

    def already(self, load_id: str, content: str, day: str | None) -> Load | None:
        """The committed load that makes this one needless.

        It counts only while its rows are still there: after a correction, a full delivery of the same feed or another
        statement of the same day, going back to an older file is a change.
        """
        feed = self.options.feed or self.mapping.feed or self.mapping.table
        for load in reversed(self.lake.snapshot().manifest(self.mapping.table).loads):
            if load.load_id == load_id:
                return load
            if load.feed == feed and "full" in (self.options.mode, load.mode):
                return None
            if self.options.mode == "upsert" or load.mode == "upsert":
                return None
            if self.options.mode == "restate" and load.feed == feed and load.day in (day, None):
                return None
        return None

    def stage(self, load_id: str) -> Stage:
        """The stage an interrupted run left, or a fresh one with arrival numbers of its own."""
        folder = self.lake.folder / "loads" / load_id
        found = Stage.find(folder, version=VERSION)
        if found is not None:
            return found
        with self.lake.change(self.mapping.table) as change:
            first = change.reserve(self.mapping.table, CAPACITY)
        recorded = int(self.at.timestamp() * 1_000_000)
        return Stage.begin(folder, Plan(load_id, first, recorded, VERSION))

    def direct_targets(self) -> tuple[str, ...]:
        """Key columns of personal tables, in which a resident ID or a card number must not stand."""
        declared = table(self.mapping.table)
        return tuple(
            c.target
            for c in self.mapping.columns
            if c.source is not None
            and not c.source.startswith("__")
            and declared.column(c.target).kind is Kind.KEY
            and declared.column(c.target).privacy is not Privacy.PUBLIC
        )

    def read(self, work: BlockWork, *, skip: int) -> Iterator[Part]:
        """Work through the blocks that are not done yet, a few at once, in order."""
        waiting: list[Future[Part]] = []
        with ThreadPoolExecutor(WORKERS) as pool:
            try:
                for block in self.source.blocks(skip=skip):
                    waiting.append(pool.submit(work.part, block))
                    if len(waiting) > WORKERS:
                        yield self.finished(waiting.pop(0).result())
                while waiting:
                    yield self.finished(waiting.pop(0).result())
            except BaseException:
                for future in waiting:
                    future.cancel()
                raise

    def finished(self, part: Part) -> Part:
        self.rows += part.rows_in
        self.apart += part.rows_apart
        self.report(Progress("read", part.bytes_read, self.source.info.size, self.rows, self.apart))
        if self.stop():
            raise LoadStopped(rows=self.rows)
        return part
