"""Call-backs 回访: was the customer satisfied with how the complaint was handled?"""

from __future__ import annotations

import numpy as np

from zhiyin.bank.complaints import TYPES
from zhiyin.bank.listening import CALL_BACK, Asked, ask_about, modes
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.people import People
from zhiyin.bank.place import Place
from zhiyin.bank.plan import Plan
from zhiyin.bank.requests import Requests, handling_felt
from zhiyin.bank.streams import stream
from zhiyin.bank.walk import Touches


def call_back(plan: Plan, people: People, touches: Touches, requests: Requests, place: Place) -> Asked:
    """Ask after closed complaints; re-labelled ones escape the call-back."""
    rng = stream(plan.order.seed, "callbacks", place.block, place.month)
    felt = handling_felt(plan, requests, rng)
    asked = rng.random(len(requests)) < load_parameters("complaints")["handling"]["call_back_asked"]
    rows = np.flatnonzero(asked & (requests.shown_type == TYPES["complaint"]) & (requests.closed < plan.days.until_us))
    known = modes(plan.network.steps.codes)
    number = next(k for k, mode in enumerate(known) if mode.code == CALL_BACK)
    return ask_about(
        plan, people, touches, requests.touch[rows], felt[rows], requests.closed[rows], number, known[number], rng
    )
