"""Invitations and responses as rows of their tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from zhiyin.bank.columns import Codes, keys, nullable, write_rows
from zhiyin.bank.listening import CALL_BACK, CHOICES, INVITED_OUTCOMES, QUESTIONS, SCALES, Answers, Asked, modes
from zhiyin.bank.people import People
from zhiyin.bank.place import Place
from zhiyin.bank.plan import Plan
from zhiyin.bank.rows import about_touch
from zhiyin.bank.walk import Touches, recorded_after
from zhiyin.tables import table

Ints = NDArray[np.int64]

DRAWN_BY: Final = Codes(("system", "staff", "customer"))
LANGUAGES: Final = Codes(("zh", "en"))


def write_invitations(plan: Plan, people: People, touches: Touches, asked: Asked, place: Place, path: Path) -> int:
    """Write those occasions on which somebody asked; returns the number of rows."""
    known = modes(plan.network.steps.codes)
    instruments, instrument = Codes.of(item.instrument for item in known)
    by_customer = np.array([mode.drawn_by == "customer" for mode in known])
    rows = np.flatnonzero(~by_customer[asked.mode])
    invited = asked.take(rows)
    drawn = np.array([DRAWN_BY[mode.drawn_by] for mode in known])
    columns = {
        "invitation_id": keys("V", place.number(0) + rows, groups=4),
        **_about(plan, people, touches, invited.touch, invited.mode, place),
        "instrument": instruments.column(instrument[invited.mode]),
        "mode": Codes(tuple(mode.code for mode in known)).column(invited.mode),
        "drawn_by": DRAWN_BY.column(drawn[invited.mode]),
        "sent_us": invited.sent,
        "outcome": INVITED_OUTCOMES.column(invited.outcome),
        "recorded_us": recorded_after(invited.sent),
    }
    return write_rows(path, table("invitations"), columns, first_seq=place.first_seq)


def write_responses(
    plan: Plan,
    people: People,
    touches: Touches,
    asked: Asked,
    answers: Answers,
    comments: list[str | None],
    place: Place,
    path: Path,
) -> int:
    """Write one row an answer, in order of the time of answering; returns the number of rows."""
    known = modes(plan.network.steps.codes)
    instruments, instrument = Codes.of(item.instrument for item in known)
    order = np.lexsort((np.arange(answers.occasion.size), asked.answered_at[answers.occasion]))
    occasion = answers.occasion[order]
    touch = asked.touch[occasion]
    mode = asked.mode[occasion]
    spontaneous = np.array([item.drawn_by == "customer" for item in known])[mode]
    question = answers.question[order]
    english = people.english[touches.customer[touch]]
    value = answers.value[order]
    answered_at = asked.answered_at[occasion]
    columns = {
        "response_id": keys("R", place.number(0) + occasion, groups=4),
        "question": QUESTIONS.column(question),
        "instrument": instruments.column(instrument[mode]),
        "invitation_id": keys("V", place.number(0) + occasion, groups=4, present=~spontaneous),
        **_about(plan, people, touches, touch, mode, place),
        "scale": SCALES.column(answers.scale[order]),
        "value": nullable(value.astype(np.int16), value >= 0),
        "choice": CHOICES.column(answers.choice[order]),
        "comment": pa.array([comments[k] for k in order.tolist()], pa.string()),
        "language": LANGUAGES.column(english.astype(np.int64)),
        "mode": Codes(tuple(item.code for item in known)).column(mode),
        "is_sampled": ~spontaneous,
        "device_id": keys("D", np.maximum(asked.device[occasion], 0), groups=2, present=asked.device[occasion] >= 0),
        "duration_seconds": np.maximum(1, asked.seconds[occasion].astype(np.int64)),
        "answered_us": answered_at,
        "recorded_us": recorded_after(answered_at),
    }
    return write_rows(path, table("responses"), columns, first_seq=place.first_seq)


def _about(plan: Plan, people: People, touches: Touches, touch: Ints, mode: Ints, place: Place) -> dict[str, Any]:
    """What was asked about: the touch, or for call-backs how the contact centre handled the complaint about it."""
    columns = about_touch(plan, people, touches, touch, place)
    handling = np.array([item.code == CALL_BACK for item in modes(plan.network.steps.codes)])[mode]
    if not bool(handling.any()):
        return columns
    instead = {
        "journey": "J26",
        "touchpoint": "T48",
        "channel": "phone",
        "line_id": "service",
        "unit_id": plan.bank.unit_ids[plan.bank.departments["contact_centre"]],
        "staff_id": None,
        "interaction_id": None,
    }
    mask = pa.array(handling)
    return {
        name: pc.if_else(mask, pa.scalar(instead[name], pa.string()), column.cast(pa.string()))
        if name in instead
        else column
        for name, column in columns.items()
    }
