"""The bytes of a file, unpacked: plain, gz, bz2, xz, or one member of a zip archive.

A stream tells how much of the file on disk it has consumed, refuses what expands without measure, and never loses
what came before the place where a file is cut off: it ends there and says so in :attr:`ByteStream.cut`.
"""

from __future__ import annotations

import bz2
import copy
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from zhiyin.lake.sources.encodings import MARK
from zhiyin.lake.sources.errors import (
    ExpansionRefused,
    SourceDamaged,
    SourceEmpty,
    SourceEncrypted,
    SourceForbidden,
    SourceMissing,
    SourceTruncated,
    WrongFormat,
)
from zhiyin.lake.sources.options import MEBIBYTE, SourceOptions

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

_STEP: Final = MEBIBYTE
_RATIO_COUNTS_FROM: Final = 64 * MEBIBYTE
_MAGIC: Final = {b"\x1f\x8b": "gz", b"BZh": "bz2", b"\xfd7zXZ\x00": "xz", b"PK\x03\x04": "zip", b"PK\x05\x06": "zip"}
_UNPACKERS: Final[dict[str, Callable[[IO[bytes]], Any]]] = {
    "gz": lambda raw: gzip.GzipFile(fileobj=raw, mode="rb"),
    "bz2": bz2.BZ2File,
    "xz": lzma.LZMAFile,
}


@dataclass(frozen=True, slots=True)
class Cut:
    """Why a stream ended before its end.

    Attributes
    ----------
    reason : what the unpacker said.
    truncated : the data stop (a transfer that was cut off); False: the data are wrong (a checksum).
    """

    reason: str
    truncated: bool


class ByteStream:
    """Unpacked bytes, forward only.

    Parameters
    ----------
    name : the file as the user knows it, for messages.
    raw : the file on disk; its position is the progress.
    unpacked : the readable over it, or ``raw`` itself.
    options : limits of expansion.
    checksum : CRC-32 of what is unpacked, where the archive tells it.
    """

    def __init__(
        self, name: str, raw: IO[bytes], unpacked: Any, options: SourceOptions, checksum: int | None = None
    ) -> None:
        self.name = name
        self.cut: Cut | None = None
        self._raw = raw
        self._unpacked = unpacked
        self._options = options
        self._delivered = 0
        self._checksum = checksum
        self._running = 0

    @property
    def position(self) -> int:
        """Bytes of the file on disk consumed so far."""
        return self._raw.tell()

    def read(self, size: int) -> bytes:
        """Exactly ``size`` bytes, or fewer at the end of the file, and then ``b""``."""
        if self._unpacked is self._raw:
            return bytes(self._raw.read(size))
        parts: list[bytes] = []
        wanted = size
        while wanted > 0 and self.cut is None:
            part = self._step(min(wanted, _STEP))
            if not part:
                self._check()
                break
            if self._checksum is not None:
                self._running = zlib.crc32(part, self._running)
            parts.append(part)
            wanted -= len(part)
            self._delivered += len(part)
            self._refuse_bomb()
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def _step(self, size: int) -> bytes:
        try:
            # read1 and not read: what was unpacked before the damaged place must not vanish with the exception.
            part = bytes(self._unpacked.read1(size))
        except EOFError as error:
            self.cut = Cut(str(error), truncated=True)
        except (zlib.error, lzma.LZMAError, zipfile.BadZipFile, OSError) as error:
            self.cut = Cut(str(error), truncated=False)
        else:
            return part
        return b""

    def _check(self) -> None:
        """At the end, compare the checksum: after the data were handed out, so that they are not lost with it."""
        if self.cut is None and self._checksum is not None and self._checksum != self._running:
            self.cut = Cut("wrong CRC-32", truncated=False)

    def refuse_empty(self) -> None:
        """Say why nothing could be read of the file."""
        if self.cut is None:
            raise SourceEmpty(file=self.name)
        raise (SourceTruncated if self.cut.truncated else SourceDamaged)(file=self.name, rows=0, reason=self.cut.reason)

    def _refuse_bomb(self) -> None:
        out, limits = self._delivered, self._options
        if out > limits.expansion_bytes:
            raise ExpansionRefused(file=self.name, limit=_readable(limits.expansion_bytes))
        if out > _RATIO_COUNTS_FROM and out > limits.expansion_ratio * max(self.position, 1):
            raise ExpansionRefused(file=self.name, limit=f"{limits.expansion_ratio:g} x")

    def close(self) -> None:
        """Give the file back."""
        if self._unpacked is not self._raw:
            self._unpacked.close()
        self._raw.close()

    def __enter__(self) -> ByteStream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _RawReader(io.RawIOBase):
    """A byte stream as Python's text layer wants it."""

    def __init__(self, stream: ByteStream) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        view = memoryview(buffer).cast("B")
        data = self._stream.read(len(view))
        view[: len(data)] = data
        return len(data)


