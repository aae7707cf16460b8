"""Staff who game their scores: whom they do not ask, and what they answer themselves."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zhiyin.bank.days import DAY_US, SECOND_US
from zhiyin.bank.effects import GAMER_KINDS
from zhiyin.bank.listening import ANSWERED, SILENT, Asked, modes
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.plan import Plan
from zhiyin.bank.streams import stream
from zhiyin.bank.walk import Touches, recorded_after

STAFF_DEVICE = 20_000_000
"""Numbers of devices from here on belong to staff."""


def game(plan: Plan, touches: Touches, asked: Asked, block: int, month: int) -> Asked:
    """Let those who game do so. The draws do not depend on who games, so scenarios stay comparable."""
    rng = stream(plan.order.seed, "gaming", block, month)
    strength = load_parameters("gaming")["strength"]
    known = modes(plan.network.steps.codes)
    staff = touches.staff[asked.touch]
    kind = np.where(staff >= 0, plan.effects.gamer[staff], 0)
    by_staff = np.array([mode.drawn_by == "staff" for mode in known])[asked.mode]
    at_device = np.array([mode.code == "counter_device" for mode in known])[asked.mode]
    on_phone = np.array([mode.code in ("sms_reply", "sms_link", "wechat_message") for mode in known])[asked.mode]
    draw = rng.random((3, len(asked)))
    selective = kind == GAMER_KINDS.index("selective")
    kept = ~(
        selective & by_staff & (asked.felt < strength["selective_floor"]) & (draw[0] >= strength["selective_keeps"])
    )
    presses = (kind == GAMER_KINDS.index("presses")) & at_device & (draw[1] < strength["presses_share"])
    bursts = (kind == GAMER_KINDS.index("bursts")) & at_device & (draw[1] < strength["bursts_share"])
    fakes = (
        (kind == GAMER_KINDS.index("fakes"))
        & on_phone
        & (asked.outcome == SILENT)
        & (draw[1] < strength["fakes_share"])
    )
    pressed = presses | bursts | fakes
    at = np.where(presses, asked.sent + ((1.0 + draw[2]) * SECOND_US).astype(np.int64), asked.answered_at)
    at = np.where(bursts, _end_of_day(plan, asked, 16.6, 0.15, draw[2]), at)
    at = np.where(fakes, _end_of_day(plan, asked, 20.2, 0.3, draw[2]), at)
    seconds = np.where(presses | bursts, 1.0, np.where(fakes, 3.0 + 4.0 * draw[2], asked.seconds))
    gamed = replace(
        asked,
        answered=asked.answered | pressed,
        answered_at=np.maximum(at, asked.sent + SECOND_US),
        outcome=np.where(pressed, ANSWERED, asked.outcome),
        pressed=pressed,
        device=np.where(fakes, STAFF_DEVICE + staff, asked.device),
        seconds=seconds,
    )
    return gamed.take(kept & (recorded_after(gamed.answered_at) < plan.days.until_us))


def _end_of_day(plan: Plan, asked: Asked, hour: float, hours: float, draw: np.ndarray) -> np.ndarray:
    """A moment on the day of asking within some hours from ``hour``, or the same on the next day if that is past."""
    midnight = plan.days.base_us + plan.days.day_of(asked.sent) * DAY_US
    at = midnight + ((hour + hours * draw) * 3_600 * SECOND_US).astype(np.int64)
    return np.where(at < asked.sent, at + DAY_US, at)
