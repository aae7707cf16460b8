"""The generated reference pages equal the code, and name every error."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.commands import commands
from tools.docs import FOLDER, PAGES, differing, error_classes, main
from zhiyin.cli import build_parser


@pytest.mark.parametrize("name", PAGES)
def test_reference_page_equals_the_code(name: str):
    assert differing((name,), FOLDER) == (), f"run python -m tools.docs write {name}"


def test_reference_names_every_error():
    page = (FOLDER / "errors.md").read_text(encoding="utf-8")
    assert [kind.code for kind in error_classes() if f"| `{kind.code}` |" not in page] == []


def test_error_codes_are_dotted_words():
    """A base class that is never raised itself names only what its subclasses share."""
    wrong = [
        k.code for k in error_classes() if not re.fullmatch(r"[a-z_]+\.[a-z_]+", k.code) and not k.__subclasses__()
    ]
    assert wrong == []


def test_every_command_and_argument_says_what_it_is():
    silent = [command.name for command in commands(build_parser()) if not command.meaning]
    silent += [
        f"{c.name} {written}" for c in commands(build_parser()) for written, _, meaning in c.arguments if not meaning
    ]
    assert silent == []


def test_page_that_differs_is_noticed(tmp_path: Path):
    (tmp_path / "tables.md").write_text("# Tables\n", encoding="utf-8")
    assert differing(("tables", "errors"), tmp_path) == ("tables", "errors")


def test_unknown_page_is_refused(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["check", "tabels"])
    assert "no page tabels" in capsys.readouterr().err
