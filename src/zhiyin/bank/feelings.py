"""True satisfaction at every touch: what the customer felt, whether asked or not."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.journeys import CHANNELS, OUTCOMES, WAITS
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.people import People
from zhiyin.bank.plan import Plan
from zhiyin.bank.streams import stream
from zhiyin.bank.walk import Touches

Floats = NDArray[np.float32]


def feel(plan: Plan, people: People, touches: Touches, block: int, month: int) -> Floats:
    """Satisfaction 0-100 of the customer at each touch, to a tenth."""
    parameters = load_parameters("feelings")
    events, spreads, level = parameters["events"], parameters["spreads"], parameters["level"]
    rng = stream(plan.order.seed, "feelings", block, month)
    steps = plan.network.steps
    cases = int(touches.case.max(initial=-1)) + 1
    felt = people.feeling[touches.customer].astype(np.float64)
    felt += level["points"] + plan.order.scenario.level_shift
    felt += level["per_year"] * (touches.starts - plan.days.base_us) / (365.25 * 86_400e6)
    felt += np.array([journey.level for journey in plan.network.journeys])[touches.journey]
    felt += np.where(touches.unit >= 0, plan.effects.unit[touches.unit], 0.0)
    felt += np.where(touches.staff >= 0, plan.effects.staff[touches.staff], 0.0)
    felt += wait_points(steps.wait, touches)
    outcomes = np.array([parameters["outcomes"].get(name, 0.0) for name in OUTCOMES.names])
    felt += outcomes[touches.outcome]
    felt += events["again"] * np.minimum(touches.attempt, 2)
    felt += events["second_visit"] * np.clip(touches.visit - 1, 0, 2)
    felt += events["told_again"] * (
        steps.is_told_again[touches.step] | ((touches.attempt > 0) & steps.is_served[touches.step])
    )
    felt += events["outage"] * touches.down
    face = np.isin(touches.step, [steps.codes["face_check"], steps.codes["face_check_machine"]])
    felt += events["elder_face"] * (face & (people.age[touches.customer] >= 65))
    felt += plan.change.points * changed(plan, touches)
    felt += spreads["case"] * rng.standard_normal(cases)[touches.case]
    felt += spreads["touch"] * rng.standard_normal(touches.case.size)
    return np.round(np.clip(felt, 0.0, 100.0), 1).astype(np.float32)


def changed(plan: Plan, touches: Touches) -> NDArray[np.bool_]:
    """Whether pre-filled forms bear on a touch."""
    codes = plan.network.steps.codes
    concerned = [codes[name] for name in load_parameters("change")["rollout"]["steps"]]
    return touches.treated & np.isin(touches.step, concerned)


def wait_points(wait_kind: NDArray[np.int64], touches: Touches) -> NDArray[np.float64]:
    """What the wait cost: nothing within what people tolerate, then the same for each doubling."""
    waits = load_parameters("feelings")["waits"]
    tolerance = np.full(touches.step.size, float(waits["queue_tolerance_seconds"]))
    central = np.isin(touches.channel, [CHANNELS["phone"], CHANNELS["outbound"]])
    tolerance[central] = waits["phone_tolerance_seconds"]
    tolerance[wait_kind[touches.step] == WAITS.index("chat")] = waits["chat_tolerance_seconds"]
    doublings = np.log2(np.maximum(1.0, touches.wait / tolerance))
    points: NDArray[np.float64] = waits["points_per_doubling"] * doublings
    return points
