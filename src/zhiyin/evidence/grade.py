"""Grades of evidence 证据等级, and the checks that earn them.

======= ============================================== ==================================================
grade   design                                         earned only if
======= ============================================== ==================================================
一 A    randomised                                     the arms have the sizes that were planned
二 B    staggered difference in differences            trends before were flat, and could be tested;
                                                       at least 10 changed and 10 unchanged units
三 C    synthetic control                              the mix followed the unit before, the placebo rank
                                                       is within a tenth, at least 10 donors
四 D    before and after, or any check failed          never called an effect
======= ============================================== ==================================================

A check that fails takes the grade to 四 at once: a broken experiment is not half an experiment.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Design(StrEnum):
    """How the comparison was made."""

    RANDOMISED = "randomised"
    STAGGERED = "staggered"
    SYNTHETIC = "synthetic"
    BEFORE_AFTER = "before_after"


class Grade(StrEnum):
    """How much may be concluded; A the most."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"

    @property
    def zh(self) -> str:
        """一 to 四, as reports write it."""
        return {"A": "一", "B": "二", "C": "三", "D": "四"}[self.value]


_EARNED = {Design.RANDOMISED: Grade.A, Design.STAGGERED: Grade.B, Design.SYNTHETIC: Grade.C}


@dataclass(frozen=True, slots=True)
class Check:
    """Something that must hold for the grade.

    Parameters
    ----------
    name : code of the check. value : what was found. bound : what it is held against.
    """

    name: str
    value: float
    bound: float
    is_passed: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found, and how much it is worth.

    Parameters
    ----------
    design : see :class:`Design`.
    change : difference that is put down to the action, in units of the outcome.
    low, high : interval, or None where a design gives none (synthetic control).
    level : of the interval. plain : the same without what was known before, or None.
    changed, compared : units with and without the action. checks : of the design.
    left_out : units that could not be used (a period without answers).
    """

    design: Design
    change: float
    low: float | None
    high: float | None
    level: float
    changed: int
    compared: int
    checks: tuple[Check, ...]
    plain: float | None = None
    left_out: int = 0

    @property
    def grade(self) -> Grade:
        """What the design earns if every check is passed, else D."""
        if self.design is Design.BEFORE_AFTER or not all(check.is_passed for check in self.checks):
            return Grade.D
        return _EARNED[self.design]

    @property
    def is_effect(self) -> bool:
        """Whether it may be called an effect at all."""
        return self.grade is not Grade.D

    @property
    def is_clear(self) -> bool:
        """Whether it is an effect whose interval leaves 0 out; of a synthetic control, one that passed its checks."""
        if not self.is_effect:
            return False
        if self.low is None or self.high is None:
            return self.design is Design.SYNTHETIC
        return self.low > 0 or self.high < 0


def at_least(name: str, value: float, bound: float) -> Check:
    """A check that a value is large enough."""
    return Check(name, float(value), float(bound), bool(value >= bound))


def at_most(name: str, value: float, bound: float) -> Check:
    """A check that a value is small enough."""
    return Check(name, float(value), float(bound), bool(value <= bound))
