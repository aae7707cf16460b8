"""A checker may be told to look away, with its rule and a reason beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tools.lint.finding import Finding
from tools.lint.source import Source

_EXCUSE: Final = re.compile(r"#\s*(?:type:\s*ignore|noqa|pragma:\s*no (?:cover|branch))")

_COMPLETE: Final = (
    re.compile(r"#\s*type:\s*ignore\[[a-z, -]+\]\s+(?!#\s*noqa)[#(:–-]*\s*\w.*\w{2,}"),
    re.compile(r"#\s*noqa:\s*[A-Z]+[0-9]+(?:,\s*[A-Z]+[0-9]+)*\s+(?!#\s*type:)[#(:–-]*\s*\w.*\w{2,}"),
    re.compile(r"#\s*pragma:\s*no (?:cover|branch)\s+(?!#\s*type:)[#(:–-]*\s*\w.*\w{2,}"),
)


def check(source: Source) -> Iterator[Finding]:
    """Comments that silence mypy, ruff or coverage without a rule and a reason."""
    if not _EXCUSE.search(source.text):
        return  # tokenizing is slow
    for line, comment in source.comments.items():
        if _EXCUSE.search(comment) and not any(pattern.search(comment) for pattern in _COMPLETE):
            yield source.finding(line, f"name the rule and the reason beside {comment.strip()!r}")
