"""The ``zhiyin`` command. Other packages add commands by the entry point group ``zhiyin.commands``."""

from __future__ import annotations

import zhiyin.cli.threads  # noqa: F401  sets the environment and therefore comes first
from zhiyin.cli.main import build_parser, run

__all__ = ["build_parser", "run"]
