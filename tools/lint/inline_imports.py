"""Imports stand at the top; one inside a function needs a reason from a closed list."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tools.lint.finding import Finding
from tools.lint.source import Source

REASONS: Final = ("# slow import", "# optional engine", "# app ready")
"""Comments that excuse an import inside a function. "Circular" is not among them: move what both need."""


def check(source: Source) -> Iterator[Finding]:
    """Imports inside functions whose line does not end with one of the reasons."""
    for node in source.nodes:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            for inner in ast.walk(node):
                if isinstance(inner, (ast.Import, ast.ImportFrom)) and not _excused(source, inner):
                    yield source.finding(
                        inner, f"move the import to the top, or end it with one of {', '.join(REASONS)}"
                    )


def _excused(source: Source, node: ast.stmt) -> bool:
    lines = range(node.lineno, (node.end_lineno or node.lineno) + 1)
    return any(source.comments.get(line, "").startswith(REASONS) for line in lines)
