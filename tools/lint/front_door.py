"""A package's ``__init__`` is its front door: ``__all__`` lists what it offers, no more and no less, all documented."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tools.lint.finding import Finding
from tools.lint.source import Source

Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.Assign | ast.AnnAssign


def check(source: Source) -> Iterator[Finding]:
    """Names that ``__init__`` binds but ``__all__`` leaves out, lists in vain, twice, or that have no documentation.

    Order is checked by ruff (RUF022).
    """
    bound = dict(_bound(source.tree))
    listed = _listed(source.tree)
    if listed is None:
        if bound:
            yield source.finding(1, "list in __all__ what the package offers")
        return
    line, names = listed
    for name in sorted(set(names) - set(bound)):
        yield source.finding(line, f"__all__ lists {name}, which cannot be imported")
    for name in sorted(set(bound) - set(names)):
        yield source.finding(bound[name], f"__all__ leaves out {name}")
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield source.finding(line, f"__all__ lists {name} twice")
    for name in sorted(set(names) & set(bound)):
        if not name.startswith("__") and not _documented(source.root, source.path, name):
            yield source.finding(bound[name], f"{name} is offered without documentation")


def _bound(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module != "__future__":
            yield from (
                (alias.asname or alias.name, node) for alias in node.names if _public(alias.asname or alias.name)
            )
        elif isinstance(node, Definition):
            yield from ((name, node) for name in _names(node) if _public(name))


def _public(name: str) -> bool:
    return not name.startswith("_") or (name.endswith("__") and name != "__all__")


def _names(node: Definition) -> list[str]:
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign):
        return [node.target.id] if isinstance(node.target, ast.Name) else []
    return [node.name]


def _listed(tree: ast.Module) -> tuple[int, list[str]] | None:
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)) and _names(node) == ["__all__"]:
            return node.lineno, list(_texts(node.value.elts)) if isinstance(node.value, (ast.List, ast.Tuple)) else []
    return None


def _texts(nodes: list[ast.expr]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _documented(root: Path, path: str, name: str) -> bool:
    """Whether the name, followed to where it is defined, has a docstring there; names from elsewhere count as such."""
    try:
        body = ast.parse((root / path).read_text(encoding="utf-8")).body
    except SyntaxError:
        return True  # a finding of its own
    for node, after in zip(body, [*body[1:], None], strict=True):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    origin = _file(root, path, node.module)
                    return origin is None or _documented(root, origin, alias.name)
        elif isinstance(node, Definition) and name in _names(node):
            if isinstance(node, (ast.Assign, ast.AnnAssign)):
                return isinstance(after, ast.Expr) and any(_texts([after.value]))
            return ast.get_docstring(node) is not None
    return False


def _file(root: Path, path: str, module: str) -> str | None:
    """The file of a module of this repository, None for any other."""
    source_root = "src/" if path.startswith("src/") else ""
    stem = source_root + module.replace(".", "/")
    return next((file for file in (f"{stem}.py", f"{stem}/__init__.py") if (root / file).is_file()), None)
