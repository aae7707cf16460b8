r"""A satisfaction index from 0 to 100, as ACSI, ECSI and CCSI publish it.

With answers :math:`x_i` to questions on a scale from :math:`a_i` to :math:`b_i` and weights :math:`w_i` (of a path
model, in points of the scale)

.. math:: I = 100 \frac{\sum w_i \bar x_i - \sum w_i a_i}{\sum w_i b_i - \sum w_i a_i}

0 means that everybody chose the worst answer to everything, 100 the best. On ten-point scales this is the published
:math:`100 \sum w_i(\bar x_i-1)/(9\sum w_i)`.

**When not to use it.** An index compares like with like: the same questions, scale, mode of asking and weights. When
weights are estimated anew each year, a change of the index mixes a change of opinion with a change of weights; hold
the weights (``weights`` of last year's fit) to see the first alone. A negative weight (it happens in mode B) would
let the index fall when an answer improves, so no index is given.

References
----------
Fornell et al. (1996), The American Customer Satisfaction Index, Journal of Marketing 60, appendix.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from zhiyin.errors import ZhiyinError
from zhiyin.maths.arrays import Flags, Floats, OutOfRange


class NegativeWeight(ZhiyinError):
    """An index would fall when an answer improves."""

    code: ClassVar[str] = "index.negative_weight"
    message: ClassVar[str] = (
        "{item} has a negative weight, so the index would fall when its answers improve. "
        "Use mode A for its block, or leave the question out."
    )


class NoMean(ZhiyinError):
    """A question has a weight and no mean."""

    code: ClassVar[str] = "index.no_mean"
    message: ClassVar[str] = "There is no mean for the question {item!r}, which the index needs."


@dataclass(frozen=True, slots=True)
class Item:
    """The scale of a question: its worst and best answer."""

    lowest: float
    highest: float

    def __post_init__(self) -> None:
        if not self.lowest < self.highest:
            raise OutOfRange(name="highest answer", given=self.highest, wanted=f"above the lowest, {self.lowest}")


def satisfaction_index(weights: Mapping[str, float], means: Mapping[str, float], scale: Mapping[str, Item]) -> float:
    """The 0-100 index of one latent.

    Parameters
    ----------
    weights : of its questions, in points of their scales; only their ratios matter. From
        :meth:`zhiyin.maths.pls.PlsFit.item_weights`, or equal ones.
    means : mean answer to each question. scale : worst and best answer of each.

    Examples
    --------
    >>> ten = Item(1, 10)
    >>> round(satisfaction_index({"overall": 0.5, "ideal": 0.5}, {"overall": 8.2, "ideal": 6.6},
    ...                          {"overall": ten, "ideal": ten}), 1)
    71.1
    """
    for item in weights:
        if item not in means or item not in scale:
            raise NoMean(item=item, choices=tuple(means))
        if weights[item] < 0:
            raise NegativeWeight(item=item)
        if not scale[item].lowest <= means[item] <= scale[item].highest:
            wanted = f"within its scale, {scale[item].lowest} to {scale[item].highest}"
            raise OutOfRange(name=item, given=means[item], wanted=wanted)
    over = sum(weight * (means[item] - scale[item].lowest) for item, weight in weights.items())
    full = sum(weight * (scale[item].highest - scale[item].lowest) for item, weight in weights.items())
    if full <= 0:
        raise OutOfRange(name="sum of the weights", given=0, wanted="above 0")
    return 100.0 * over / full


def index_values(weights: Floats, means: Floats, members: Flags, items: Sequence[Item]) -> Floats:
    """Indices of all latents for a stack of samples; NaN where a weight is negative.

    Parameters
    ----------
    weights, means : shape (stack, questions). members : whether a question belongs to a latent, (questions, latents).
    items : scale of each question.

    Returns
    -------
    Shape (stack, latents).
    """
    lowest = np.array([item.lowest for item in items])
    width = np.array([item.highest for item in items]) - lowest
    over = (weights * (means - lowest)) @ members
    full = (weights * width) @ members
    negative = ((weights < 0).astype(np.float64) @ members) > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(negative, np.nan, 100.0 * over / full))
