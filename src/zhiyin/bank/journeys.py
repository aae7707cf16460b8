"""The 27 journeys as data: a table of slots (a step at a place in a path) that whole chunks of cases walk at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.columns import Codes
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.staffing import ROLES

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

OUTCOMES: Final = Codes(
    (
        "completed",
        "partly",
        "answered",
        "more_documents",
        "referred",
        "transferred",
        "waiting",
        "declined",
        "blocked",
        "abandoned",
        "withdrawn",
        "no_show",
        "failed",
        "unresolved",
    )
)
ENDING: Final = ("declined", "abandoned", "withdrawn", "no_show")
"""Outcomes after which nothing more happens in the case."""
CHANNELS: Final = Codes(
    (
        "mobile",
        "web",
        "wechat",
        "branch",
        "phone",
        "self_service",
        "manager",
        "outbound",
        "external",
    )
)
TOUCHPOINTS: Final = Codes(tuple(f"T{k:02d}" for k in range(1, 65)))
JOURNEYS: Final = Codes(tuple(f"J{k:02d}" for k in range(1, 28)))
CLOCKS: Final = ("branch", "manager", "phone", "mobile", "machine", "outbound")
WAITS: Final = ("none", "queue", "phone", "chat")
LATER: Final = 3600.0
"""A gap of an hour or more is a new occasion: it begins when the place is open."""

_TOKEN: Final = re.compile(
    r"^(?P<step>[a-z_]+)(\?(?P<chance>\d*\.?\d+))?(\*(?P<again>\d*\.?\d+))?(@(?P<gap>\d+[smhd]))?$"
)
_UNITS: Final = {"s": 1.0, "m": 60.0, "h": 3_600.0, "d": 86_400.0}


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps of ``parameters/steps.toml`` by number."""

    codes: Codes
    touchpoint: Ints
    channel: Ints
    clock: Ints
    role: Ints
    seconds: Floats
    spread: Floats
    wait: Ints
    again: Ints
    outcomes: Floats
    """Cumulative shares of the outcomes, shape (steps, outcomes)."""
    is_served: NDArray[np.bool_]
    is_told_again: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Slots:
    """Places in paths: which step, how likely, how likely again, how long after the one before."""

    step: Ints
    chance: NDArray[np.float32]
    again: NDArray[np.float32]
    gap: Floats
    first: Ints
    """First slot of each path."""
    length: Ints
    """Number of slots of each path."""


@dataclass(frozen=True, slots=True)
class Journey:
    """One kind of case: who has it how often, in which season, and along which paths."""

    code: int
    name: str
    """Empty but for everyday use, which shares the code of transfers."""
    line: str
    who: str
    rate: float
    season: str
    level: float
    paths: Ints
    shares: Floats
    """Cumulative shares of the paths, for customers who are not digital and who are: shape (2, paths)."""


@dataclass(frozen=True, slots=True)
class Network:
    """All journeys with their steps and slots."""

    steps: Steps
    slots: Slots
    journeys: tuple[Journey, ...]


def make_network() -> Network:
    """Read ``parameters/steps.toml`` and ``parameters/journeys.toml``."""
    steps = _read_steps(load_parameters("steps")["steps"])
    slots: list[tuple[int, float, float, float]] = []
    first: list[int] = []
    length: list[int] = []
    journeys: list[Journey] = []
    for block in load_parameters("journeys")["journeys"]:
        paths = np.arange(len(first), len(first) + len(block["paths"]), dtype=np.int64)
        for path in block["paths"]:
            parsed = [read_token(token, steps.codes) for token in path["steps"].split()]
            first.append(len(slots))
            length.append(len(parsed))
            slots += parsed
        weights = np.array([path["weight"] for path in block["paths"]], dtype=np.float64).T
        shares = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
        journeys.append(
            Journey(
                JOURNEYS[block["code"]],
                block.get("name", ""),
                block["line"],
                block["who"],
                block["rate"],
                block["season"],
                block["level"],
                paths,
                shares,
            )
        )
    columns = [np.array(column) for column in zip(*slots, strict=True)]
    table = Slots(
        columns[0].astype(np.int64),
        columns[1].astype(np.float32),
        columns[2].astype(np.float32),
        columns[3].astype(np.float64),
        np.array(first, dtype=np.int64),
        np.array(length, dtype=np.int64),
    )
    return Network(steps, table, tuple(journeys))


def read_token(token: str, codes: Codes) -> tuple[int, float, float, float]:
    """One step of a path as written in ``journeys.toml``: number, chance, chance of a repeat, gap in seconds.

    Examples
    --------
    >>> read_token("form?.5*.1@2d", Codes(("queue", "form")))
    (1, 0.5, 0.1, 172800.0)
    """
    match = _TOKEN.match(token)
    if match is None or match["step"] not in codes.names:
        raise ValueError(f"journeys.toml: {token} names no step")
    gap = match["gap"]
    seconds = float(gap[:-1]) * _UNITS[gap[-1]] if gap else 0.0
    return codes[match["step"]], float(match["chance"] or 1.0), float(match["again"] or 0.0), seconds


def _read_steps(blocks: Mapping[str, Any]) -> Steps:
    def column(key: str, default: object, position: Mapping[str, int] | None = None) -> NDArray[Any]:
        values = [block.get(key, default) for block in blocks.values()]
        return np.array([position[str(value)] for value in values] if position is not None else values)

    outcomes = np.zeros((len(blocks), len(OUTCOMES.names)))
    for number, block in enumerate(blocks.values()):
        for name, share in block.get("ends", {}).items():
            outcomes[number, OUTCOMES[name]] = share
    outcomes[:, OUTCOMES["completed"]] = 1.0 - outcomes.sum(axis=1)
    roles = {"": -1, **{name: k for k, name in enumerate(ROLES)}}
    return Steps(
        codes=Codes(tuple(blocks)),
        touchpoint=column("touchpoint", "", {name: k for k, name in enumerate(TOUCHPOINTS.names)}),
        channel=column("channel", "", {name: k for k, name in enumerate(CHANNELS.names)}),
        clock=column("clock", "", {name: k for k, name in enumerate(CLOCKS)}),
        role=column("staff", "", roles),
        seconds=column("seconds", 0).astype(np.float64),
        spread=column("spread", 0.45).astype(np.float64),
        wait=column("wait", "none", {name: k for k, name in enumerate(WAITS)}),
        again=column("again", "unresolved", {name: k for k, name in enumerate(OUTCOMES.names)}),
        outcomes=np.cumsum(outcomes, axis=1),
        is_served=column("served", False).astype(np.bool_),
        is_told_again=column("told_again", False).astype(np.bool_),
    )
