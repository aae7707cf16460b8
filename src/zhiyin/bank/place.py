"""Where a chunk of rows stands among all chunks: its numbers follow from that, so chunks can be made in any order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

SEQUENCE_ROOM: Final = 100_000_000
"""Arrival numbers set aside for one chunk of one table, many more than it can have rows."""


@dataclass(frozen=True, slots=True)
class Place:
    """One month of one block of customers.

    ``year_month`` is the month's first day as ``yyyymm``; keys begin with it, as a bank's serial numbers do.
    """

    block: int
    month: int
    blocks: int
    year_month: int

    @property
    def first_seq(self) -> int:
        """Arrival number of the chunk's first row: months in order, within a month block by block."""
        return (self.month * self.blocks + self.block) * SEQUENCE_ROOM + 1

    def numbers(self, count: int) -> NDArray[np.int64]:
        """Sixteen-digit serial numbers: month, block, position."""
        return np.arange(count, dtype=np.int64) + self.number(0)

    def number(self, position: int) -> int:
        """The serial number of one position."""
        return (self.year_month * 100 + self.block) * 100_000_000 + position
