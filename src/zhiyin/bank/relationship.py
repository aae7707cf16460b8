"""The yearly survey of the relationship: a sample of all customers, 27 items and a recommendation, about no touch."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.columns import Codes, constant, keys, write_rows
from zhiyin.bank.days import SECOND_US
from zhiyin.bank.listening import ANSWERED, INVITED_OUTCOMES, SILENT
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.people import People
from zhiyin.bank.place import SEQUENCE_ROOM, Place
from zhiyin.bank.plan import Plan
from zhiyin.bank.streams import stream
from zhiyin.bank.walk import recorded_after
from zhiyin.tables import table

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

INSTRUMENT = "relationship_survey"
MODES = Codes(("sms_link", "phone_interview"))
OFFSET = 50_000_000
"""Serial numbers from here on, within a chunk, belong to this survey."""
RECOMMEND_CUTS = (25, 32, 39, 46, 52, 58, 65, 73, 83, 91)


def survey_day(plan: Plan, month: int) -> int | None:
    """Day of the period on which the survey of a month goes out; None in the other months."""
    survey = load_parameters("relationship")["survey"]
    begin, end = int(plan.days.month_starts[month]), int(plan.days.month_starts[month + 1])
    for day in range(begin, end):
        on = plan.days.date_of(day)
        if (on.month, on.day) == (survey["month"], survey["day"]):
            return day
    return None


def write_relationship(plan: Plan, people: People, place: Place, invitations: Path, responses: Path) -> dict[str, int]:
    """Write the survey's rows where one goes out in the month; returns rows by table."""
    day = survey_day(plan, place.month)
    if day is None:
        return {}
    rng = stream(plan.order.seed, "relationship", place.block, place.month)
    sample = _draw(plan, people, day, rng)
    rows = np.flatnonzero(sample.answered)
    values = _answers(plan, people, sample.customer[rows], sample.spoken[rows], rng)
    return {
        "invitations": _write_invitations(plan, people, place, invitations, sample),
        "responses": _write_responses(plan, people, place, responses, sample, values),
    }


@dataclass(frozen=True, slots=True)
class _Sample:
    """Those asked, in the order of asking: in writing or by telephone, and when they answered."""

    customer: Ints
    spoken: Flags
    answered: Flags
    sent: Ints
    at: Ints


def _draw(plan: Plan, people: People, day: int, rng: np.random.Generator) -> _Sample:
    survey = load_parameters("relationship")["survey"]
    there = (people.opened < day - 90) & (people.closed > day + 30) & (people.groups["adult"] | people.company)
    customer = np.flatnonzero(there & (rng.random(len(people)) < survey["share_asked"]))
    spoken = rng.random(customer.size) < survey["share_by_telephone"]
    chance = np.where(spoken, survey["answers_by_telephone"], survey["answers_by_message"])
    odds = chance / (1.0 - chance) * plan.order.scenario.answer_factor * np.exp(people.readiness[customer])
    answered = rng.random(customer.size) < odds / (1.0 + odds)
    sent = plan.days.us(np.full(customer.size, day), rng.integers(36_000, 60_000, customer.size))
    later = (rng.exponential(np.where(spoken, 200_000.0, 20_000.0)) * SECOND_US).astype(np.int64) + 600 * SECOND_US
    answered &= recorded_after(sent + later) < plan.days.until_us
    order = np.argsort(sent, kind="stable")
    order = order[recorded_after(sent[order]) < plan.days.until_us]
    return _Sample(customer[order], spoken[order], answered[order], sent[order], (sent + later)[order])


