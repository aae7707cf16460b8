"""One chunk: everything that happens to one block of customers in one month, written to files."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.callbacks import call_back
from zhiyin.bank.cases import draw_cases
from zhiyin.bank.feelings import feel
from zhiyin.bank.gaming import game
from zhiyin.bank.listening import CALL_BACK, QUESTIONS, Answers, Asked, answer, ask, modes
from zhiyin.bank.money import write_transactions
from zhiyin.bank.outreach import write_contacts
from zhiyin.bank.people import People
from zhiyin.bank.place import Place
from zhiyin.bank.plan import Plan
from zhiyin.bank.registers import write_people
from zhiyin.bank.relationship import write_relationship
from zhiyin.bank.request_rows import write_narratives, write_requests
from zhiyin.bank.reviews import write_reviews
from zhiyin.bank.rows import write_interactions
from zhiyin.bank.streams import stream
from zhiyin.bank.tickets import draw_requests
from zhiyin.bank.truth import write_fakes, write_true_customers, write_true_requests, write_true_touches
from zhiyin.bank.voices import write_invitations, write_responses
from zhiyin.bank.walk import Touches, walk
from zhiyin.bank.words import write_comments

CHUNK_TABLES: Final = ("interactions", "transactions", "contacts", "invitations", "responses", "reviews", "requests")
"""Tables that are made chunk by chunk."""


def place_of(plan: Plan, index: int) -> Place:
    """The chunk of that number: months in order, within a month block by block."""
    month, block = divmod(index, plan.order.blocks)
    first = plan.days.month_first(month)
    return Place(block, month, plan.order.blocks, first.year * 100 + first.month)


def make_block(plan: Plan, block: int, folder: Path) -> dict[str, int]:
    """Make the files of a block of customers ``folder/<table>-<block>.parquet``; returns rows by table."""
    people = plan.people(block)
    write_true_customers(people, folder / f"truth-customers-{block:05d}.parquet")
    return write_people(plan, people, block, folder)


def make_chunk(plan: Plan, index: int, folder: Path) -> dict[str, int]:
    """Make a chunk's files ``folder/<table>-<index>.parquet``; returns rows by table."""
    place = place_of(plan, index)
    people = plan.people(place.block)
    cases = draw_cases(plan, people, place.block, place.month)
    touches = walk(plan, people, cases, place.block, place.month)
    felt = feel(plan, people, touches, place.block, place.month)
    requests = draw_requests(plan, people, touches, felt, place)
    asked = ask(
        plan, people, touches, felt, place.block, place.month, also=call_back(plan, people, touches, requests, place)
    )
    asked = game(plan, touches, asked, place.block, place.month)
    answers = answer(plan, people, touches, asked, place.block, place.month)
    comments = _comments(plan, people, touches, asked, answers, place)
    narratives = write_narratives(plan, people, touches, felt, requests, place)

    def path(name: str, part: str = "") -> Path:
        return folder / f"{name}-{index:05d}{part}.parquet"

    write_true_touches(people, touches, felt, _propensity(plan, len(touches), asked), place, path("truth-touches"))
    write_true_requests(requests, place, path("truth-requests"))
    write_fakes(plan, touches, asked, place, path("truth-fakes"))
    rows = {
        "interactions": write_interactions(plan, people, cases, touches, place, path("interactions")),
        "invitations": write_invitations(plan, people, touches, asked, place, path("invitations")),
        "responses": write_responses(plan, people, touches, asked, answers, comments, place, path("responses")),
        "requests": write_requests(plan, people, touches, requests, narratives, place, path("requests")),
        "reviews": write_reviews(plan, people, touches, felt, place, path("reviews")),
        "contacts": write_contacts(plan, people, touches, asked, place, path("contacts")),
        "transactions": write_transactions(plan, people, place, path("transactions")),
    }
    for name, count in write_relationship(
        plan, people, place, path("invitations", "r"), path("responses", "r")
    ).items():
        rows[name] += count
    return rows


def _comments(
    plan: Plan, people: People, touches: Touches, asked: Asked, answers: Answers, place: Place
) -> list[str | None]:
    """The words of each answer; None where the question asks for none."""
    rng = stream(plan.order.seed, "comments", place.block, place.month)
    rows = np.flatnonzero(answers.question == QUESTIONS["comment"])
    occasion = answers.occasion[rows]
    level = np.where(asked.pressed[occasion], 95.0, asked.felt[occasion])
    comments: list[str | None] = [None] * answers.question.size
    texts = write_comments(plan, people, touches, asked.touch[occasion], level, rng)
    for row, text in zip(rows.tolist(), texts, strict=True):
        comments[row] = text
    return comments


def _propensity(plan: Plan, touches: int, asked: Asked) -> NDArray[np.float32]:
    """Probability that the customer answers, where an answer about the touch was asked for; NaN elsewhere."""
    about_touch = np.array(
        [mode.drawn_by != "customer" and mode.code != CALL_BACK for mode in modes(plan.network.steps.codes)]
    )
    rows = np.flatnonzero(about_touch[asked.mode])
    propensity = np.full(touches, np.nan, dtype=np.float32)
    propensity[asked.touch[rows]] = asked.propensity[rows]
    return propensity
