"""What the command line says to its user goes through ``translate``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Final

from tools.lint.finding import Finding
from tools.lint.source import Source

_WORDS: Final = re.compile(r"[A-Za-z]{2,} [a-z]{2,}")
_SHOWN: Final = frozenset({"description", "epilog", "help", "title"})
"""Keywords whose text argparse shows."""


def check(source: Source) -> Iterator[Finding]:
    """Sentences, two English words or more, that are printed or put into help as they stand."""
    for node in source.nodes:
        if isinstance(node, ast.Call):
            said = [keyword.value for keyword in node.keywords if keyword.arg in _SHOWN]
            if isinstance(node.func, ast.Name) and node.func.id == "print":
                said += node.args
            for value in said:
                if any(_WORDS.search(text) for text in _literal(value)):
                    yield source.finding(value, "say it through translate")


def _literal(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in parts)
        case ast.BinOp(left=left, right=right):
            yield from _literal(left)
            yield from _literal(right)
        case ast.IfExp(body=one, orelse=other):
            yield from _literal(one)
            yield from _literal(other)
        case ast.Call(func=ast.Attribute(value=inner, attr="format")):
            yield from _literal(inner)
