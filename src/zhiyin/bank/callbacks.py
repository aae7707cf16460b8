"""Call-backs 回访: was the customer satisfied with how the complaint was handled?"""

from __future__ import annotations

import numpy as np

from zhiyin.bank.days import DAY_US
from zhiyin.bank.listening import CALL_BACK, Asked, ask_about, modes
from zhiyin.bank.people import People
from zhiyin.bank.place import Place
from zhiyin.bank.plan import Plan
from zhiyin.bank.requests import TYPES, Floats, Requests, block
from zhiyin.bank.streams import stream
from zhiyin.bank.walk import Touches


def handling_felt(plan: Plan, requests: Requests, rng: np.random.Generator) -> Floats:
    """True satisfaction with how a complaint was handled."""
    handling = block("handling")
    days = (requests.closed - requests.received) / DAY_US
    felt = handling["handling_level"] + rng.normal(0.0, 12.0, len(requests)) + plan.order.scenario.level_shift
    felt += np.where(days > 10.0, handling["handling_late"], 0.0)
    felt += np.where(requests.disputed, handling["handling_refused"], 0.0)
    felt += np.where(requests.redress > 0, handling["handling_redress"], 0.0)
    tenths: Floats = np.round(np.clip(felt, 0.0, 100.0), 1)
    return tenths


def call_back(plan: Plan, people: People, touches: Touches, requests: Requests, place: Place) -> Asked:
    """Ask after closed complaints; re-labelled ones escape the call-back."""
    rng = stream(plan.order.seed, "callbacks", place.block, place.month)
    felt = handling_felt(plan, requests, rng)
    asked = rng.random(len(requests)) < block("handling")["call_back_asked"]
    rows = np.flatnonzero(asked & (requests.shown_type == TYPES["complaint"]) & (requests.closed < plan.days.until_us))
    known = modes(plan.network.steps.codes)
    number = next(k for k, mode in enumerate(known) if mode.code == CALL_BACK)
    return ask_about(
        plan, people, touches, requests.touch[rows], felt[rows], requests.closed[rows], number, known[number], rng
    )
