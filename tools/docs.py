"""Reference pages written from the code, so that documentation can fail the build.

``python -m tools.docs write`` writes every page, ``write errors`` one of them; ``check`` writes nothing and fails where
a page differs from the code.
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
from tools.commands import commands
from zhiyin.cli import build_parser
from zhiyin.clock.reference import clock_rules_page
from zhiyin.errors import ZhiyinError
from zhiyin.language import translate, use_language
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
        "<!-- Written by `python -m tools.docs write`; do not edit. -->",
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
        lines.append(_row(f"`{kind.code}`", str(kind.status), translate(kind.message, "zh"), kind.message, name, when))
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """``docs/reference/commands.md``: every command and argument with its meaning in both languages."""
    both = []
    for language in ("zh", "en"):
        with use_language(language):
            both.append(list(commands(build_parser())))
    lines = [
        "# Commands 命令",
        "",
        "<!-- Written by `python -m tools.docs write`; do not edit. -->",
        "",
        "每个命令及其参数。`zhiyin 命令 --help` 给出同样的内容。",
        "",
        "Every command and its arguments. `zhiyin COMMAND --help` says the same.",
        "",
    ]
    for zh, en in zip(*both, strict=True):
        lines += [f"## {en.name}", "", zh.meaning, "", en.meaning, ""]
        if en.arguments:
            lines += ["| argument 参数 | values 取值 | 含义 | meaning |", "| --- | --- | --- | --- |"]
            for (written, values, meaning_zh), (_, _, meaning_en) in zip(zh.arguments, en.arguments, strict=True):
                lines.append(_row(f"`{written}`", values, meaning_zh, meaning_en))
            lines.append("")
    return "\n".join(lines)


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("%%", "%") for cell in cells) + " |"


PAGES: Final[Mapping[str, Callable[[], str]]] = MappingProxyType(
    {"clock-rules": clock_rules_page, "commands": commands_page, "errors": errors_page, "tables": tables_page}
)
"""Generated pages by file name without ending."""


def differing(names: tuple[str, ...], folder: Path) -> tuple[str, ...]:
    """Those of the pages whose file is missing or differs from the code."""
    return tuple(name for name in names if _read(folder / f"{name}.md") != PAGES[name]())


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main(arguments: list[str] | None = None) -> int:
    """Write or check the pages; 1 where one differs from the code."""
    parser = argparse.ArgumentParser(prog="python -m tools.docs", description="Generated reference pages.")
    parser.add_argument("task", choices=("write", "check"))
    parser.add_argument("page", nargs="*", help=f"of {', '.join(PAGES)}; all where none is named")
    chosen = parser.parse_args(arguments)
    unknown = sorted(set(chosen.page) - set(PAGES))
    if unknown:
        parser.error(f"no page {', '.join(unknown)}; choose from {', '.join(PAGES)}")
    wrong = differing(tuple(chosen.page) or tuple(PAGES), FOLDER)
    if chosen.task == "check":
        for name in wrong:
            print(f"docs/reference/{name}.md differs from the code: run python -m tools.docs write {name}")
        return 1 if wrong else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in wrong:
        (FOLDER / f"{name}.md").write_text(PAGES[name](), encoding="utf-8")
        print(f"wrote docs/reference/{name}.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
