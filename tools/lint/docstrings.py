"""Every public module, class, function and method says what it is for."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lint.finding import Finding
from tools.lint.source import Source

Documented = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def check(source: Source) -> Iterator[Finding]:
    """Public names without a docstring.

    Private names, nested functions, special methods, and methods marked ``@override`` or ``@overload`` need none.
    """
    if not ast.get_docstring(source.tree):
        yield source.finding(1, "say in a docstring what the module is for")
    yield from _inside(source, source.tree.body)


def _inside(source: Source, body: list[ast.stmt]) -> Iterator[Finding]:
    for node in body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            if not ast.get_docstring(node) and not _excused(node):
                yield source.finding(node, f"say in a docstring what {node.name} is for")
            if isinstance(node, ast.ClassDef):
                yield from _inside(source, node.body)


def _excused(node: Documented) -> bool:
    names = {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}
    return not names.isdisjoint({"override", "overload", "setter"})
