"""Who is asked, who answers, and what: invitations and responses, with the silence and the gaming that bias them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from zhiyin.bank.columns import Codes
from zhiyin.bank.days import SECOND_US
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.people import People
from zhiyin.bank.plan import Plan
from zhiyin.bank.streams import stream
from zhiyin.bank.walk import Touches, recorded_after

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

CALL_BACK: Final = "complaint_call_back"
UNHAPPY_BELOW: Final = 60.0
BORDER_WIDTH: Final = 8.0
ANSWERED, SILENT, REFUSED, UNDELIVERED = range(4)
INVITED_OUTCOMES: Final = Codes(("answered", "silent", "refused", "undelivered"))


@dataclass(frozen=True, slots=True)
class Mode:
    """A way of asking, see ``parameters/listening.toml``."""

    code: str
    instrument: str
    drawn_by: str
    answers: float
    odds_unhappy: float
    effect: float
    delay: float
    share: Floats
    """Share of the touches at each step that are asked."""


@cache
def modes(steps: Codes) -> tuple[Mode, ...]:
    """The modes of asking, by number."""
    made = []
    for block in load_parameters("listening")["modes"]:
        share = np.zeros(len(steps.names))
        for name, value in block["steps"].items():
            share[steps[name]] = value
        made.append(
            Mode(
                block["code"],
                block["instrument"],
                block["drawn_by"],
                block["answers"],
                block["odds_unhappy"],
                block["effect"],
                block["delay"],
                share,
            )
        )
    return tuple(made)


@dataclass(frozen=True, slots=True)
class Asked:
    """One row an occasion on which an answer was asked for or given unasked, in time order.

    ``touch`` is the position of the touch; ``felt`` what the customer felt then.
    """

    mode: Ints
    touch: Ints
    felt: Floats
    propensity: Floats
    sent: Ints
    answered: Flags
    answered_at: Ints
    outcome: Ints
    pressed: Flags
    """Answered by the staff, not the customer."""
    device: Ints
    """Number of the device; -1 where it is not known."""
    seconds: Floats

    def __len__(self) -> int:
        return self.mode.size

    def take(self, rows: Ints | Flags) -> Asked:
        """Some of the rows."""
        return Asked(*(getattr(self, field.name)[rows] for field in fields(self)))


def answer_propensity(plan: Plan, people: People, customer: Ints, felt: Floats, mode: Mode) -> Floats:
    """Probability that a customer who is asked answers.

    A logit of the mode's base rate, what the bank can see of the customer, what it cannot, and, unless the scenario
    makes silence ignorable, of what was felt.
    """
    scenario = plan.order.scenario
    odds = np.log(mode.answers / (1.0 - mode.answers)) + np.log(scenario.answer_factor)
    ready = people.readiness[customer].astype(np.float64)
    # The unhappier, the more the odds ratio applies: fully some points below the border, not at all as far above it.
    unhappiness = np.clip((UNHAPPY_BELOW + BORDER_WIDTH - felt) / (2.0 * BORDER_WIDTH), 0.0, 1.0)
    logit = odds + ready + scenario.silence_power * np.log(mode.odds_unhappy) * unhappiness
    propensity: Floats = 1.0 / (1.0 + np.exp(-logit))
    return propensity


def ask(
    plan: Plan, people: People, touches: Touches, felt: NDArray[np.float32], block: int, month: int, *, also: Asked
) -> Asked:
    """Ask after the touches of a chunk; ``also`` are occasions that came about otherwise (call-backs)."""
    parts = []
    rng = stream(plan.order.seed, "listening", block, month)
    draw = rng.random(len(touches), dtype=np.float32)
    for number, mode in enumerate(modes(plan.network.steps.codes)):
        if mode.drawn_by == "customer":
            chosen = np.flatnonzero(mode.share[touches.step] > 0.0)
        else:
            # One draw over all modes: no touch is asked about in two ways.
            share = mode.share[touches.step]
            chosen = np.flatnonzero((draw >= 0.0) & (draw < share))
            draw = draw - share.astype(np.float32)
        parts.append(_ask_one_mode(plan, people, touches, felt, chosen, number, mode, rng))
    parts += [also, _call_the_silent(plan, people, touches, parts, rng)]
    asked = Asked(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Asked)))
    known = recorded_after(np.where(asked.answered, asked.answered_at, asked.sent)) < plan.days.until_us
    rows = np.flatnonzero(known)
    return asked.take(rows[np.argsort(asked.sent[rows], kind="stable")])


def _call_the_silent(
    plan: Plan, people: People, touches: Touches, parts: list[Asked], rng: np.random.Generator
) -> Asked:
    """Telephone a random few 补访 of those whom the system asked in writing and who kept silent."""
    known = modes(plan.network.steps.codes)
    number = next(k for k, mode in enumerate(known) if mode.code == "phone_interview")
    written = [
        part for part, mode in zip(parts, known, strict=False) if mode.drawn_by == "system" and mode.delay < 86_400.0
    ]
    silent = [part.take(part.outcome == SILENT) for part in written]
    touch, felt, sent = (np.concatenate([getattr(part, name) for part in silent]) for name in ("touch", "felt", "sent"))
    rows = np.flatnonzero(rng.random(touch.size) < load_parameters("listening")["call_backs"]["share_of_silent"])
    return ask_about(plan, people, touches, touch[rows], felt[rows], sent[rows], number, known[number], rng)


def _ask_one_mode(
    plan: Plan,
    people: People,
    touches: Touches,
    felt: NDArray[np.float32],
    chosen: Ints,
    number: int,
    mode: Mode,
    rng: np.random.Generator,
) -> Asked:
    return ask_about(
        plan, people, touches, chosen, felt[chosen].astype(np.float64), touches.ends[chosen], number, mode, rng
    )


def ask_about(
    plan: Plan,
    people: People,
    touches: Touches,
    chosen: Ints,
    happy: Floats,
    after: Ints,
    number: int,
    mode: Mode,
    rng: np.random.Generator,
) -> Asked:
    """Ask in one mode about some touches, some time ``after`` an instant for each."""
    customer = touches.customer[chosen]
    propensity = answer_propensity(plan, people, customer, happy, mode)
    answered = rng.random(chosen.size) < propensity
    if mode.drawn_by == "customer":
        chosen, customer, after = chosen[answered], customer[answered], after[answered]
        happy, propensity = happy[answered], propensity[answered]
        answered = np.ones(chosen.size, dtype=np.bool_)
    sent = after + (mode.delay * np.exp(0.6 * rng.standard_normal(chosen.size)) * SECOND_US).astype(np.int64)
    instrument = load_parameters("listening")["instruments"][mode.instrument]
    seconds = np.maximum(1.0, instrument["seconds"] * np.exp(0.5 * rng.standard_normal(chosen.size)))
    lag = np.where(mode.delay > 60, 2_400.0, 1.0) * np.exp(1.0 * rng.standard_normal(chosen.size))
    refuses = rng.random(chosen.size)
    voice = mode.code in ("phone_interview", CALL_BACK)
    outcome = np.where(answered, ANSWERED, SILENT)
    outcome = np.where(~answered & (refuses < (0.25 if voice else 0.01)), REFUSED, outcome)
    outcome = np.where(~answered & (refuses > (0.55 if voice else 0.985)), UNDELIVERED, outcome)
    device = np.where(
        mode.code == "counter_device", np.maximum(touches.unit[chosen], 0) * 8 + touches.staff[chosen] % 5 + 1, -1
    )
    if mode.code in ("app_popup", "wechat_message", "outlet_code", "sms_link", "spontaneous"):
        device = 10_000_000 + people.first + customer
    return Asked(
        mode=np.full(chosen.size, number),
        touch=chosen,
        felt=happy,
        propensity=propensity,
        sent=sent,
        answered=answered,
        answered_at=sent + ((lag + seconds) * SECOND_US).astype(np.int64),
        outcome=outcome,
        pressed=np.zeros(chosen.size, dtype=np.bool_),
        device=device,
        seconds=seconds,
    )


@dataclass(frozen=True, slots=True)
class Answers:
    """One row an answer to a question; ``occasion`` is the position in :class:`Asked`."""

    occasion: Ints
    question: Ints
    scale: Ints
    value: Ints
    """-1 where the answer is a choice or a comment."""
    choice: Ints


SCALES: Final = Codes(("points3", "points4", "points5", "points7", "points10", "points11", "choice", "text"))
QUESTIONS: Final = Codes(("satisfaction", "recommend", "effort", "resolved", "comment"))
CHOICES: Final = Codes(("yes", "partly", "no"))


def answer(plan: Plan, people: People, touches: Touches, asked: Asked, block: int, month: int) -> Answers:
    """What those who answered said, question by question, in the order of the occasions."""
    rng = stream(plan.order.seed, "answers", block, month)
    noise = load_parameters("listening")["noise"]
    said = asked.felt + noise["answer"] * rng.standard_normal(len(asked))
    customer = touches.customer[asked.touch]
    style = (people.readiness[customer] - people.readiness_seen[customer]) * noise["style"]
    said += style
    parts = []
    for number, mode in enumerate(modes(plan.network.steps.codes)):
        instrument = load_parameters("listening")["instruments"][mode.instrument]
        rows = np.flatnonzero((asked.mode == number) & asked.answered)
        level = np.where(asked.pressed[rows], 100.0, said[rows] + mode.effect)
        parts += _answers_of_mode(instrument, rows, level, asked.pressed[rows], noise["question"], rng)
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    order = np.argsort(columns[0], kind="stable")
    return Answers(*(column[order] for column in columns))


def _answers_of_mode(
    instrument: dict[str, Any], rows: Ints, level: Floats, pressed: Flags, spread: float, rng: np.random.Generator
) -> list[tuple[Ints, Ints, Ints, Ints, Ints]]:
    none = np.full(rows.size, -1, dtype=np.int64)
    parts = []
    for question in instrument["questions"]:
        heard = level + spread * rng.standard_normal(rows.size) * ~pressed
        lowest = 0 if question["scale"] == "points11" else 1
        value = lowest + np.searchsorted(question["cuts"], heard, side="right")
        parts.append((rows, none + 1 + QUESTIONS[question["code"]], none + 1 + SCALES[question["scale"]], value, none))
    if "choice" in instrument:
        question = instrument["choice"]
        heard = level + spread * rng.standard_normal(rows.size) * ~pressed
        position = len(question["cuts"]) - np.searchsorted(question["cuts"], heard, side="right")
        options = np.array([CHOICES[name] for name in question["options"]])
        parts.append((rows, none + 1 + QUESTIONS["resolved"], none + 1 + SCALES["choice"], none, options[position]))
    # People who are moved write more.
    moved = instrument["comment"] * np.clip(0.7 + np.abs(level - 78.0) / 40.0, 0.0, 1.6)
    writes = np.flatnonzero(rng.random(rows.size) < moved)
    some = none[writes]
    parts.append((rows[writes], some + 1 + QUESTIONS["comment"], some + 1 + SCALES["text"], some, some))
    return parts
