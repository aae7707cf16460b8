"""Files in: whatever a bank drops becomes blocks of text columns, with nothing lost.

:func:`open_source` finds out what a file is (or is told), and delivers it as :class:`Block` after block; rows that
cannot be split come beside the good ones as :class:`BrokenRow`. What the columns mean, and whether a value is
allowed, is decided above.
"""

from __future__ import annotations

from zhiyin.lake.sources.block import LINE, ROW, Block, BrokenRow, Source, SourceInfo
from zhiyin.lake.sources.doubts import Doubt
from zhiyin.lake.sources.errors import (
    BadOption,
    EncodingUnsure,
    ExpansionRefused,
    MembersDiffer,
    NestedArchive,
    NoSuchMember,
    NoSuchRecords,
    NoSuchSheet,
    OldWorkbook,
    SourceDamaged,
    SourceEmpty,
    SourceEncrypted,
    SourceError,
    SourceForbidden,
    SourceMissing,
    SourceTruncated,
    TooManyColumns,
    UnknownEncoding,
    UnknownFormat,
    UnsafeDeclaration,
    WebPage,
    WidthsNeeded,
    WrongFormat,
)
from zhiyin.lake.sources.opening import Detection, detect, open_source
from zhiyin.lake.sources.options import SourceOptions

__all__ = [
    "LINE",
    "ROW",
    "BadOption",
    "Block",
    "BrokenRow",
    "Detection",
    "Doubt",
    "EncodingUnsure",
    "ExpansionRefused",
    "MembersDiffer",
    "NestedArchive",
    "NoSuchMember",
    "NoSuchRecords",
    "NoSuchSheet",
    "OldWorkbook",
    "Source",
    "SourceDamaged",
    "SourceEmpty",
    "SourceEncrypted",
    "SourceError",
    "SourceForbidden",
    "SourceInfo",
    "SourceMissing",
    "SourceOptions",
    "SourceTruncated",
    "TooManyColumns",
    "UnknownEncoding",
    "UnknownFormat",
    "UnsafeDeclaration",
    "WebPage",
    "WidthsNeeded",
    "WrongFormat",
    "detect",
    "open_source",
]
