"""A plan, registered before the result: what will be done, to whom, what is measured, and when it is concluded.

Without it, the outcome that happened to move and the week in which it did are chosen afterwards, and half of all
"effects" are that choice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from zhiyin.errors import ZhiyinError
from zhiyin.evidence.grade import Design


class RegisteredLate(ZhiyinError):
    """The plan was registered when its results could already be seen."""

    code: ClassVar[str] = "evidence.registered_late"
    message: ClassVar[str] = (
        "The plan {plan!r} was registered after the first answer that it counts. "
        "Its result is reported as before and after, not as an effect."
    )
    status: ClassVar[int] = 409


class ConcludedEarly(ZhiyinError):
    """Fewer answers than planned, for a design that is looked at once."""

    code: ClassVar[str] = "evidence.concluded_early"
    message: ClassVar[str] = (
        "The plan {plan!r} foresees {planned} answers; {given} have come. "
        "Wait, or use the watch, which may be looked at every day."
    )
    status: ClassVar[int] = 409


@dataclass(frozen=True, slots=True)
class Plan:
    """An action to be judged.

    Parameters
    ----------
    key : of the plan. action : what is done, in words. outcome : the one column it is judged by.
    design : see :class:`~zhiyin.evidence.grade.Design`.
    answers : planned in all, from :mod:`zhiyin.maths.power`.
    planned_share : of the treated arm, for a randomised design.
    registered_us, starts_us, ends_us : instants, in microseconds UTC.
    """

    key: str
    action: str
    outcome: str
    design: Design
    answers: int
    planned_share: float
    registered_us: int
    starts_us: int
    ends_us: int


def check_plan(plan: Plan, *, first_answer_us: int, answers: int, at_us: int, is_watched: bool = False) -> None:
    """Whether a plan may be concluded.

    Parameters
    ----------
    first_answer_us : instant of the first answer counted. answers : how many there are. at_us : now.
    is_watched : judged by a confidence sequence, which may stop at any time.

    Raises
    ------
    RegisteredLate, ConcludedEarly : see each.
    """
    if plan.registered_us > min(first_answer_us, plan.starts_us):
        raise RegisteredLate(plan=plan.key)
    if not is_watched and answers < plan.answers and at_us < plan.ends_us:
        raise ConcludedEarly(plan=plan.key, planned=plan.answers, given=answers)
