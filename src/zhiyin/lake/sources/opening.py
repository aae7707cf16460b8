"""The front door: find out what a file is, and open it."""

from __future__ import annotations

from pathlib import Path

from zhiyin.lake.sources.block import Source
from zhiyin.lake.sources.options import SourceOptions
from zhiyin.lake.sources.streams import open_stream
from zhiyin.lake.sources.textsource import TextPart, TextSource

_DEFAULTS = SourceOptions()


def open_source(path: Path, options: SourceOptions = _DEFAULTS) -> Source:
    """Open a file for reading, by what it is or what is said of it."""
    return TextSource(path, (TextPart(None, lambda: open_stream(path, options)),), options)
