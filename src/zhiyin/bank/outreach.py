"""The bank reaches out: marketing, reminders, surveys, collection, call-backs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.columns import Codes, keys, write_rows
from zhiyin.bank.days import SECOND_US
from zhiyin.bank.journeys import CHANNELS
from zhiyin.bank.listening import ANSWERED, REFUSED, UNDELIVERED, Asked, modes
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.people import People
from zhiyin.bank.place import Place
from zhiyin.bank.plan import Plan
from zhiyin.bank.streams import stream
from zhiyin.bank.walk import Touches, recorded_after
from zhiyin.tables import table

Ints = NDArray[np.int64]

PURPOSES: Final = Codes(("marketing", "survey", "service", "reminder", "collection", "call_back"))
REACHED: Final = Codes(("delivered", "reached", "not_reached", "refused", "accepted", "failed"))


@dataclass(frozen=True, slots=True)
class _Batch:
    customer: Ints
    purpose: Ints
    channel: Ints
    staff: Ints
    product: Ints
    sent: Ints
    outcome: Ints


def write_contacts(plan: Plan, people: People, touches: Touches, asked: Asked, place: Place, path: Path) -> int:
    """Write the contacts of a chunk; returns the number of rows."""
    rng = stream(plan.order.seed, "outreach", place.block, place.month)
    batches = [
        _marketing(plan, people, place.month, rng),
        _reminders(plan, people, place.month, rng),
        _surveys(plan, touches, asked),
        _collection(plan, touches),
    ]
    names = _Batch.__slots__
    columns = {name: np.concatenate([getattr(batch, name) for batch in batches]) for name in names}
    day = plan.days.day_of(columns["sent"])
    customer = columns["customer"]
    there = (people.opened[customer] <= day) & (day < people.closed[customer])
    rows = np.flatnonzero(there & (recorded_after(columns["sent"]) < plan.days.until_us))
    rows = rows[np.argsort(columns["sent"][rows], kind="stable")]
    batch = _Batch(**{name: columns[name][rows] for name in names})
    unit = np.where(
        batch.channel == CHANNELS["manager"],
        plan.serving[place.month, people.unit[batch.customer]],
        plan.bank.departments["contact_centre"],
    )
    return write_rows(
        path,
        table("contacts"),
        {
            "contact_id": keys("N", place.numbers(rows.size), groups=4),
            "customer_id": keys("C", people.first + batch.customer, groups=2),
            "purpose": PURPOSES.column(batch.purpose),
            "channel": CHANNELS.column(batch.channel),
            "unit_id": plan.bank.codes.column(unit),
            "staff_id": keys("S", np.maximum(batch.staff, 0), groups=2, present=batch.staff >= 0),
            "product_id": Codes(people.products.ids).column(batch.product),
            "sent_us": batch.sent,
            "outcome": REACHED.column(batch.outcome),
            "recorded_us": recorded_after(batch.sent),
        },
        first_seq=place.first_seq,
    )


def _times(plan: Plan, month: int, count: int, season: str, rng: np.random.Generator) -> Ints:
    days = plan.days
    begin, end = int(days.month_starts[month]), int(days.month_starts[month + 1])
    clock = days.clocks["outbound"]
    weights = np.cumsum(clock.weights[begin:end] * days.seasons[season][begin:end])
    day = begin + np.searchsorted(weights / weights[-1], rng.random(count), side="right")
    second = clock.seconds[rng.integers(0, 4096, count)] + rng.integers(0, 15, count)
    return days.us(np.minimum(day, end - 1), second)


def _marketing(plan: Plan, people: People, month: int, rng: np.random.Generator) -> _Batch:
    parameters = load_parameters("outreach")["marketing"]
    begin, end = int(plan.days.month_starts[month]), int(plan.days.month_starts[month + 1])
    season = plan.days.seasons["campaign"][begin:end].sum() / 30.4
    grown = np.flatnonzero(people.groups["adult"] | people.company)
    count = int(rng.poisson(parameters["per_customer_month"] * grown.size * season)) if grown.size else 0
    customer = grown[rng.integers(0, max(1, grown.size), count)]
    personal = rng.random(count) < parameters["by_manager"]
    personal &= people.manager[customer] >= 0
    app = people.digital[customer] & (rng.random(count) < 0.6)
    channel = np.where(personal, CHANNELS["manager"], np.where(app, CHANNELS["mobile"], CHANNELS["outbound"]))
    sold = [people.products.ids.index(name) for name in parameters["products"]]
    product = np.array(sold)[rng.integers(0, len(sold), count)]
    draw = rng.random(count)
    accepted = parameters["accepted"] * np.where(personal, 3.0, 1.0)
    outcome = np.where(
        draw < accepted, REACHED["accepted"], np.where(draw > 0.97, REACHED["refused"], REACHED["delivered"])
    )
    staff = _employed(plan, np.where(personal, people.manager[customer], -1), month)
    return _Batch(
        customer,
        np.full(count, PURPOSES["marketing"]),
        channel,
        staff,
        product,
        _times(plan, month, count, "campaign", rng),
        outcome,
    )


def _employed(plan: Plan, staff: Ints, month: int) -> Ints:
    """The customer's manager where at the bank already in the month; otherwise nobody is named."""
    first = plan.days.month_first(month)
    here = np.array([hired <= first for hired in plan.staffing.hired])
    return np.where((staff >= 0) & here[staff], staff, -1)


