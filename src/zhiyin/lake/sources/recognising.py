"""What kind of file it is, by its content; the name is not believed."""

from __future__ import annotations

import json
import re
from typing import Final

from zhiyin.lake.sources.encodings import Transcoder, settle_encoding, shown
from zhiyin.lake.sources.errors import OldWorkbook, SourceEncrypted, UnknownFormat, WebPage
from zhiyin.lake.sources.jsonlist import find_path

FORMATS: Final = ("delimited", "fixed", "excel", "spss", "json", "jsonl", "parquet", "xes")
HEAD: Final = 1 << 16

_UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"
_LOG: Final = re.compile(r"<(?:\w+:)?log[\s>]")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OTHERS: Final = {
    b"%PDF": "PDF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"SQLite format 3": "SQLite",
    b"ORC": "ORC",
    b"Obj\x01": "Avro",
    b"{\\rtf": "RTF",
    b"HEADER RECORD*******LIBRARY": "SAS",
    b"<stata_dta>": "Stata",
    b"\x28\xb5\x2f\xfd": "zstd",
}


def recognise(head: bytes, file: str, *, encoding: str | None = None) -> str:
    """The format of an unpacked file that is not a zip archive.

    Parameters
    ----------
    head : its first 64 KiB, or all of it.
    file : for messages.
    encoding : of the text, where it is known; the content is then text, however strange it looks.
    """
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith((b"$FL2", b"$FL3")):
        return "spss"
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in head:
            raise SourceEncrypted(file=file)
        raise OldWorkbook(file=file)
    for magic, name in _OTHERS.items():
        if head.startswith(magic):
            raise UnknownFormat(file=file, found=name, known=", ".join(FORMATS))
    return _recognise_text(head, file, encoding)


def _recognise_text(head: bytes, file: str, encoding: str | None) -> str:
    guess = settle_encoding(head, encoding, file)
    # NULs at the end are what a crash leaves of a file; NULs and undecodable bytes elsewhere are broken rows while they
    # are few, and no text at all when they are many.
    text = shown(Transcoder(guess.name).feed(head[guess.bom :])).rstrip("\0")
    if encoding is None and text.count("\0") + text.count(_UNKNOWN) > 0.1 * len(text):
        raise UnknownFormat(file=file, found="binary", known=", ".join(FORMATS))
    start = text.lstrip()
    if start.startswith("<"):
        return _recognise_markup(start, file)
    if start.startswith("{"):
        first, _, rest = start.partition("\n")
        if not _is_json(first):
            return _json_or_text(start)
        # A single line with a list of objects within is a document; otherwise each line is a record.
        return "json" if not rest.strip() and find_path(first) is not None else "jsonl"
    if start.startswith("[") and start[1:].lstrip()[:1] in ("{", "]"):
        return "json"
    return "delimited"


def _json_or_text(start: str) -> str:
    return "json" if start[1:].lstrip()[:1] in ('"', "}") else "delimited"


def _is_json(line: str) -> bool:
    try:
        json.loads(line)
    except ValueError:
        return False
    except RecursionError:
        return True
    return True


def _recognise_markup(start: str, file: str) -> str:
    lower = start[:HEAD].lower()
    if _LOG.search(lower):
        return "xes"
    if "<html" in lower or "<table" in lower or "<!doctype html" in lower:
        raise WebPage(file=file)
    if "urn:schemas-microsoft-com:office:spreadsheet" in lower:
        raise OldWorkbook(file=file)
    if lower.startswith(("<?xml", "<!doctype", "<!--")) or "</" in lower:
        raise UnknownFormat(file=file, found="XML", known=", ".join(FORMATS))
    return "delimited"
