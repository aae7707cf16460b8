"""Parameter files, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any


@cache
def load_parameters(name: str) -> dict[str, Any]:
    """Read ``parameters/<name>.toml``; treat the result as read-only."""
    return tomllib.loads(files("zhiyin.bank.parameters").joinpath(f"{name}.toml").read_text(encoding="utf-8"))
