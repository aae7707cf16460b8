"""Every link on a page of the repository leads somewhere."""

from __future__ import annotations

import subprocess
from pathlib import Path
from urllib.parse import unquote

import pytest

from tools.markdown import read_page, slug

ROOT = Path(__file__).parents[2]
OUTSIDE = ("http://", "https://", "mailto:", "tel:")


def markdown_files() -> list[Path]:
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [ROOT / name for name in sorted(listed.split("\0")) if name and (ROOT / name).is_file()]


def dead_links(path: Path) -> list[str]:
    """Links of a page that lead nowhere, with their line."""
    found = []
    for line, target in read_page(path.read_text(encoding="utf-8")).links:
        if target.startswith(OUTSIDE):
            continue
        name, _, anchor = unquote(target).partition("#")
        file = (path.parent / name).resolve() if name else path
        if name.startswith("/") or not file.exists():
            found.append(f"{path.name}:{line}: no file {name}")
        elif anchor and file.suffix == ".md" and anchor not in read_page(file.read_text(encoding="utf-8")).anchors:
            found.append(f"{path.name}:{line}: no heading #{anchor} in {file.name}")
    return found


@pytest.mark.parametrize("path", markdown_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path: Path):
    assert dead_links(path) == []


def test_dead_links_are_noticed(tmp_path: Path):
    (tmp_path / "other.md").write_text("# Two words\n\n## 中文 标题\n\n## Two words\n", encoding="utf-8")
    page = tmp_path / "page.md"
    page.write_text(
        "# Here\n"
        "[good](other.md) [good](other.md#two-words) [good](other.md#two-words-1) [good](#here) [out](https://a.example)\n"
        "[good](other.md#中文-标题) [good](other.md#%E4%B8%AD%E6%96%87-%E6%A0%87%E9%A2%98)\n"
        "[bad](missing.md) ![bad](missing.png)\n"
        "[bad](other.md#three-words) [bad](#there)\n"
        '<img src="missing.svg"> `[code](missing.md)`\n'
        "```text\n[code](missing.md)\n```\n",
        encoding="utf-8",
    )
    assert dead_links(page) == [
        "page.md:4: no file missing.md",
        "page.md:4: no file missing.png",
        "page.md:5: no heading #three-words in other.md",
        "page.md:5: no heading #there in page.md",
        "page.md:6: no file missing.svg",
    ]


@pytest.mark.parametrize(
    ("title", "anchor"),
    [
        ("Two commands", "two-commands"),
        ("`zhiyin ingest`: files in", "zhiyin-ingest-files-in"),
        ("Kinds 列的种类", "kinds-列的种类"),
        ("What, why & how?", "what-why--how"),
        ("[Link](other.md) here", "link-here"),
        ("legal_entities", "legal_entities"),
    ],
)
def test_slug_is_what_github_makes_of_a_heading(title: str, anchor: str):
    assert slug(title) == anchor
