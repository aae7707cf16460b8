"""Long files and functions hide a second idea."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tools.lint.finding import Finding
from tools.lint.source import Source

FILE_LINES: Final = 500
"""Most lines of a file."""

FUNCTION_LINES: Final = 60
"""Most lines of a function, without its docstring."""


def check(source: Source) -> Iterator[Finding]:
    """Files over 500 lines and functions over 60. Docstrings do not count: teaching is not complexity."""
    count = source.text.count("\n")
    if count > FILE_LINES:
        yield source.finding(1, f"{count} lines, more than {FILE_LINES}: look for the second idea inside")
    for node in source.nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            count = _lines(node)
            if count > FUNCTION_LINES:
                yield source.finding(node, f"{node.name} has {count} lines, more than {FUNCTION_LINES}: split it")


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    whole = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        whole -= (first.end_lineno or first.lineno) - first.lineno + 1
    return whole
