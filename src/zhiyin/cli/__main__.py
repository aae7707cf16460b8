"""``python -m zhiyin.cli`` is the ``zhiyin`` command."""

from __future__ import annotations

import sys

from zhiyin.cli.main import run

sys.exit(run())
