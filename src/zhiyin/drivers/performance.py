"""The importance-performance map: where acting pays.

Importance is a driver's share of what is explained, performance its mean on 0-100. Four quarters, cut at the means:
important and weak is where to act.

**When not to use it.** Drivers on different kinds of scale are not comparable in performance. The cuts are means of
these drivers, so adding one moves them: read places, not borders.

References
----------
Martilla, James (1977), Importance-performance analysis, Journal of Marketing 41.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np


class Quadrant(StrEnum):
    """A quarter of the map.

    ``ACT`` : important and weak 优先改进. ``KEEP`` : important and strong 保持优势.
    ``LATER`` : unimportant and weak 次要改进. ``ENOUGH`` : unimportant and strong 不必加力.
    """

    ACT = "act"
    KEEP = "keep"
    LATER = "later"
    ENOUGH = "enough"


def quadrants(importance: Sequence[float], performance: Sequence[float | None]) -> list[Quadrant | None]:
    """The quarter of each driver; None where its performance is not known.

    >>> [quarter.value for quarter in quadrants([0.4, 0.2, 0.1], [55.0, 80.0, 75.0])]
    ['act', 'enough', 'enough']
    """
    known = [value for value in performance if value is not None]
    if not known:
        return [None] * len(importance)
    important, strong = float(np.mean(importance)), float(np.mean(known))
    found: list[Quadrant | None] = []
    for weight, level in zip(importance, performance, strict=True):
        if level is None:
            found.append(None)
        elif weight >= important:
            found.append(Quadrant.KEEP if level >= strong else Quadrant.ACT)
        else:
            found.append(Quadrant.ENOUGH if level >= strong else Quadrant.LATER)
    return found
