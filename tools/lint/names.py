"""Files and folders are named after one idea; drawers for everything are not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from tools.lint.finding import Finding
from tools.lint.source import Source

DRAWERS: Final = frozenset({"common_lib", "helper", "helpers", "managers", "misc", "services", "util", "utils"})
"""Names that say nothing about what is inside."""


def check(source: Source) -> Iterator[Finding]:
    """Modules or packages whose name would fit any content."""
    path = PurePosixPath(source.path)
    for part in (*path.parent.parts, path.stem):
        if part in DRAWERS:
            yield source.finding(1, f"name {part!r} after the one idea inside")
