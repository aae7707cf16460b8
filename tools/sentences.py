"""Every English sentence that a user may read, found without running the code.

They are the arguments of ``translate`` and ``say``, given directly, through a constant or a table of constants, and the
``message`` of each error class.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

_SPEAKERS: Final = frozenset({"translate", "say"})
_DECLARED_ELSEWHERE: Final = frozenset({"self.message", "self.template"})
"""Arguments whose sentences are found where the class or the sentence is made."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English sentence and the file that says it, from the root of the source folder."""

    english: str
    path: str


class UnclearSentence(Exception):
    """A sentence is put together while the program runs, so that nobody can translate it beforehand."""


def sentences(source: Path, package: Path) -> Iterator[Sentence]:
    """Every sentence of a package below a source folder, in order of file and line.

    Raises
    ------
    UnclearSentence : with file and line.
    """
    for path in sorted(package.rglob("*.py")):
        module = _Module(source, path)
        for node, scope in _with_scope(module.tree, None):
            said: ast.expr | None = None
            if isinstance(node, ast.Call) and node.args and _name(node.func) in _SPEAKERS:
                said = node.args[0]
            elif isinstance(node, ast.ClassDef):
                said = _message(node)
            if said is not None:
                texts = list(module.texts(said, scope))
                if not texts and ast.unparse(said) not in _DECLARED_ELSEWHERE | _passed_on(scope):
                    raise UnclearSentence(f"{path}:{said.lineno}: {ast.unparse(said)} is no constant sentence")
                yield from (Sentence(text, str(path.relative_to(source))) for text in texts)


def _with_scope(node: ast.AST, scope: ast.FunctionDef | None) -> Iterator[tuple[ast.AST, ast.FunctionDef | None]]:
    """Each node below one, with the function that it stands in."""
    for child in ast.iter_child_nodes(node):
        yield child, scope
        yield from _with_scope(child, child if isinstance(child, ast.FunctionDef) else scope)


def _passed_on(scope: ast.FunctionDef | None) -> frozenset[str]:
    """Parameters of a speaker such as ``say``, which passes on what its callers say."""
    if scope is None or scope.name not in _SPEAKERS:
        return frozenset()
    return frozenset(argument.arg for argument in scope.args.args)


@dataclass(frozen=True, slots=True)
class _Module:
    """A module whose constants can be looked up."""

    source: Path
    path: Path

    @property
    def tree(self) -> ast.Module:
        return _parse(self.path.read_text(encoding="utf-8"), str(self.path))

    def texts(self, node: ast.expr, scope: ast.FunctionDef | None) -> Iterator[str]:
        """The constant strings that an expression may be."""
        match node:
            case ast.Constant(value=str(text)):
                yield text
            case ast.IfExp(body=one, orelse=other):
                yield from self.texts(one, scope)
                yield from self.texts(other, scope)
            case ast.Dict(values=values):
                for value in values:
                    yield from self.texts(value, scope)
            case ast.Call(func=ast.Name(id="MappingProxyType"), args=[inner]) | ast.Subscript(value=inner):
                yield from self.texts(inner, scope)
            case ast.Call(func=ast.Attribute(value=inner, attr="get"), args=[_, *defaults]):
                for value in (inner, *defaults):
                    yield from self.texts(value, scope)
            case ast.Name(id=name):
                for value in _assigned(scope.body if scope else [], name):
                    yield from self.texts(value, scope)
                for value in _passed(self.tree, scope, name):
                    yield from self.texts(value, None)
                yield from self.constant(name)
            case ast.Attribute(value=ast.Name(id=name), attr=attribute):
                imported = self.imported(name)
                if imported is not None:
                    yield from imported.constant(attribute)

    def constant(self, name: str) -> Iterator[str]:
        """The strings that the module gives a name at its top, followed through imports within the source folder."""
        for value in _assigned(self.tree.body, name):
            yield from self.texts(value, None)
        for node in self.tree.body:
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    origin = _Module(self.source, self._file(node.module))
                    if (alias.asname or alias.name) == name and origin.path.is_file():
                        yield from origin.constant(alias.name)

    def imported(self, name: str) -> _Module | None:
        """The module of the source folder that was imported under a name."""
        for node in self.tree.body:
            if isinstance(node, ast.ImportFrom) and node.module:
                for alias in node.names:
                    path = self._file(f"{node.module}.{alias.name}")
                    if (alias.asname or alias.name) == name and path.is_file():
                        return _Module(self.source, path)
        return None

    def _file(self, module: str) -> Path:
        return (self.source / module.replace(".", "/")).with_suffix(".py")


@cache
def _parse(text: str, name: str) -> ast.Module:
    return ast.parse(text, name)


def _assigned(body: list[ast.stmt], name: str) -> Iterator[ast.expr]:
    """What statements give a name, also as one of several: ``code, text = ("a", A) if x else ("b", B)``."""
    for node in (inner for statement in body for inner in _flat(statement)):
        if isinstance(node, ast.AnnAssign) and node.value is not None and _name(node.target) == name:
            yield node.value
        elif isinstance(node, ast.Assign):
            for target in node.targets:
                if _name(target) == name:
                    yield node.value
                elif isinstance(target, ast.Tuple) and name in map(_name, target.elts):
                    yield from _elements(node.value, [_name(part) for part in target.elts].index(name))


def _passed(tree: ast.Module, scope: ast.FunctionDef | None, name: str) -> Iterator[ast.expr]:
    """What the module passes for a parameter where it calls the function; a speaker's own calls are read as such."""
    if scope is None or scope.name in _SPEAKERS:
        return
    positions = [argument.arg for argument in (*scope.args.posonlyargs, *scope.args.args)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == scope.name:
            yield from (keyword.value for keyword in node.keywords if keyword.arg == name)
            if name in positions:
                yield from node.args[positions.index(name) :][:1]


def _flat(statement: ast.stmt) -> Iterator[ast.AST]:
    """A statement and those inside it; definitions have scopes of their own."""
    if not isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        yield from ast.walk(statement)


def _elements(node: ast.expr, index: int) -> Iterator[ast.expr]:
    if isinstance(node, ast.IfExp):
        yield from _elements(node.body, index)
        yield from _elements(node.orelse, index)
    elif isinstance(node, ast.Tuple):
        yield node.elts[index]


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _message(node: ast.ClassDef) -> ast.expr | None:
    """What a class body gives the name ``message``."""
    for inner in node.body:
        if isinstance(inner, ast.Assign) and "message" in map(_name, inner.targets):
            return inner.value
        if isinstance(inner, ast.AnnAssign) and _name(inner.target) == "message":
            return inner.value
    return None
