"""``python -m tools.lint``: print each finding as ``file:line: message`` and fail if there is one."""

from __future__ import annotations

import sys
from pathlib import Path

from tools.lint import committed_sources, lint

if __name__ == "__main__":
    findings = sorted(lint(committed_sources(Path(__file__).parents[2])))
    print(*findings, sep="\n", end="\n" if findings else "")
    sys.exit(1 if findings else 0)
