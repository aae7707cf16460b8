"""Reference pages written from the code, so that documentation can fail the build.

``python -m tools.docs`` writes every page, ``python -m tools.docs errors`` one of them, ``--check`` writes nothing and
fails where a page differs from the code.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

import zhiyin
from zhiyin.errors import ZhiyinError
from zhiyin.language import translate
from zhiyin.tables.reference import tables_page

FOLDER: Final = Path(__file__).parent.parent / "docs" / "reference"


def error_classes() -> tuple[type[ZhiyinError], ...]:
    """Every error class of the library, by code, after importing all its modules.

    Raises
    ------
    ValueError : two classes share a code, so that a reader of the code cannot know which one it was.
    """
    for module in pkgutil.walk_packages(zhiyin.__path__, "zhiyin."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = sorted((kind for kind in _below(ZhiyinError) if kind.__module__.startswith("zhiyin.")), key=_code)
    for one, next_one in itertools.pairwise(found):
        if one.code == next_one.code:
            raise ValueError(f"{one.__qualname__} and {next_one.__qualname__} share the code {one.code}")
    return tuple(found)


def _below(kind: type[ZhiyinError]) -> Iterator[type[ZhiyinError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)


def _code(kind: type[ZhiyinError]) -> str:
    return kind.code


def errors_page() -> str:
    """``docs/reference/errors.md``: every error with its code, status, sentence in both languages and meaning."""
    lines = [
        "# Errors 错误",
        "",
        "<!-- Written by `python -m tools.docs`; do not edit. -->",
        "",
        "每个错误都有稳定的代码、HTTP 状态和中英文说明；花括号中的内容在出现时填入。",
        "",
        "Each error has a stable code, an HTTP status and a sentence in both languages; braces are filled in.",
        "",
        "| code 代码 | status 状态 | 说明 | sentence | class 类 | when 何时 |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for kind in error_classes():
        when = (kind.__doc__ or "").strip().splitlines()[0]
        name = f"`{kind.__module__}.{kind.__qualname__}`"
        cells = (f"`{kind.code}`", str(kind.status), translate(kind.message, "zh"), kind.message, name, when)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


PAGES: Final[Mapping[str, Callable[[], str]]] = MappingProxyType({"tables": tables_page, "errors": errors_page})
"""Generated pages by file name without ending."""


def differing(names: tuple[str, ...], folder: Path) -> tuple[str, ...]:
    """Those of the pages whose file is missing or differs from the code."""
    return tuple(name for name in names if _read(folder / f"{name}.md") != PAGES[name]())


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main(arguments: list[str] | None = None) -> int:
    """Write the pages, or with ``--check`` compare them; 1 where one differs."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs", description="Write the generated reference pages.")
    parser.add_argument("page", nargs="*", help=f"one of {', '.join(PAGES)}; all where none is named")
    parser.add_argument("--check", action="store_true", help="write nothing; fail where a page differs")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.page) - set(PAGES))
    if unknown:
        parser.error(f"no page {', '.join(unknown)}; choose from {', '.join(PAGES)}")
    names = tuple(chosen.page) or tuple(PAGES)
    wrong = differing(names, FOLDER)
    if chosen.check:
        for name in wrong:
            print(f"docs/reference/{name}.md differs from the code: run python -m tools.docs {name}")
        return 1 if wrong else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in wrong:
        (FOLDER / f"{name}.md").write_text(PAGES[name](), encoding="utf-8")
        print(f"wrote docs/reference/{name}.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
