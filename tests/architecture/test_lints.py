"""Our lints flag every bad line and no good one, and find nothing in the repository."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tools.lint import RULES, Finding, Source, committed_sources, lint

ROOT = Path(__file__).parents[2]
EXAMPLES = Path(__file__).parent / "examples"
MARK = " #!"
"""Ends a line of an example that the rule must flag; taken away before the rule reads it."""


def example(name: str) -> tuple[Source, list[int]]:
    lines = (EXAMPLES / name).read_text(encoding="utf-8").split("\n")
    marked = [number for number, line in enumerate(lines, 1) if line.endswith(MARK)]
    return Source("src/zhiyin/example.py", "\n".join(line.removesuffix(MARK) for line in lines)), marked


def flagged(rule: str, source: Source) -> list[int]:
    return sorted({finding.line for finding in RULES[rule].check(source)})


def test_repository_has_no_findings():
    assert [str(finding) for finding in sorted(lint(committed_sources(ROOT)))] == []


WITH_EXAMPLES = sorted(path.name.removesuffix(".bad.txt") for path in EXAMPLES.glob("*.bad.txt"))


def test_every_rule_has_examples_or_tests_of_its_own():
    assert sorted({*WITH_EXAMPLES, "front_door", "names", "sizes", "words"}) == sorted(RULES)


@pytest.mark.parametrize("rule", WITH_EXAMPLES)
def test_rule_flags_exactly_the_bad_lines(rule: str):
    source, marked = example(f"{rule}.bad.txt")
    assert flagged(rule, source) == marked
    assert marked != []


@pytest.mark.parametrize("rule", WITH_EXAMPLES)
def test_rule_leaves_good_lines_alone(rule: str):
    source, marked = example(f"{rule}.good.txt")
    assert list(RULES[rule].check(source)) == []
    assert marked == []


def package(folder: Path, init: str) -> Source:
    (folder / "src" / "horn").mkdir(parents=True)
    (folder / "src" / "horn" / "brass.py").write_text(
        'class Horn:\n    """Blows."""\n\n\nclass Bare:\n    pass\n\n\nKEYS = 3\n"""How many."""\nVALVES = 4\n',
        encoding="utf-8",
    )
    (folder / "src" / "horn" / "__init__.py").write_text(init, encoding="utf-8")
    return Source("src/horn/__init__.py", init, folder)


def test_front_door_that_lists_what_it_offers_is_good(tmp_path: Path):
    init = 'from horn.brass import KEYS, Horn\n\n__all__ = ["KEYS", "Horn", "__version__"]\n\n__version__ = "1"\n'
    assert list(RULES["front_door"].check(package(tmp_path, init))) == []


def test_front_door_without_names_is_good(tmp_path: Path):
    assert list(RULES["front_door"].check(package(tmp_path, '"""Nothing here."""\n'))) == []


def test_front_door_may_declare_the_type_of_its_list(tmp_path: Path):
    init = 'from horn.brass import Horn\n\n__all__: list[str] = ["Horn"]\n'
    assert list(RULES["front_door"].check(package(tmp_path, init))) == []


def test_front_door_may_offer_what_another_project_documents(tmp_path: Path):
    init = 'from pathlib import Path\n\n__all__ = ["Path"]\n'
    assert list(RULES["front_door"].check(package(tmp_path, init))) == []


@pytest.mark.parametrize(
    ("init", "message"),
    [
        ("from horn.brass import Horn\n", "list in __all__ what the package offers"),
        ('from horn.brass import KEYS, Horn\n\n__all__ = ["KEYS"]\n', "__all__ leaves out Horn"),
        ('from horn.brass import Horn\n\n__all__ = ["Horn", "Tuba"]\n', "__all__ lists Tuba, which cannot be imported"),
        ('from horn.brass import Horn\n\n__all__ = ["Horn", "Horn"]\n', "__all__ lists Horn twice"),
        ('from horn.brass import Bare\n\n__all__ = ["Bare"]\n', "Bare is offered without documentation"),
        ('from horn.brass import VALVES\n\n__all__ = ["VALVES"]\n', "VALVES is offered without documentation"),
        ('from horn.brass import Horn as Tuba\n\n__all__ = ["Horn"]\n', "__all__ lists Horn, which cannot be imported"),
    ],
)
def test_front_door_that_differs_is_flagged(init: str, message: str, tmp_path: Path):
    assert message in [finding.message for finding in RULES["front_door"].check(package(tmp_path, init))]


@pytest.mark.parametrize("path", ["src/zhiyin/utils.py", "src/zhiyin/helpers/__init__.py", "tools/misc/a.py"])
def test_name_of_a_drawer_is_flagged(path: str):
    assert flagged("names", Source(path, "")) == [1]


@pytest.mark.parametrize("path", ["src/zhiyin/tables/service.py", "src/zhiyin/lake/manifest.py"])
def test_name_of_one_idea_is_good(path: str):
    assert flagged("names", Source(path, "")) == []


@pytest.mark.parametrize(("count", "found"), [(500, []), (501, [1])])
def test_file_length_is_limited(count: int, found: list[int]):
    assert flagged("sizes", Source("src/a.py", "x = 1\n" * count)) == found


@pytest.mark.parametrize(("count", "found"), [(59, []), (60, [2])])
def test_function_length_is_limited(count: int, found: list[int]):
    assert flagged("sizes", Source("src/a.py", "\ndef f():\n" + "    x = 1\n" * count)) == found


def test_docstring_does_not_count_as_length():
    docstring = '    """Teaches.\n' + "    more\n" * 100 + '    """\n'
    assert flagged("sizes", Source("src/a.py", "def f():\n" + docstring + "    x = 1\n" * 59)) == []


@pytest.mark.parametrize(
    "line",
    [
        "see https://" + "pypi" + ".org/simple",
        "mirror: https://mirrors" + ".aliyun.com/",
        "cd /home" + "/someone/project",
        "path = '/wor" + "k/main'",
        "read ../sha" + "red/reference",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "as Issue" + " #12 says",
    ],
)
def test_word_that_must_not_be_passed_on_is_flagged(line: str):
    assert flagged("words", Source("docs/a.md", f"fine\n{line}\n")) == [2]


@pytest.mark.parametrize(
    "line",
    [
        "skips without ../shared/data",
        "the homepage",
        "docs/home/index.md",
        "working days",
        "/workbook",
        "issue a letter",
        "roots",
    ],
)
def test_ordinary_word_is_good(line: str):
    assert flagged("words", Source("docs/a.md", line)) == []


def test_clock_may_be_read_by_the_command_line():
    assert [RULES["clocks"].reads(path) for path in ("src/zhiyin/lake/a.py", "src/zhiyin/cli/a.py")] == [True, False]


def test_connection_may_be_used_by_the_engine():
    assert [RULES["executes"].reads(f"src/zhiyin/{p}/a.py") for p in ("lake", "engine")] == [True, False]


def test_file_that_is_no_python_is_a_finding():
    assert list(lint([Source("src/a.py", "x = (\n")])) == [
        Finding("src/a.py", 1, "this is no Python: '(' was never closed")
    ]


def test_finding_prints_where_it_is():
    assert str(Finding("src/a.py", 3, "say why")) == "src/a.py:3: say why"


def test_command_prints_findings_and_fails(tmp_path: Path):
    copied = tmp_path / "tools"
    subprocess.run(["cp", "-r", str(ROOT / "tools"), str(copied)], check=True)
    (tmp_path / "src" / "zhiyin").mkdir(parents=True)
    (tmp_path / "src" / "zhiyin" / "misc.py").write_text('"""Things."""\n', encoding="utf-8")
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    done = subprocess.run([sys.executable, "-m", "tools.lint"], cwd=tmp_path, text=True, capture_output=True)
    assert (done.returncode, done.stdout) == (1, "src/zhiyin/misc.py:1: name 'misc' after the one idea inside\n")
