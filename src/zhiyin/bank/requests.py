"""Requests 客户诉求 of a chunk: complaints and the many tickets around them, before they become rows."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.columns import Codes
from zhiyin.bank.parameters import load_parameters
from zhiyin.tables import vocabulary

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TYPES: Final = Codes(("enquiry", "help", "suggestion", "praise", "complaint"))
SEVERITIES: Final = Codes(("ordinary", "complex", "major"))
RESPONSIBILITIES: Final = Codes(("full", "partial", "none", "open"))
OUTCOMES: Final = Codes(("explained", "corrected", "apologised", "refunded", "rejected", "answered"))
DEMANDS: Final = Codes(("refund", "verify", "answer", "query", "compensation", "stop_contact", "speed_up", "restore"))


@cache
def sources() -> Codes:
    """Sources of requests that the bank has."""
    return Codes(vocabulary("request_sources").codes)


@cache
def causes() -> Codes:
    """Causes of complaints (axis C)."""
    return Codes(vocabulary("complaint_causes").codes)


@cache
def businesses() -> Codes:
    """Businesses complained about (axis B), the lowest classes only."""
    return Codes(tuple(block("journeys")))


def block(name: str) -> dict[str, Any]:
    """A block of ``parameters/complaints.toml`` without what it says about itself."""
    found = load_parameters("complaints")[name]
    return {key: value for key, value in found.items() if key not in ("confidence", "source")}


@dataclass(frozen=True, slots=True)
class Requests:
    """Requests by column; numbers of categories are positions in the codes above, -1 where nothing is given.

    ``touch`` is the position of the touch that the request is about; ``closed`` says when it was closed also where
    that is still to come.
    """

    touch: Ints
    true_type: Ints
    shown_type: Ints
    """What the bank calls it: its true type, unless a complaint was re-labelled 诉转咨."""
    relabelled_seen: Flags
    """Re-labelled, and the record shows it."""
    source: Ints
    business: Ints
    cause: Ints
    demand: Ints
    severity: Ints
    received: Ints
    registered: Ints
    first_reply: Ints
    closed: Ints
    withdrawn: Flags
    disputed: Flags
    escalated: Flags
    is_represented: Flags
    is_agent: Flags
    """Brought by a professional complainant 黑灰产; the bank does not know."""
    first: Ints
    """Position of the first request of the same matter; -1 where this is the first."""
    redress: Ints
    responsibility: Ints
    outcome: Ints

    def __len__(self) -> int:
        return self.touch.size

    def take(self, rows: Ints) -> Requests:
        """Some of them, with ``first`` renumbered; a repeat whose first is left out stands as a first."""
        position = np.full(len(self) + 1, -1, dtype=np.int64)
        position[rows] = np.arange(rows.size)
        taken = {field.name: getattr(self, field.name)[rows] for field in fields(self)}
        return Requests(**{**taken, "first": position[taken["first"]]})


def concatenate(parts: list[Requests]) -> Requests:
    """Some after others; only the first part may have repeats."""
    return Requests(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Requests)))


def spread_draws(rng: np.random.Generator, shares: Floats, count: int) -> Ints:
    """Positions drawn with the given shares, evenly spread so that few draws already show them; in random order."""
    if count == 0:
        return np.empty(0, dtype=np.int64)
    edges = np.cumsum(shares) / shares.sum()
    points = (np.arange(count) + rng.random()) / count
    positions = np.searchsorted(edges, points, side="right")
    return rng.permutation(np.minimum(positions, shares.size - 1))


def spread_names(rng: np.random.Generator, codes: Codes, shares: dict[str, float], count: int) -> Ints:
    """The same for named shares: positions of the names in the codes."""
    numbers = np.array([codes[name] for name in shares], dtype=np.int64)
    return numbers[spread_draws(rng, np.array(list(shares.values()), dtype=np.float64), count)]
