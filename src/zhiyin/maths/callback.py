r"""Calling some of the silent: the only cure for silence that depends on the answer.

Of n invited, :math:`n_1` answered and :math:`n_2` did not. No weighting can know what the silent would have said if
they keep silent because of it. So a random few of *them* are called (two-phase sampling, Hansen and Hurwitz 1946), and
each called one stands for :math:`n_2/m` silent ones:

.. math:: \hat\theta = \frac{n_1}{n}\bar y_1 + \frac{n_2}{n}\bar y_{2m}

Four hundred calls restored the coverage of the 95 % interval from 0-2 % to 95 % in the reference simulation. A
permanent 1 % of the silent is a product feature, not a footnote. With predictions, the silent's mean is sharpened by
:mod:`zhiyin.maths.ppi`.

**What remains.** Some are called and cannot be reached. ``reached`` says how many were; what the others would say is
again unknown, and :mod:`zhiyin.maths.sensitivity` bounds it for their, now much smaller, share.

References
----------
Hansen, Hurwitz (1946), The problem of non-response in sample surveys, JASA 41, 517-529. Cochran (1977), Sampling
Techniques, section 13.6.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zhiyin.maths.arrays import Floats, Integers, OutOfRange, TooFew, floats
from zhiyin.maths.estimate import Estimate
from zhiyin.maths.ppi import powered_mean


@dataclass(frozen=True, slots=True)
class CalledBack:
    """A figure for everybody invited, the silent included.

    Parameters
    ----------
    estimate : of everybody. answered, silent : means of those who answered by themselves and of those who did not.
    silent_share : of those invited. reached : share of those called who answered the call.
    """

    estimate: Estimate
    answered: Estimate
    silent: Estimate
    silent_share: float
    reached: float

    @property
    def difference(self) -> Estimate:
        """How much more satisfied the silent are than those who answered; clear of 0, answers alone are misleading."""
        return self.silent.minus(self.answered)


def called_back_mean(
    answers: ArrayLike,
    calls: ArrayLike,
    *,
    silent: int,
    called: int | None = None,
    customers: int | None = None,
    predicted_calls: ArrayLike | None = None,
    predicted_silent: ArrayLike | None = None,
) -> CalledBack:
    """The mean of everybody invited.

    Parameters
    ----------
    answers : of those who answered by themselves.
    calls : answers of those called, drawn at random from the silent.
    silent : how many did not answer by themselves, the called included.
    called : how many were tried; None: as many as answered.
    customers : how many the invited were drawn from; None: many. Everybody invited: the number invited.
    predicted_calls, predicted_silent : predictions for the called, and for the silent who were not called.

    Raises
    ------
    TooFew : fewer than two answers of either kind. OutOfRange : more calls than silent people.
    """
    one, two = floats(answers, "answers"), floats(calls, "calls")
    for name, values in (("answers", one), ("calls", two)):
        if len(values) < 2:
            raise TooFew(name=name, given=len(values), needed=2)
    if len(two) > silent:
        raise OutOfRange(name="calls", given=len(two), wanted=f"at most the {silent} silent")
    tried = len(two) if called is None else called
    if tried < len(two):
        raise OutOfRange(name="called", given=tried, wanted=f"at least the {len(two)} who answered")
    n = len(one) + silent
    share = silent / n
    second = _silent(two, silent, predicted_calls, predicted_silent)
    first = Estimate(float(one.mean()), float(one.std(ddof=1)) / len(one) ** 0.5)
    value = (1.0 - share) * first.value + share * second.value
    everybody = (
        (1.0 - share) * float(one.var(ddof=1))
        + share * float(two.var(ddof=1))
        + share * (1.0 - share) * (first.value - second.value) ** 2
    )
    drawn = 1.0 if customers is None else max(0.0, 1.0 - n / customers)
    variance = drawn * everybody / n + share**2 * second.error**2
    return CalledBack(Estimate(value, variance**0.5), first, second, share, len(two) / tried)


def _silent(calls: Floats, silent: int, predicted: ArrayLike | None, others: ArrayLike | None) -> Estimate:
    """Mean of the silent as they are (a finite population), from the calls among them."""
    left = 1.0 - len(calls) / silent
    if predicted is None or others is None or left == 0.0:
        return Estimate(float(calls.mean()), (left * float(calls.var(ddof=1)) / len(calls)) ** 0.5)
    f, rest = floats(predicted, "predicted_calls"), floats(others, "predicted_silent")
    found = powered_mean(calls, f, rest)
    slope = found.tuning / left  # of the whole silent population, of which ``rest`` is the uncalled part
    everyone = len(calls) / silent * f.mean() + left * rest.mean()
    value = float(calls.mean() + slope * (everyone - f.mean()))
    spread = float((calls - slope * f).var(ddof=1))
    return Estimate(value, (left * spread / len(calls)) ** 0.5)


def draw_calls(predicted: ArrayLike, calls: int, *, seed: int) -> Integers:
    """Whom to call: a systematic sample along the predicted score, everybody with the same chance.

    Ordered by prediction and taken at equal steps from a random start, the called resemble the silent in what is
    expected of them, which makes the estimate steadier. No member of staff chooses.

    Parameters
    ----------
    predicted : score of each silent person. calls : how many to draw.

    Returns
    -------
    Positions of the called, ascending.
    """
    scores = floats(predicted, "predicted")
    if not 1 <= calls <= len(scores):
        raise OutOfRange(name="calls", given=calls, wanted=f"between 1 and the {len(scores)} silent")
    generator = np.random.default_rng(seed)
    order = np.lexsort((generator.random(len(scores)), scores))
    step = len(scores) / calls
    places = np.floor(generator.random() * step + step * np.arange(calls)).astype(np.int64)
    return np.sort(order[np.minimum(places, len(scores) - 1)]).astype(np.int64)


def calls_needed(*, silent_share: float, deviation: float, error: float) -> int:
    """Calls that bring the error that the silent add down to ``error``.

    Parameters
    ----------
    silent_share : of those invited, 0 to 1. deviation : standard deviation of an answer. error : wanted.

    Examples
    --------
    >>> calls_needed(silent_share=0.95, deviation=20.0, error=1.0)
    361
    """
    for name, value in (("silent_share", silent_share), ("deviation", deviation), ("error", error)):
        if value <= 0.0:
            raise OutOfRange(name=name, given=value, wanted="above 0")
    return int(np.ceil((silent_share * deviation / error) ** 2 - 1e-9))