def _reminders(plan: Plan, people: People, month: int, rng: np.random.Generator) -> _Batch:
    share = load_parameters("outreach")["reminders"]["share"]
    debtors = people.groups["card"] | people.groups["borrower"]
    customer = np.flatnonzero(debtors & (rng.random(len(people)) < share))
    count = customer.size
    failed = rng.random(count) < 0.015
    return _Batch(
        customer,
        np.full(count, PURPOSES["reminder"]),
        np.full(count, CHANNELS["outbound"]),
        np.full(count, -1),
        np.full(count, -1),
        _times(plan, month, count, "arrears", rng),
        np.where(failed, REACHED["failed"], REACHED["delivered"]),
    )


def _surveys(plan: Plan, touches: Touches, asked: Asked) -> _Batch:
    known = modes(plan.network.steps.codes)
    channels = {
        "sms_reply": "outbound",
        "sms_link": "outbound",
        "wechat_message": "wechat",
        "email": "web",
        "phone_interview": "outbound",
        "complaint_call_back": "outbound",
    }
    channel = np.array([CHANNELS[channels[mode.code]] if mode.code in channels else -1 for mode in known])[asked.mode]
    rows = np.flatnonzero(channel >= 0)
    codes = np.array([mode.code for mode in known])[asked.mode[rows]]
    purpose = np.where(codes == "complaint_call_back", PURPOSES["call_back"], PURPOSES["survey"])
    voice = np.isin(codes, ["phone_interview", "complaint_call_back"])
    outcome = asked.outcome[rows]
    reached = np.where(voice, REACHED["not_reached"], REACHED["delivered"])
    reached = np.where(outcome == ANSWERED, np.where(voice, REACHED["reached"], REACHED["delivered"]), reached)
    reached = np.where(outcome == REFUSED, REACHED["refused"], reached)
    reached = np.where((outcome == UNDELIVERED) & ~voice, REACHED["failed"], reached)
    none = np.full(rows.size, -1)
    return _Batch(touches.customer[asked.touch[rows]], purpose, channel[rows], none, none, asked.sent[rows], reached)


def _collection(plan: Plan, touches: Touches) -> _Batch:
    rows = np.flatnonzero(touches.step == plan.network.steps.codes["collection_call"])
    none = np.full(rows.size, -1)
    return _Batch(
        touches.customer[rows],
        np.full(rows.size, PURPOSES["collection"]),
        touches.channel[rows],
        touches.staff[rows],
        none,
        touches.starts[rows] - 5 * SECOND_US,
        np.full(rows.size, REACHED["reached"]),
    )
