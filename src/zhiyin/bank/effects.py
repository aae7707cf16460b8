"""Planted effects of units and staff, and who games: what no bank can see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.organisation import Organisation
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.scenario import Scenario
from zhiyin.bank.staffing import Staffing
from zhiyin.bank.streams import stream

GAMER_KINDS: Final = ("none", "selective", "presses", "bursts", "fakes")
"""How a member of staff games, by number: not; inviting only happy customers; pressing the device for the customer;
collecting answers in bursts at the desk; filling in questionnaires themselves."""


@dataclass(frozen=True, slots=True)
class Effects:
    """Points by which each unit and member of staff moves true satisfaction, and each one's way of gaming."""

    unit: NDArray[np.float32]
    unit_queue: NDArray[np.float32]
    """Factor of each unit on the median wait."""
    staff: NDArray[np.float32]
    gamer: NDArray[np.int64]


def draw_effects(bank: Organisation, staffing: Staffing, scenario: Scenario, seed: int) -> Effects:
    """Draw the effects. Who would game first is drawn once, so that scenarios differ only in how many do."""
    spreads = load_parameters("feelings")["spreads"]
    rng = stream(seed, "effects")
    units = len(bank.unit_ids)
    staff = len(staffing.hired)
    unit = rng.normal(0.0, spreads["unit"], units).astype(np.float32)
    queue = np.exp(rng.normal(0.0, spreads["unit_queue"], units)).astype(np.float32)
    effect = rng.normal(0.0, spreads["staff"], staff).astype(np.float32)
    return Effects(unit, queue, effect, _gamers(staffing, scenario, seed))


def _gamers(staffing: Staffing, scenario: Scenario, seed: int) -> NDArray[np.int64]:
    kinds = load_parameters("gaming")["kinds"]
    rng = stream(seed, "gamers")
    draws = rng.random((len(staffing.hired), 2))
    gamer = np.zeros(len(staffing.hired), dtype=np.int64)
    for role in (name for name in kinds if name not in ("confidence", "source")):
        members = np.array([k for k, first in enumerate(staffing.first_role) if first == role], dtype=np.int64)
        # The same share of each role, in an order that does not depend on the share.
        order = members[np.argsort(draws[members, 0])][: round(scenario.gaming_share * members.size)]
        names = list(kinds[role])
        edges = np.cumsum([kinds[role][name] for name in names])
        positions = np.searchsorted(edges / edges[-1], draws[order, 1], side="right")
        numbers = np.array([GAMER_KINDS.index(name) for name in names], dtype=np.int64)
        gamer[order] = numbers[np.minimum(positions, len(names) - 1)]
    return gamer