def text_reader(stream: ByteStream, encoding: str, bom: int) -> io.TextIOWrapper:
    """The stream as text with universal line ends; undecodable bytes become lone surrogates.

    Parameters
    ----------
    stream : at its beginning.
    encoding : Python's codec.
    bom : bytes of the byte order mark to pass over.
    """
    stream.read(bom)
    return io.TextIOWrapper(
        io.BufferedReader(_RawReader(stream), MEBIBYTE), encoding=encoding, errors=MARK, newline=None
    )


def open_raw(path: Path) -> IO[bytes]:
    """The file on disk, with errors that a user can act upon."""
    if not path.is_file():
        raise SourceMissing(file=str(path))
    try:
        return path.open("rb")
    except OSError as error:
        raise SourceForbidden(file=str(path), reason=error.strerror or str(error)) from error


def packing(path: Path) -> str | None:
    """``gz``, ``bz2``, ``xz``, ``zip`` or None, by the first bytes and never by the name."""
    with open_raw(path) as raw:
        return packing_of(raw.read(8))


def packing_of(head: bytes) -> str | None:
    """The same for bytes at hand."""
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    return None


def open_stream(path: Path, options: SourceOptions) -> ByteStream:
    """A file that is plain or packed by itself; for a zip archive see :func:`open_member`."""
    kind = packing(path)
    raw = open_raw(path)
    if kind is None or kind == "zip":
        return ByteStream(str(path), raw, raw, options)
    return ByteStream(str(path), raw, _UNPACKERS[kind](raw), options)


def open_member(path: Path, member: zipfile.ZipInfo, shown: str, options: SourceOptions) -> ByteStream:
    """One member of a zip archive.

    Parameters
    ----------
    path : the archive.
    member : as listed by the archive's directory.
    shown : its name as people read it.
    options : limits of expansion.
    """
    name = f"{path}/{shown}"
    if member.flag_bits & 1:
        raise SourceEncrypted(file=name)
    refuse_declared_bomb(name, member, options)
    raw = open_raw(path)
    try:
        # zipfile drops the last piece of data when the checksum is wrong: it is compared here instead.
        unchecked = copy.copy(member)
        unchecked.CRC = None  # type: ignore[assignment]  # zipfile then leaves checking to us
        unpacked = zipfile.ZipFile(raw).open(unchecked)  # noqa: SIM115 (the stream closes it)
    except (NotImplementedError, zipfile.BadZipFile) as error:
        raw.close()
        raise WrongFormat(file=name, format="zip", reason=str(error)) from error
    return ByteStream(name, raw, unpacked, options, member.CRC)


def refuse_declared_bomb(name: str, member: zipfile.ZipInfo, options: SourceOptions) -> None:
    """Refuse by what the archive's directory says, before anything is unpacked."""
    size, packed = member.file_size, max(member.compress_size, 1)
    if size > options.expansion_bytes:
        raise ExpansionRefused(file=name, limit=_readable(options.expansion_bytes))
    if size > _RATIO_COUNTS_FROM and size > options.expansion_ratio * packed:
        raise ExpansionRefused(file=name, limit=f"{options.expansion_ratio:g} x")


def _readable(count: int) -> str:
    for unit, width in (("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", MEBIBYTE)):
        if count >= width:
            return f"{count / width:g} {unit}"
    return f"{count} B"
