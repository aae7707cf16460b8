"""Time is passed in as ``at``; only the command line and the worker look at the clock of the machine."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tools.lint.finding import Finding
from tools.lint.source import Source

READERS: Final = frozenset(
    {
        "date.today",
        "datetime.now",
        "datetime.today",
        "datetime.utcnow",
        "time.gmtime",
        "time.localtime",
        "time.time",
        "time.time_ns",
        "Timestamp.now",
        "Timestamp.today",
        "Timestamp.utcnow",
    }
)
"""Calls that answer with the present. ``time.monotonic`` and ``time.perf_counter`` measure durations and are free."""


def check(source: Source) -> Iterator[Finding]:
    """Calls that read the machine's clock, under whatever name the module was imported."""
    names = dict(_renamed(source.tree))
    for node in source.nodes:
        if isinstance(node, ast.Call):
            called = _dotted(node.func, names)
            if ".".join(called[-2:]) in READERS:
                yield source.finding(node, f"pass the time in as `at` instead of calling {'.'.join(called)}")


def _renamed(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.asname or alias.name, alias.name.split(".")) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield alias.asname or alias.name, [*node.module.split("."), alias.name]


def _dotted(node: ast.expr, names: dict[str, list[str]]) -> list[str]:
    if isinstance(node, ast.Attribute):
        return [*_dotted(node.value, names), node.attr]
    if isinstance(node, ast.Name):
        return names.get(node.id, [node.id])
    return [""]
