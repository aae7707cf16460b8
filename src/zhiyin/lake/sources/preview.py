"""The first piece of a text file: what encoding it is in, and its first rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from zhiyin.lake.sources.doubts import Doubt
from zhiyin.lake.sources.encodings import EncodingGuess, Transcoder, settle_encoding
from zhiyin.lake.sources.options import MEBIBYTE, SourceOptions
from zhiyin.lake.sources.streams import ByteStream

_SAMPLE: Final = MEBIBYTE
_ASCII_READ: Final = 64 * MEBIBYTE

OpenStream = Callable[[], ByteStream]


@dataclass(frozen=True, slots=True)
class Preview:
    """The head of a text.

    Attributes
    ----------
    name : the file, for messages.
    encoding : what its bytes look like.
    head : its first bytes as UTF-8 (with marks for undecodable bytes), the byte order mark taken off.
    raw : the same bytes as they are in the file, with the byte order mark.
    whole : the file has no more than this.
    doubts : what was guessed.
    """

    name: str
    encoding: EncodingGuess
    head: bytes
    raw: bytes
    whole: bool
    doubts: tuple[Doubt, ...]


def look_at(opened: OpenStream, options: SourceOptions) -> Preview:
    """Read the head of a text and settle its encoding.

    Where the first mebibyte is plain ASCII, up to 64 more are read for a byte that tells UTF-8 from the others.
    """
    with opened() as stream:
        raw = stream.read(_SAMPLE)
        if not raw.strip(b"\0 \t\r\n\x1a\xef\xbb\xbf\xfe\xff"):
            stream.refuse_empty()
        telling = raw
        far = 0
        if options.encoding is None:
            while telling.isascii() and 0 not in telling and far < _ASCII_READ and (more := stream.read(_SAMPLE)):
                telling = more
                far += len(more)
        encoding = settle_encoding(telling if far else raw, options.encoding, stream.name)
        name = stream.name
    whole = len(raw) < _SAMPLE
    head = raw[encoding.bom :]
    if encoding.name != "utf-8":
        head = Transcoder(encoding.name).feed(head, final=whole)
    doubts = _doubts(encoding, options, whole=whole)
    return Preview(name, encoding, head, raw, whole, doubts)


def _doubts(encoding: EncodingGuess, options: SourceOptions, *, whole: bool) -> tuple[Doubt, ...]:
    if options.encoding is not None:
        return ()
    found: list[Doubt] = []
    if encoding.ascii and not whole:
        found.append(Doubt("encoding_ascii"))
    elif not encoding.ascii and encoding.bom == 0 and encoding.name != "utf-8":
        found.append(Doubt("encoding", {"encoding": encoding.name}))
    if encoding.rivals:
        data = {"encoding": encoding.name, "rivals": ", ".join(encoding.rivals)}
        found.append(Doubt("encoding_rivals", data))
    if encoding.errors:
        data = {"encoding": encoding.name, "errors": str(encoding.errors)}
        found.append(Doubt("encoding_errors", data))
    return tuple(found)