def _answers(plan: Plan, people: People, customer: Ints, spoken: Flags, rng: np.random.Generator) -> dict[str, Ints]:
    """Answers by question. The customer's feeling and home unit enter through image and satisfaction."""
    parameters = load_parameters("relationship")
    survey = parameters["survey"]
    base = people.feeling[customer] + plan.effects.unit[people.unit[customer]] + plan.order.scenario.level_shift
    person = base / 6.5
    latent: dict[str, Floats] = {"image": 0.6 * person + 0.8 * rng.standard_normal(customer.size)}
    for name, paths in parameters["paths"].items():
        if name in ("confidence", "source"):
            continue
        explained = sum((weight * latent[cause] for cause, weight in paths.items()), np.zeros(customer.size))
        rest = np.sqrt(1.0 - parameters["explained"][name])
        own = (
            0.35 * person + 0.94 * rng.standard_normal(customer.size)
            if name == "satisfaction"
            else rng.standard_normal(customer.size)
        )
        latent[name] = explained + rest * own
    heard = spoken * survey["telephone_points"]
    answers: dict[str, Ints] = {}
    for name, loadings in parameters["loadings"].items():
        if name in ("confidence", "source"):
            continue
        for number, loading in enumerate(loadings, start=1):
            own = np.sqrt(1.0 - loading**2) * rng.standard_normal(customer.size)
            answers[f"{name}_{number}"] = np.clip(
                np.round(7.3 + 1.6 * (loading * latent[name] + own) + heard / 11.0), 1, 10
            ).astype(np.int64)
    level = survey["level"] + base + 5.0 * latent["loyalty"] + heard + rng.normal(0.0, 6.0, customer.size)
    answers["recommend"] = np.searchsorted(RECOMMEND_CUTS, level, side="right")
    return answers


def _common(plan: Plan, people: People, customer: Ints, spoken: Flags) -> dict[str, Any]:
    return {
        "customer_id": keys("C", people.first + customer, groups=2),
        "instrument": constant(INSTRUMENT, customer.size),
        "mode": MODES.column(spoken.astype(np.int64)),
        "unit_id": plan.bank.codes.column(people.unit[customer]),
    }


def _write_invitations(plan: Plan, people: People, place: Place, path: Path, sample: _Sample) -> int:
    columns = {
        "invitation_id": keys("V", place.numbers(sample.sent.size) + OFFSET, groups=4),
        **_common(plan, people, sample.customer, sample.spoken),
        "drawn_by": constant("system", sample.sent.size),
        "sent_us": sample.sent,
        "outcome": INVITED_OUTCOMES.column(np.where(sample.answered, ANSWERED, SILENT)),
        "recorded_us": recorded_after(sample.sent),
    }
    return write_rows(path, table("invitations"), columns, first_seq=place.first_seq + SEQUENCE_ROOM // 2)


def _write_responses(
    plan: Plan, people: People, place: Place, path: Path, sample: _Sample, values: dict[str, Ints]
) -> int:
    questions = Codes(tuple(values))
    rows = np.flatnonzero(sample.answered)
    order = np.repeat(np.argsort(sample.at[rows], kind="stable"), len(values))
    question = np.tile(np.arange(len(values)), rows.size)
    value = np.stack([values[name] for name in questions.names])[question, order].astype(np.int16)
    occasion = rows[order]
    answered_at = sample.at[occasion]
    columns = {
        "response_id": keys("R", place.number(OFFSET) + occasion, groups=4),
        "question": questions.column(question),
        "invitation_id": keys("V", place.number(OFFSET) + occasion, groups=4),
        **_common(plan, people, sample.customer[occasion], sample.spoken[occasion]),
        "scale": Codes(("points10", "points11")).column((question == questions["recommend"]).astype(np.int64)),
        "value": value,
        "language": Codes(("zh", "en")).column(people.english[sample.customer[occasion]].astype(np.int64)),
        "is_sampled": np.ones(occasion.size, dtype=np.bool_),
        "duration_seconds": 240 + answered_at // SECOND_US % 300,
        "answered_us": answered_at,
        "recorded_us": recorded_after(answered_at),
    }
    return write_rows(path, table("responses"), columns, first_seq=place.first_seq + SEQUENCE_ROOM // 2)
