"""Scales of rating questions: their ends, their boxes, and a common ruler.

The ruler has 180 marks from the worst answer to the best. 180 is divisible by 2, 3, 4, 6, 9 and 10, so the answers of
every scale fall on whole marks, sums stay integers, and the mean of answers on different scales is exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Literal

import ibis

from zhiyin.errors import ZhiyinError
from zhiyin.satisfaction.periods import Expression
from zhiyin.tables.voice import SCALES

RULER: Final = 180
"""Marks on the ruler."""

ENDS: Final = {name: (lowest, highest) for name, lowest, highest in SCALES}
"""Lowest and highest answer of each scale."""

BOXES: Final = {
    "points3": (1, 3),
    "points4": (1, 4),
    "points5": (2, 4),
    "points7": (2, 6),
    "points10": (6, 9),
    "points11": (6, 9),
}
"""Highest answer of the bottom box and lowest of the top box; what lies between is the middle box."""

BoxName = Literal["top", "middle", "bottom"]

EASY: Final = {"points5": 4, "points7": 5}
"""Lowest answer that means the customer found it easy, on the scales used for effort."""


class UnknownScale(ZhiyinError):
    """A scale was named on which the measure cannot be computed."""

    code = "satisfaction.unknown_scale"
    message = "{measure} is not computed on the scale {scale}."


def allowed_scales(measure: str, scales: Sequence[str], scale: str | None) -> tuple[str, ...]:
    """The one scale asked for, or all that the measure knows.

    Raises
    ------
    UnknownScale : with the nearest name as a suggestion.
    """
    if scale is None:
        return tuple(scales)
    if scale not in scales:
        raise UnknownScale(measure=measure, scale=scale, choices=tuple(scales))
    return (scale,)


def is_on_scale(scale: Expression, value: Expression) -> Expression:
    """Whether the answer is one that its scale has."""
    return ibis.or_(*(((scale == name) & value.between(low, high)) for name, (low, high) in ENDS.items()))


def at_least(scale: Expression, value: Expression, lowest: Mapping[str, int]) -> Expression:
    """1 where the answer is at least what its scale has in ``lowest``, otherwise 0."""
    reached = ibis.or_(*((scale == name) & (value >= least) for name, least in lowest.items()))
    return ibis.ifelse(reached, 1, 0)


def in_box(scale: Expression, value: Expression, which: BoxName) -> Expression:
    """1 where the answer lies in that box of its scale, otherwise 0."""
    above_bottom = at_least(scale, value, {name: bottom + 1 for name, (bottom, _) in BOXES.items()})
    top = at_least(scale, value, {name: lowest for name, (_, lowest) in BOXES.items()})
    return {"top": top, "middle": above_bottom - top, "bottom": 1 - above_bottom}[which]


def on_ruler(scale: Expression, value: Expression) -> Expression:
    """Marks of the ruler from 0 (worst) to :data:`RULER` (best)."""
    marks: Expression = ibis.literal(0)
    for name, (low, high) in ENDS.items():
        marks = ibis.ifelse(scale == name, (value.cast("int64") - low) * (RULER // (high - low)), marks)
    return marks


def ruler_marks(scales: Sequence[str]) -> tuple[int, ...]:
    """The marks that answers on these scales can fall on, ascending."""
    found = {
        step * (RULER // (high - low))
        for name, (low, high) in ENDS.items()
        if name in scales
        for step in range(high - low + 1)
    }
    return tuple(sorted(found))
