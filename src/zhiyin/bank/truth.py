"""What no bank can see, beside the lake in ``truth/``: the yardstick for methods.

======================= ============================================================================================
file                    one row
======================= ============================================================================================
touches/*.parquet       an interaction: true satisfaction 0-100; propensity to answer where an answer was asked for
customers/*.parquet     a customer: points by which happier than others, logit by which readier to answer, activity
staff.parquet           a member of staff: points added to true satisfaction, and how they game (``none``)
journeys.parquet        a journey: points by which customers are happier or unhappier with it as such, line that owns it
units.parquet           a unit: points added, factor on the median wait
change.parquet          a unit that serves customers: wave and first day of pre-filled forms (null: never), points
                        added to true satisfaction at the steps concerned, factor on the median wait
modes.parquet           a mode of asking: points it adds to an answer, odds that the unhappy answer over the happy
fakes/*.parquet         an answer that staff gave in a customer's place, and how
requests/*.parquet      a request: its true type, whether a professional complainant brought it
scenario.json           what was ordered, and the scenario's values
======================= ============================================================================================
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from zhiyin.bank.columns import Codes, keys, write_arrays
from zhiyin.bank.effects import GAMER_KINDS
from zhiyin.bank.journeys import JOURNEYS
from zhiyin.bank.listening import Asked, modes
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.people import People
from zhiyin.bank.place import Place
from zhiyin.bank.plan import Plan
from zhiyin.bank.requests import TYPES, Requests
from zhiyin.bank.walk import Touches

TRUTH_FOLDERS: Final = ("touches", "customers", "fakes", "requests")
"""Parts of the truth with a file for each chunk or block."""


def write_truth(plan: Plan, folder: Path) -> None:
    """Write the parts that do not depend on customers."""
    folder.mkdir(parents=True, exist_ok=True)
    effects, units = plan.effects, plan.bank.unit_ids
    _write(
        folder / "staff.parquet",
        {
            "staff_id": keys("S", np.arange(effects.staff.size, dtype=np.int64), groups=2),
            "points": pa.array(effects.staff),
            "gaming": Codes(GAMER_KINDS).column(effects.gamer),
        },
    )
    _write(
        folder / "units.parquet",
        {
            "unit_id": pa.array(units, pa.string()),
            "points": pa.array(effects.unit),
            "wait_factor": pa.array(effects.unit_queue),
        },
    )
    journeys = plan.network.journeys
    _write(
        folder / "journeys.parquet",
        {
            "journey": pa.array([JOURNEYS.names[item.code] for item in journeys], pa.string()),
            "name": pa.array([item.name for item in journeys], pa.string()),
            "line_id": pa.array([item.line for item in journeys], pa.string()),
            "points": pa.array([item.level for item in journeys]),
        },
    )
    _write_change(plan, folder / "change.parquet")
    known = modes(plan.network.steps.codes)
    _write(
        folder / "modes.parquet",
        {
            "mode": pa.array([mode.code for mode in known], pa.string()),
            "points": pa.array([mode.effect for mode in known]),
            "odds_unhappy": pa.array([mode.odds_unhappy**plan.order.scenario.silence_power for mode in known]),
            "answers": pa.array([mode.answers for mode in known]),
            "drawn_by": pa.array([mode.drawn_by for mode in known], pa.string()),
        },
    )
    order = {**asdict(plan.order), "until": plan.order.until.isoformat(), "first": plan.days.first.isoformat()}
    spreads = {
        key: value
        for key, value in load_parameters("feelings")["spreads"].items()
        if key not in ("confidence", "source")
    }
    (folder / "scenario.json").write_text(
        json.dumps({**order, "spreads": spreads}, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )


def _write_change(plan: Plan, path: Path) -> None:
    service = np.array(plan.bank.service, dtype=np.int64)
    month = plan.change.month[service]
    due = [plan.days.month_first(m) if 0 <= m < plan.days.months else None for m in month.tolist()]
    _write(
        path,
        {
            "unit_id": pa.array([plan.bank.unit_ids[k] for k in service.tolist()], pa.string()),
            "wave": pa.array(plan.change.wave[service]),
            "first_on": pa.array(due, pa.date32()),
            "points": pa.array(np.full(service.size, plan.change.points)),
            "wait_factor": pa.array(np.full(service.size, plan.change.wait_factor)),
        },
    )


def write_true_touches(
    people: People,
    touches: Touches,
    felt: NDArray[np.float32],
    propensity: NDArray[np.float32],
    place: Place,
    path: Path,
) -> int:
    """Write true satisfaction at every touch, and the propensity to answer where an answer was asked for."""
    tenths = np.round(felt * 10.0).astype(np.int64)
    levels = pa.array((np.arange(1001) / 10.0).astype(np.float32))
    arrays = [
        keys("I", place.numbers(len(touches)), groups=4),
        keys("C", people.first + touches.customer, groups=2),
        pa.DictionaryArray.from_arrays(pa.array(tenths.astype(np.int32)), levels),
        pa.array(np.round(propensity, 4), mask=np.isnan(propensity)),
    ]
    fields = [
        pa.field("interaction_id", pa.string()),
        pa.field("customer_id", pa.string()),
        pa.field("satisfaction", pa.float32()),
        pa.field("propensity", pa.float32()),
    ]
    write_arrays(path, arrays, fields, plain=("interaction_id", "customer_id"))
    return len(touches)


def write_true_customers(people: People, path: Path) -> None:
    """Write the latent traits of a block."""
    _write(
        path,
        {
            "customer_id": keys("C", people.first + np.arange(len(people), dtype=np.int64), groups=2),
            "points": pa.array(people.feeling),
            "readiness": pa.array(people.readiness),
            "readiness_seen": pa.array(people.readiness_seen),
            "activity": pa.array(people.activity),
        },
        plain=("customer_id",),
    )


def write_fakes(plan: Plan, touches: Touches, asked: Asked, place: Place, path: Path) -> None:
    """Write which answers staff gave in a customer's place."""
    rows = np.flatnonzero(asked.pressed)
    staff = touches.staff[asked.touch[rows]]
    _write(
        path,
        {
            "response_id": keys("R", place.number(0) + rows, groups=4),
            "staff_id": keys("S", staff, groups=2),
            "gaming": Codes(GAMER_KINDS).column(plan.effects.gamer[staff]),
        },
        plain=("response_id",),
    )


def write_true_requests(requests: Requests, place: Place, path: Path) -> None:
    """Write what each request truly was."""
    _write(
        path,
        {
            "request_id": keys("W", place.numbers(len(requests)), groups=4),
            "type": TYPES.column(requests.true_type),
            "is_agent": pa.array(requests.is_agent),
        },
        plain=("request_id",),
    )


def _write(path: Path, columns: dict[str, pa.Array], *, plain: Sequence[str] = ()) -> None:
    fields = [
        pa.field(name, column.type.value_type if isinstance(column, pa.DictionaryArray) else column.type)
        for name, column in columns.items()
    ]
    write_arrays(path, list(columns.values()), fields, plain=plain)


def truth_files(lake: Path, name: str) -> list[Path]:
    """Files of one part of the truth of the bank in ``lake``, in order."""
    folder = lake / "truth"
    return sorted((folder / name).glob("*.parquet")) if name in TRUTH_FOLDERS else [folder / f"{name}.parquet"]
