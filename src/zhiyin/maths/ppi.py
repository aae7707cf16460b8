r"""Prediction-powered inference: answers of a few, predictions for everybody, and an honest interval.

A model predicts everybody's satisfaction, roughly and with a bias nobody knows. A random few have answered. Their
answers measure the bias:

.. math:: \hat\theta = \bar y_n + \lambda\,(\bar f_N - \bar f_n),
   \qquad \hat\lambda = \frac{\operatorname{cov}(y, f)}{(1 + n/N)\operatorname{var} f}

(PPI++). The tuning :math:`\lambda` makes sure that useless predictions do no harm: then it is near 0 and the plain mean
remains.

**What it gains** is known beforehand: with :math:`R^2` the squared correlation of prediction and answer, n answers are
worth :math:`n/(1-R^2)`. A model with AUC .84 on a rare outcome may have an R2 of .09 and gain 10 %. Sell the method for
its valid interval, not for its size, and print R2 beside the figure.

**When not to use it.** When those who answered are not a random sample of everybody; then
:func:`zhiyin.maths.aipw.aipw_mean`, and against silence that depends on the answer only calls help. The predictions
must come from a model that did not see these answers (other months, or cross-fitting).

References
----------
Angelopoulos, Bates, Fannjiang, Jordan, Zrnic (2023), Prediction-powered inference, Science 382. Angelopoulos, Duchi,
Zrnic (2023), PPI++: efficient prediction-powered inference, arXiv 2311.01453.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from zhiyin.maths.arrays import Floats, TooFew, floats, same_length
from zhiyin.maths.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Powered:
    """A mean with predictions behind it.

    Parameters
    ----------
    estimate : of everybody. plain : the mean of the answers alone, for comparison.
    tuning : how far the predictions were used, lambda, 0 to 1.
    r_squared : squared correlation of prediction and answer. gain : how many times as many answers this is worth.
    """

    estimate: Estimate
    plain: Estimate
    tuning: float
    r_squared: float

    @property
    def gain(self) -> float:
        """The plain variance over the powered one."""
        return (self.plain.error / self.estimate.error) ** 2 if self.estimate.error > 0 else 1.0


def powered_mean(answers: ArrayLike, predicted: ArrayLike, predicted_others: ArrayLike) -> Powered:
    """The mean of everybody from a random sample's answers and everybody's predictions.

    Parameters
    ----------
    answers : of the sample, shape (n,). predicted : for the same people.
    predicted_others : for the N people who were not asked or did not answer.

    Raises
    ------
    TooFew : fewer than two answers, or nobody else.

    Examples
    --------
    >>> found = powered_mean([7, 9, 8, 4], [7.5, 8.5, 8.0, 5.0], [8.0, 8.0, 6.0, 9.0, 7.0, 8.5])
    >>> round(found.estimate.value, 2), round(found.plain.value, 2), round(found.r_squared, 2)
    (7.5, 7.0, 0.99)
    """
    y, f, others = floats(answers, "answers"), floats(predicted, "predicted"), floats(predicted_others, "others")
    n = same_length(answers=y, predicted=f)
    if n < 2:
        raise TooFew(name="answers", given=n, needed=2)
    if len(others) < 1:
        raise TooFew(name="predictions for others", given=0, needed=1)
    plain = Estimate(float(y.mean()), float(y.std(ddof=1)) / n**0.5)
    spread = float(np.concatenate([f, others]).var(ddof=1))
    joint = float(((y - y.mean()) * (f - f.mean())).sum()) / (n - 1)
    tuning = float(np.clip(joint / ((1.0 + n / len(others)) * spread), 0.0, 1.0)) if spread > 0 else 0.0
    value = float(y.mean() + tuning * (others.mean() - f.mean()))
    variance = _variance(y - tuning * f) / n + tuning**2 * (_variance(others) / len(others))
    own = _variance(y) * _variance(f)
    return Powered(Estimate(value, variance**0.5), plain, tuning, joint**2 / own if own > 0 else 0.0)


def _variance(values: Floats) -> float:
    return float(values.var(ddof=1)) if len(values) > 1 else 0.0
