"""Streams of random numbers: one for each purpose and chunk, all from one seed.

A stream of its own for each purpose keeps everything else as it was when one thing changes: the same seed with
another scenario has the same customers, visits and staff.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np


def stream(seed: int, purpose: str, *place: int) -> np.random.Generator:
    """The generator for a purpose and place (block, month). Equal arguments give equal numbers."""
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence([seed, crc32(purpose.encode()), *place])))
