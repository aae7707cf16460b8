"""The members of a zip archive that are data."""

from __future__ import annotations

import fnmatch
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from zhiyin.lake.sources.errors import NoSuchMember, SourceDamaged, SourceEmpty
from zhiyin.lake.sources.streams import open_raw

_MARKERS: Final = {".ok", ".flg", ".ctl", ".done", ".end", ".md5", ".sha256"}
_DOCUMENTS: Final = {".md", ".pdf", ".doc", ".docx", ".rtf", ".png", ".jpg", ".jpeg"}
_UTF8_NAME: Final = 0x800


@dataclass(frozen=True, slots=True)
class Member:
    """One file within an archive.

    Attributes
    ----------
    name : as people read it: Chinese names that Windows stored in GBK are decoded.
    entry : as the archive lists it.
    """

    name: str
    entry: zipfile.ZipInfo


def list_members(path: Path) -> tuple[Member, ...]:
    """Files of the archive that can be data, in its order; folders, markers, documents and what macOS adds are not."""
    with open_raw(path) as raw:
        try:
            entries = zipfile.ZipFile(raw).infolist()
        except zipfile.BadZipFile as error:
            raise SourceDamaged(file=str(path), rows=0, reason=str(error)) from error
    return tuple(Member(_readable_name(entry), entry) for entry in entries if not entry.is_dir() and _is_data(entry))


def choose_members(path: Path, wanted: str | tuple[str, ...] | None) -> tuple[Member, ...]:
    """The members asked for by name or pattern, in the archive's order; all of them if none is asked for."""
    members = list_members(path)
    if not members:
        raise SourceEmpty(file=str(path))
    if wanted is None:
        return members
    patterns = (wanted,) if isinstance(wanted, str) else wanted
    names = [member.name for member in members]
    for pattern in patterns:
        if not any(_matches(name, pattern) for name in names):
            raise NoSuchMember(file=str(path), member=pattern, members=", ".join(names), choices=tuple(names))
    return tuple(member for member in members if any(_matches(member.name, pattern) for pattern in patterns))


def _matches(name: str, pattern: str) -> bool:
    return name == pattern or PurePosixPath(name).name == pattern or fnmatch.fnmatchcase(name, pattern)


def _is_data(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    hidden = any(part.startswith(".") or part == "__MACOSX" for part in path.parts)
    read_me = path.stem.lower() == "readme"
    return not hidden and not read_me and path.suffix.lower() not in _MARKERS | _DOCUMENTS


def _readable_name(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & _UTF8_NAME:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename
