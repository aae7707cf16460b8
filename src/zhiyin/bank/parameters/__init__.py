"""Parameters of the invented bank: TOML files, each block with its confidence and source.

``confidence`` says how sure a block is: ``quoted`` (read in a report), ``known`` (established practice or a
definition) or ``guess``. Guesses are editable seed data and never to be quoted as fact.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

__all__ = ["load_parameters"]


@cache
def load_parameters(name: str) -> dict[str, Any]:
    """Read ``parameters/<name>.toml``; treat the result as read-only."""
    return tomllib.loads(files(__name__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
