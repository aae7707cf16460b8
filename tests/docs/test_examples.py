"""The examples on the pages of the documentation run, and an example that is wrong is noticed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools.examples import SHARED, WrongExample, commands, has_examples, mentions, run_page, targets
from tools.markdown import Block, read_page

ROOT = Path(__file__).parents[2]
SLOW = "<!-- examples: slow -->"
"""Stands on pages whose examples take more than a few seconds."""


def pages() -> list[object]:
    found = []
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]):
        text = path.read_text(encoding="utf-8")
        page = read_page(text)
        if has_examples(page):
            marks = [pytest.mark.slow] if SLOW in text else []
            absent = mentions(page, "../shared/data") and not SHARED.is_dir()
            marks += [pytest.mark.skip(reason="../shared/data is not on this machine")] if absent else []
            found.append(pytest.param(path, id=str(path.relative_to(ROOT)), marks=marks))
    return found


@pytest.mark.parametrize("path", pages())
def test_page_does_what_it_says(path: Path):
    done = subprocess.run([sys.executable, "-m", "tools.examples", path], cwd=ROOT, text=True, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr


def write(folder: Path, text: str) -> Path:
    page = folder / "page.md"
    page.write_text(text, encoding="utf-8")
    return page


@pytest.mark.parametrize(
    "text",
    [
        "```python\nx = 1\n```\nthen\n```python\nassert x == 1\n```\n",
        "```python no-run\nraise SystemExit\n```\n",
        "```python\nprint(6 * 7)\n```\n\n```output\n42\n```\n",
        "```python\n>>> [1, 2, 3]\n[1, ..., 3]\n```\n",
        "```console\n$ printf 'a\\nb\\n'\na\n...\n$ mkdir made \\\n    -p\n```\n"
        "```python\nimport os\nassert sorted(os.listdir()) == ['made', 'page.md']\n```\n",
        "```console\n$ git clone somewhere\n```\n",
        "```text\nanything\n```\n",
    ],
)
def test_true_page_passes(text: str, tmp_path: Path):
    run_page(write(tmp_path, text), tmp_path)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("```python\nprint(6 * 7)\n```\n\n```output\n43\n```\n", "page.md:6: the page says\n43"),
        ("```python\n>>> 1 + 1\n3\n```\n", "Expected:"),
        ("text\n```console\n$ ls missing\n```\n", "page.md:3: exit 2 from ls missing"),
        ("```console\n$ printf a\nb\n```\n", "page.md:2: the page says\nb"),
        ("```console\n$ make tea\n```\n", "no target tea"),
        ("```console\n$ brew coffee\n```\n", "brew is neither run nor left alone"),
        ("```console\nls\n```\n", "begins with \\$"),
        ("```output\n1\n```\n", "output of nothing"),
    ],
)
def test_untrue_page_is_noticed(text: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "Makefile").write_text("run: setup\n", encoding="utf-8")
    monkeypatch.setattr("tools.examples.ROOT", tmp_path)
    with pytest.raises(WrongExample, match=reason):
        run_page(write(tmp_path, text), tmp_path)


def test_failing_python_names_the_line_of_the_page(tmp_path: Path):
    with pytest.raises(ZeroDivisionError) as caught:
        run_page(write(tmp_path, "# Title\n\n```python\nx = 0\n1 / x\n```\n"), tmp_path)
    assert (caught.traceback[-1].path.name, caught.traceback[-1].lineno) == ("page.md", 4)


def test_commands_span_lines():
    block = Block("console", (), "$ .venv/bin/zhiyin ingest \\\n    file.csv\n12 rows\n$ ls\n", 7)
    assert [(c.text, c.prints, c.line) for c in commands(block)] == [
        ("zhiyin ingest \\\n    file.csv", "12 rows\n", 7),
        ("ls", None, 10),
    ]


def test_targets_are_read_from_the_makefile():
    assert targets(".PHONY: run test\nX := 1\nrun test: setup\n\techo: no\n%.o: x\n") >= {"run", "test"}
