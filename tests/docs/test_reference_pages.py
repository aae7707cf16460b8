"""The generated reference pages equal the code, and name every error."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.docs import FOLDER, PAGES, differing, error_classes, main


@pytest.mark.parametrize("name", PAGES)
def test_reference_page_equals_the_code(name: str):
    assert differing((name,), FOLDER) == (), f"run python -m tools.docs write {name}"


def test_reference_names_every_error():
    page = (FOLDER / "errors.md").read_text(encoding="utf-8")
    assert [kind.code for kind in error_classes() if f"| `{kind.code}` |" not in page] == []


def test_error_codes_begin_with_their_package():
    wrong = [kind.code for kind in error_classes() if kind.code.split(".")[0] != kind.__module__.split(".")[1]]
    assert wrong == []


def test_page_that_differs_is_noticed(tmp_path: Path):
    (tmp_path / "tables.md").write_text("# Tables\n", encoding="utf-8")
    assert differing(("tables", "errors"), tmp_path) == ("tables", "errors")


def test_unknown_page_is_refused(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit):
        main(["check", "tabels"])
    assert "no page tabels" in capsys.readouterr().err
