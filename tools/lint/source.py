"""The files of the repository as rules read them: text, syntax tree, comments."""

from __future__ import annotations

import ast
import io
import subprocess
import tokenize
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from tools.lint.finding import Finding


@dataclass(frozen=True)
class Source:
    """One text file.

    Parameters
    ----------
    path : from the root of the repository, with forward slashes.
    text : its content.
    root : root of the repository, for rules that look into other files.
    """

    path: str
    text: str
    root: Path = field(default=Path(), repr=False)

    @property
    def is_python(self) -> bool:
        """Whether it is Python code."""
        return self.path.endswith(".py")

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their ends; the first one has number 1."""
        return self.text.split("\n")

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of Python code."""
        return ast.parse(self.text, filename=self.path)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """All nodes of the tree."""
        return list(ast.walk(self.tree))

    @cached_property
    def comments(self) -> Mapping[int, str]:
        """Comments of Python code by line, with their ``#``; text in strings is none."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return {token.start[0]: token.string for token in tokens if token.type == tokenize.COMMENT}

    def finding(self, where: ast.stmt | ast.expr | int, message: str) -> Finding:
        """A finding at a node or a line."""
        return Finding(self.path, where if isinstance(where, int) else where.lineno, message)


def committed_sources(root: Path) -> Iterator[Source]:
    """Every text file that git tracks or would add, in order of path."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout
    for path in sorted(set(listed.split("\0"))):
        if path and (root / path).is_file():
            try:
                yield Source(path, (root / path).read_bytes().decode("utf-8"), root)
            except UnicodeDecodeError:
                continue
