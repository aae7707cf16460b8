"""A question: what to ask the engine, and how to finish the small answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import ibis.expr.types as ir
import pyarrow as pa

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Query(Generic[T]):
    """An expression that yields one small table of sufficient statistics, and the arithmetic that finishes it.

    Building one touches no data. ``Engine.compute`` executes ``expression`` and hands the result to ``finish``.
    """

    expression: ir.Table
    finish: Callable[[pa.Table], T]
