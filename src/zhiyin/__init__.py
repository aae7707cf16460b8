"""Zhiyin 知音: a bank listens to its customers, understands them, acts, and proves that it helped.

The library knows no web: tables in, tables or small results out, usable in a notebook. Start with
``zhiyin.lake.open_lake`` and ``zhiyin.satisfaction``.
"""

from __future__ import annotations

__all__ = ["__version__"]

__version__ = "0.1.0"
