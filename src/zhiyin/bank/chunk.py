"""One chunk: everything that happens to one block of customers in one month, written to files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.cases import draw_cases
from zhiyin.bank.feelings import feel
from zhiyin.bank.listening import Asked, answer, ask
from zhiyin.bank.money import write_transactions
from zhiyin.bank.place import Place
from zhiyin.bank.plan import Plan
from zhiyin.bank.rows import write_interactions, write_true_touches
from zhiyin.bank.voices import write_invitations, write_responses
from zhiyin.bank.walk import walk

CHUNK_TABLES = ("interactions", "transactions", "invitations", "responses")


def place_of(plan: Plan, index: int) -> Place:
    """The chunk of that number: months in order, within a month block by block."""
    month, block = divmod(index, plan.order.blocks)
    first = plan.days.month_first(month)
    return Place(block, month, plan.order.blocks, first.year * 100 + first.month)


def make_chunk(plan: Plan, index: int, folder: Path) -> dict[str, int]:
    """Make a chunk's files ``folder/<table>-<index>.parquet``; returns rows by table."""
    place = place_of(plan, index)
    people = plan.people(place.block)
    cases = draw_cases(plan, people, place.block, place.month)
    touches = walk(plan, people, cases, place.block, place.month)
    felt = feel(plan, people, touches, place.block, place.month)
    asked = ask(plan, people, touches, felt, place.block, place.month)
    answers = answer(plan, people, touches, asked, place.block, place.month)
    comments: list[str | None] = [None] * answers.occasion.size

    def path(name: str) -> Path:
        return folder / f"{name}-{index:05d}.parquet"

    return {
        "interactions": write_interactions(plan, people, cases, touches, place, path("interactions")),
        "invitations": write_invitations(plan, people, touches, asked, place, path("invitations")),
        "responses": write_responses(plan, people, touches, asked, answers, comments, place, path("responses")),
        "transactions": write_transactions(plan, people, place, path("transactions")),
        "touches": write_true_touches(people, touches, felt, _propensity(len(touches), asked), place, path("touches")),
    }


def _propensity(touches: int, asked: Asked) -> NDArray[np.float32]:
    propensity = np.full(touches, np.nan, dtype=np.float32)
    propensity[asked.touch] = asked.propensity
    return propensity
