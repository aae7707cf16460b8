"""The front door: find out what a file is, and open it."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Final, cast

from zhiyin.lake.sources.archive import Member, choose_members
from zhiyin.lake.sources.block import SettledSource, Source, SourceInfo
from zhiyin.lake.sources.chain import ChainedSource
from zhiyin.lake.sources.errors import BadOption, NestedArchive, SourceDamaged, SourceEmpty, UnknownFormat, WidthsNeeded
from zhiyin.lake.sources.eventlog import EventLogSource
from zhiyin.lake.sources.jsonsource import JsonSource
from zhiyin.lake.sources.options import MEBIBYTE, SourceOptions
from zhiyin.lake.sources.parquet import ParquetSource
from zhiyin.lake.sources.preview import OpenStream
from zhiyin.lake.sources.recognising import FORMATS, HEAD, recognise
from zhiyin.lake.sources.spss import SpssSource
from zhiyin.lake.sources.streams import ByteStream, open_member, open_raw, open_stream, packing, packing_of
from zhiyin.lake.sources.textsource import TextPart, TextSource
from zhiyin.lake.sources.workbook import WorkbookSource
from zhiyin.language import translate

_DEFAULTS: Final = SourceOptions()
_TEXT: Final = ("delimited", "fixed")
# These readers jump about in the file and need it unpacked on disk.
_ON_DISK: Final[dict[str, Callable[[Path, str, SourceOptions], SettledSource]]] = {
    "excel": WorkbookSource,
    "spss": SpssSource,
    "parquet": ParquetSource,
}


@dataclass(frozen=True, slots=True)
class Detection:
    """What was found out about a file.

    Attributes
    ----------
    path : the file.
    info : columns, format, labels and doubts, as its source tells them.
    options : everything that was found out, filled in; opening the file with them guesses nothing any more.
    """

    path: Path
    info: SourceInfo
    options: SourceOptions


def open_source(path: Path, options: SourceOptions = _DEFAULTS) -> Source:
    r"""Open a file for reading, by what it is or what is said of it.

    Parameters
    ----------
    path : the file: plain, or packed as gz, bz2, xz or zip.
    options : what is known of it.

    Raises
    ------
    SourceError : a subclass says what is wrong with the file or the options, and what to do.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "scores.csv"
    ...     _ = file.write_text("customer,score\nC1,9\nC2,\n")
    ...     source = open_source(file)
    ...     for block in source.blocks():
    ...         print(block.rows.column("score").to_pylist(), block.rows.column("__line").to_pylist())
    ['9', None] [2, 3]
    """
    return _open(Path(path), options)


def detect(path: Path, options: SourceOptions = _DEFAULTS) -> Detection:
    """Find out what a file is without reading its rows.

    JSON and event logs are read once through, since their columns are known only then.
    """
    source = _open(Path(path), options)
    return Detection(Path(path), source.info, source.settled)


def _open(path: Path, options: SourceOptions) -> SettledSource:
    if options.format is not None and options.format not in FORMATS:
        raise UnknownFormat(file=str(path), found=options.format, known=", ".join(FORMATS), choices=FORMATS)
    if options.format == "fixed" and options.widths is None:
        raise WidthsNeeded(file=str(path))
    _check_numbers(path, options)
    kind = packing(path)
    if kind != "zip":
        return _open_one(path, str(path), lambda: open_stream(path, options), options, on_disk=kind is None)
    if _is_workbook(path):
        return _open_one(
            path, str(path), lambda: open_stream(path, options), replace(options, format="excel"), on_disk=True
        )
    return _open_archive(path, options)


def _open_one(path: Path, name: str, opened: OpenStream, options: SourceOptions, *, on_disk: bool) -> SettledSource:
    """One file or member, whatever its format."""
    with opened() as stream:
        head = stream.read(HEAD)
        if not head:
            stream.refuse_empty()
    if packing_of(head) is not None and options.format != "excel":
        raise NestedArchive(file=str(path), member=name)
    found = options.format or _told(options) or recognise(head, name, encoding=options.encoding)
    options = options if found == "fixed" else replace(options, widths=None)
    if found in _TEXT:
        return TextSource(path, (TextPart(None, opened),), options)
    if found in ("json", "jsonl"):
        return JsonSource(path, opened, options, lines=found == "jsonl")
    if found == "xes":
        return EventLogSource(path, opened, options)
    reader = _ON_DISK[found]
    if on_disk:
        return reader(path, name, options)
    spooled = spool(opened)
    return ChainedSource(path, ((None, reader(Path(spooled.name), name, options)),), keep=(spooled,))


def _open_archive(path: Path, options: SourceOptions) -> SettledSource:
    """The members of a zip archive, one behind the other."""
    members = choose_members(path, options.member)
    openers = [_opener(path, member, options) for member in members]
    heads = [_head(opened) for opened in openers]
    kept = [place for place, head in enumerate(heads) if head]
    if not kept:
        raise SourceEmpty(file=str(path))
    kinds = {place: _member_format(heads[place], path, members[place], options) for place in kept}
    if all(kind in _TEXT for kind in kinds.values()):
        parts = tuple(TextPart(members[place].name, openers[place]) for place in kept)
        return TextSource(path, parts, options)
    spooled: list[IO[bytes]] = []
    sources: list[tuple[str | None, SettledSource]] = []
    for place in kept:
        name, opened, said = f"{path}/{members[place].name}", openers[place], replace(options, format=kinds[place])
        if kinds[place] in _ON_DISK:
            spooled.append(file := spool(opened))
            file_path = Path(file.name)
            if kinds[place] == "excel" and not _is_workbook(file_path):
                raise NestedArchive(file=str(path), member=members[place].name)
            sources.append((members[place].name, _ON_DISK[kinds[place]](file_path, name, said)))
        else:
            sources.append((members[place].name, _open_one(path, name, opened, said, on_disk=False)))
    return ChainedSource(path, tuple(sources), keep=tuple(spooled))


def _member_format(head: bytes, path: Path, member: Member, options: SourceOptions) -> str:
    packed = packing_of(head)
    if packed == "zip" and options.format in (None, "excel"):
        return "excel"
    if packed is not None:
        raise NestedArchive(file=str(path), member=member.name)
    return options.format or _told(options) or recognise(head, f"{path}/{member.name}", encoding=options.encoding)


def _told(options: SourceOptions) -> str | None:
    """The format that other options imply."""
    if options.widths is not None:
        return "fixed"
    return "json" if options.record_path is not None else None


def _opener(path: Path, member: Member, options: SourceOptions) -> Callable[[], ByteStream]:
    return lambda: open_member(path, member.entry, member.name, options)


def _head(opened: OpenStream) -> bytes:
    with opened() as stream:
        return stream.read(HEAD)


def _is_workbook(path: Path) -> bool:
    with open_raw(path) as raw:
        try:
            names = zipfile.ZipFile(raw).namelist()
        except zipfile.BadZipFile as error:
            raise SourceDamaged(file=str(path), rows=0, reason=str(error)) from error
    return any(name.startswith("xl/") for name in names) and "[Content_Types].xml" in names


def spool(opened: OpenStream) -> IO[bytes]:
    """Unpack a stream into a temporary file that only this user can read, and that goes when it is closed."""
    # The source keeps it open for as long as it lives.
    file = cast(IO[bytes], tempfile.NamedTemporaryFile(prefix="zhiyin-"))  # noqa: SIM115  the caller closes it
    with opened() as stream:
        while piece := stream.read(MEBIBYTE):
            file.write(piece)
        if stream.cut is not None:
            file.close()
            raise SourceDamaged(file=stream.name, rows=0, reason=stream.cut.reason)
    file.flush()
    return file


def _check_numbers(path: Path, options: SourceOptions) -> None:
    """Refuse numbers that cannot be meant."""
    least = {
        "header_rows": (options.header_rows, 1),
        "label_row": (options.label_row, 0),
        "skip_rows": (options.skip_rows, 0),
        "trailer_rows": (options.trailer_rows, 0),
        "block_bytes": (options.block_bytes, 1),
        "block_cells": (options.block_cells, 1),
        "longest_row": (options.longest_row, 1),
        "most_columns": (options.most_columns, 1),
    }
    for name, (value, bound) in least.items():
        if value is not None and value < bound:
            raise BadOption(
                file=str(path),
                option=name,
                value=value,
                reason=translate("it must be at least {bound}").format(bound=bound),
            )
