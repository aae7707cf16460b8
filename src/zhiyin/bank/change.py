"""The planted change: pre-filled forms 预填单 in some outlets from known days on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.days import Days
from zhiyin.bank.organisation import Organisation
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.scenario import Scenario
from zhiyin.bank.streams import stream

NEVER: Final = np.iinfo(np.int64).max
"""From when a unit has the change that never gets it."""


@dataclass(frozen=True, slots=True)
class Change:
    """Wave (1 to 3; 0 never), month (-1 never) and instant from which each unit has pre-filled forms."""

    wave: NDArray[np.int64]
    month: NDArray[np.int64]
    from_us: NDArray[np.int64]
    points: float
    wait_factor: float


def plan_change(bank: Organisation, days: Days, scenario: Scenario, seed: int) -> Change:
    """Draw the outlets of each wave; half of them never get it. Units that open or close meanwhile stay out."""
    parameters = load_parameters("change")["rollout"]
    rng = stream(seed, "change")
    steady = [k for k in bank.service if bank.opens[k] == 0 and k not in bank.heir]
    drawn = rng.permutation(np.array(steady, dtype=np.int64))[: round(parameters["share_treated"] * len(steady))]
    wave = np.zeros(len(bank.unit_ids), dtype=np.int64)
    month = np.full(len(bank.unit_ids), -1, dtype=np.int64)
    from_us = np.full(len(bank.unit_ids), NEVER, dtype=np.int64)
    shares = parameters["waves"]
    for number, units in enumerate(np.array_split(drawn, len(shares))):
        start = round(shares[number] * days.months)
        wave[units] = number + 1
        month[units] = start
        from_us[units] = days.base_us + int(days.month_starts[min(start, days.months)]) * 86_400_000_000
    return Change(wave, month, from_us, scenario.change_points, scenario.change_wait_factor)
