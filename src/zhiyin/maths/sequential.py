r"""Confidence sequences: intervals that may be looked at every day.

An ordinary 95 % interval is right once, at a time fixed beforehand. Looked at daily until it excludes 0, it "finds"
effects that are not there in a third of all experiments. A confidence sequence is wider at each look and covers the
truth at *all* looks together with the probability it says, so one may stop whenever it is convincing:

.. math:: \hat\tau_t \pm \hat\sigma_t \sqrt{\frac{2(t\rho^2+1)}{t^2\rho^2}\log\frac{\sqrt{t\rho^2+1}}{\alpha}}

(asymptotic; t answers so far, :math:`\hat\sigma_t` the standard error times :math:`\sqrt t`). :math:`\rho` decides
when it is tightest; it is chosen for the number of answers planned. The price: an effect that one look at the end would
find nine times in ten is found two times in three; in return a larger one is found, and acted on, early.

**When not to use it.** In the first few dozen answers, before means are normal: ``least`` withholds it till then.

References
----------
Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas (2021), Time-uniform central limit theory and asymptotic confidence
sequences, arXiv 2103.06476.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zhiyin.maths.arrays import Floats, OutOfRange, floats, same_length


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """An interval at every look; infinite before there are ``least`` answers.

    Parameters
    ----------
    answers, values : so far, and the effect then. low, high : limits of the sequence, narrowed by all looks before:
        what was excluded once stays excluded.
    """

    answers: Floats
    values: Floats
    low: Floats
    high: Floats

    @property
    def decided_at(self) -> int | None:
        """The first look at which 0 is excluded; None if it never is."""
        clear = np.flatnonzero((self.low > 0) | (self.high < 0))
        return int(clear[0]) if len(clear) else None


def confidence_sequence(
    values: ArrayLike, errors: ArrayLike, answers: ArrayLike, *, planned: float, alpha: float = 0.05, least: float = 100
) -> Sequence:
    """Turn an effect and its ordinary error at every look into a confidence sequence.

    Parameters
    ----------
    values, errors : effect and standard error from all answers so far, a value a look, e.g. daily.
    answers : how many so far, ascending. planned : at how many the sequence is to be tightest.
    alpha : probability of ever being wrong. least : answers before which nothing is said.
    """
    effect, error, t = floats(values, "values"), floats(errors, "errors"), floats(answers, "answers")
    same_length(values=effect, errors=error, answers=t)
    if not 0.0 < alpha < 1.0:
        raise OutOfRange(name="alpha", given=alpha, wanted="between 0 and 1")
    if len(t) and (t[0] <= 0 or (np.diff(t) < 0).any()):
        raise OutOfRange(name="answers", given=float(t.min()), wanted="above 0 and ascending")
    if planned <= 0:
        raise OutOfRange(name="planned", given=planned, wanted="above 0")
    reach = error * np.sqrt(t) * half_width(t, planned=planned, alpha=alpha)
    reach = np.where(t < least, np.inf, reach)
    return Sequence(
        answers=t,
        values=effect,
        low=np.maximum.accumulate(effect - reach) if len(t) else effect,
        high=np.minimum.accumulate(effect + reach) if len(t) else effect,
    )


def half_width(answers: Floats, *, planned: float, alpha: float) -> Floats:
    """Half the width of the sequence in standard deviations of one answer."""
    log = -2.0 * np.log(alpha)
    rho2 = (log + np.log(log + 1.0)) / planned
    inside = answers * rho2 + 1.0
    return np.asarray(np.sqrt(2.0 * inside / (answers**2 * rho2) * np.log(np.sqrt(inside) / alpha)))
