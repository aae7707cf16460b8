"""Run the examples of a Markdown file in order, so that a page that is no longer true fails the build.

``python -m tools.examples docs/tutorial/first.md`` runs, in a temporary folder and one namespace:

- ``python`` blocks; those with ``>>>`` as doctests, with ``...`` for what varies. An ``output`` block that follows is
  what the block prints.
- ``console`` blocks: each line after ``$`` is a command that must succeed, and the lines below it, if any, are what it
  prints. Commands that set up a machine (``git``, ``apt-get`` ...) are left alone; of ``make`` the target must exist.
- nothing in blocks whose first line says ``no-run``.

The folder holds the files of ``tests/docs/files``, and for a page that reads it a small invented bank in ``data/bank``.
Where the machine has the shared data, ``../shared/data`` leads to it. Pages with ``zh`` in their name speak Chinese.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tools.markdown import Block, Page, read_page

ROOT: Final = Path(__file__).parents[1]
FILES: Final = ROOT / "tests" / "docs" / "files"
BANK: Final = "data/bank"
SHARED: Final = ROOT.parent / "shared" / "data"
RUN: Final = frozenset({"cat", "cp", "gzip", "head", "ls", "mkdir", "printf", "python", "sort", "tail", "wc", "zhiyin"})
"""Commands that are run."""
LEFT: Final = frozenset({"apt-get", "cd", "git", "pip", "python3", "sudo", "tar"})
"""Commands that set up a machine; they are not run."""
_FLAGS: Final = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


class WrongExample(Exception):
    """An example did not do what its page says."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command of a ``console`` block, what the page says it prints (None: anything), and its line."""

    text: str
    prints: str | None
    line: int


def has_examples(page: Page) -> bool:
    """Whether anything on the page is run."""
    return any(block.language in {"python", "console"} and "no-run" not in block.words for block in page.blocks)


def mentions(page: Page, words: str) -> bool:
    """Whether an example that is run has these words, such as the name of a folder."""
    return any(words in block.text for block in page.blocks if "no-run" not in block.words)


def run_page(path: Path, folder: Path) -> None:
    """Run all examples of a page in a folder.

    Raises
    ------
    WrongExample : with the line of the page.
    """
    page = read_page(path.read_text(encoding="utf-8"))
    namespace: dict[str, object] = {"__name__": "__main__"}
    with contextlib.chdir(folder):
        printed: str | None = None
        for block in page.blocks:
            if "no-run" in block.words:
                printed = None
            elif block.language == "python":
                printed = _run_python(path, block, namespace)
            elif block.language == "console":
                printed = None
                for command in commands(block):
                    _run_command(path, command)
            elif block.language == "output":
                if printed is None:
                    raise WrongExample(f"{path}:{block.line}: output of nothing: no python block precedes it")
                _compare(path, block.line, block.text, printed)
                printed = None


def _run_python(path: Path, block: Block, namespace: dict[str, object]) -> str:
    if ">>> " in block.text:
        test = doctest.DocTestParser().get_doctest(block.text, namespace, path.name, str(path), block.line - 1)
        report = io.StringIO()
        test.globs = namespace
        if doctest.DocTestRunner(optionflags=_FLAGS).run(test, out=report.write, clear_globs=False).failed:
            raise WrongExample(report.getvalue())
        return ""
    printed = io.StringIO()
    code = compile("\n" * (block.line - 1) + block.text, str(path), "exec")
    with contextlib.redirect_stdout(printed):
        exec(code, namespace)
    return printed.getvalue()


def commands(block: Block) -> Iterator[Command]:
    """The commands of a ``console`` block with what they print."""
    lines = block.text.rstrip("\n").split("\n")
    starts = [i for i, line in enumerate(lines) if line.startswith("$ ")]
    if not starts or starts[0] != 0:
        raise WrongExample(f"line {block.line}: a console block begins with $")
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        last = start
        while lines[last].endswith("\\") and last + 1 < end:
            last += 1
        text = "\n".join([lines[start].removeprefix("$ "), *lines[start + 1 : last + 1]]).replace(".venv/bin/", "")
        prints = "\n".join(lines[last + 1 : end]) + "\n" if last + 1 < end else None
        yield Command(text, prints, block.line + start)


def _run_command(path: Path, command: Command) -> None:
    program, *words = command.text.split()
    if program == "make":
        known = targets((ROOT / "Makefile").read_text(encoding="utf-8"))
        missing = [word for word in words if "=" not in word and not word.startswith("-") and word not in known]
        if missing:
            raise WrongExample(f"{path}:{command.line}: the Makefile has no target {', '.join(missing)}")
    elif program in RUN:
        done = subprocess.run(
            ["bash", "-ec", command.text], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        if done.returncode != 0:
            raise WrongExample(f"{path}:{command.line}: exit {done.returncode} from {command.text}\n{done.stdout}")
        if command.prints is not None:
            _compare(path, command.line, command.prints, done.stdout)
    elif program not in LEFT:
        raise WrongExample(f"{path}:{command.line}: {program} is neither run nor left alone; see tools/examples.py")


def targets(makefile: str) -> frozenset[str]:
    """Targets of a Makefile."""
    return frozenset(name for line in re.findall(r"^([\w. -]+):(?!=)", makefile, re.MULTILINE) for name in line.split())


def _compare(path: Path, line: int, wanted: str, got: str) -> None:
    if not doctest.OutputChecker().check_output(wanted, got, _FLAGS):
        raise WrongExample(f"{path}:{line}: the page says\n{wanted}\nand what came is\n{got}")


def run_in_fresh_folder(path: Path) -> None:
    """Run a page in a temporary project folder with all that the page expects there.

    Raises
    ------
    WrongExample : with the line of the page.
    """
    page = read_page(path.read_text(encoding="utf-8"))
    os.environ["ZHIYIN_LANG"] = "zh" if "zh" in re.split(r"[^a-z]+", path.name.lower()) else "en"
    os.environ["PATH"] = str(Path(sys.executable).parent) + os.pathsep + os.environ["PATH"]
    with tempfile.TemporaryDirectory() as temporary:
        project = shutil.copytree(FILES, Path(temporary) / "project")
        if SHARED.is_dir():
            (Path(temporary) / "shared").mkdir()
            (Path(temporary) / "shared" / "data").symlink_to(SHARED.resolve())
        if mentions(page, BANK):
            (project / BANK).parent.mkdir()
            command = ["zhiyin", "bank", "make", "--customers", "300", "--months", "2", "--out", BANK]
            subprocess.run(command, cwd=project, check=True, stdout=subprocess.DEVNULL)
        run_page(path.resolve(), project)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        try:
            run_in_fresh_folder(Path(name))
        except WrongExample as error:
            sys.exit(str(error))
