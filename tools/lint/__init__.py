"""Small lints of our own, for what no general tool knows about this repository.

Each rule is one file with a function ``check(source)`` that yields findings; ``tests/architecture/examples`` holds
lines that it must flag and lines that it must leave alone. Run them all with ``python -m tools.lint``.
"""

from __future__ import annotations

from tools.lint.finding import Finding
from tools.lint.rules import RULES, Rule, lint
from tools.lint.source import Source, committed_sources

__all__ = ["RULES", "Finding", "Rule", "Source", "committed_sources", "lint"]
