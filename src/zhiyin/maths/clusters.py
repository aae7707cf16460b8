r"""How many answers they are worth when the same customers answer several times.

Two answers of one customer tell less than two answers of two. The **design effect** is the factor by which the variance
of a mean grows, the **effective number** what remains of n. Two estimates are made and the smaller number counts:

- from the correlation :math:`\rho` of answers of one customer (analysis of variance), with customers giving
  :math:`m_c` answers: :math:`1 + \rho\,(\sum m_c^2 / n - 1)`;
- from the squared residuals summed by customer, as in any cluster-robust variance (CR1, with the factor
  :math:`G/(G-1)`), which also sees that customers who answer often may think differently.

**Why two, and why half a customer more.** The usual cluster-robust interval is too narrow when few customers are
dissatisfied: it covers 88 % with 50 customers and 63 % with 20 (five answers each, share .05), because a sample with
few dissatisfied customers shows both a low share and a low variance. So the analysis of variance sees, besides the
customers it has, half a customer who only gives the lowest answer and half a one who only gives the highest, each with
an average number of answers. With hundreds of customers that is nothing; with twenty it is what makes the interval
cover 92 % or more (``bench/coverage_simulation.py``).

Where all answers of all customers are equal, the correlation cannot be seen and is taken to be 1: twenty customers with
five answers count as twenty. Where there is one customer only, the number is 1, however many answers: nothing says how
the next customer thinks.

References
----------
Kish (1965), *Survey Sampling*, chapter 5. Liang and Zeger (1986), *Biometrika* 73, 13-22. Cameron and Miller (2015), A
practitioner's guide to cluster-robust inference, *Journal of Human Resources* 50, 317-372.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from zhiyin.maths.arrays import Floats, same_length

_UNANIMOUS = 0.5
"""Customers added at either end of the scale before the correlation is estimated."""


@dataclass(frozen=True, slots=True, eq=False)
class ClusterSums:
    """What must be known of the customers of each estimate: sums over customers, all of them exact in integers but one.

    Parameters
    ----------
    customers : G, number of customers.
    answers : n, sum of m_c.
    totals : sum of all scores; T_c is the sum of one customer's scores.
    squares : sum of all squared scores.
    sizes_squared : sum of m_c^2.
    totals_squared : sum of T_c^2.
    sizes_by_totals : sum of m_c T_c.
    totals_squared_by_size : sum of T_c^2 / m_c.
    """

    customers: Floats
    answers: Floats
    totals: Floats
    squares: Floats
    sizes_squared: Floats
    totals_squared: Floats
    sizes_by_totals: Floats
    totals_squared_by_size: Floats

    def __post_init__(self) -> None:
        same_length(**{field.name: getattr(self, field.name) for field in fields(self)})


def effective_number(sums: ClusterSums, *, lowest: float, highest: float) -> Floats:
    """What the answers are worth, between 1 and n; n itself where nobody answered twice.

    >>> import numpy as np
    >>> # ten customers who each gave the same answer three times, four of them a 1 and six a 0
    >>> sums = ClusterSums(*(np.array([x]) for x in (10.0, 30.0, 12.0, 12.0, 90.0, 36.0, 36.0, 12.0)))
    >>> effective_number(sums, lowest=0, highest=1).tolist()
    [10.0]

    Parameters
    ----------
    sums : one entry for each estimate.
    lowest, highest : ends of the scale of the scores.
    """
    n, groups = sums.answers, sums.customers
    mean = sums.totals / n
    variance = np.maximum(sums.squares / n - mean**2, 0)
    correlation = _correlation(sums, lowest, highest)
    by_correlation = n / (1 + correlation * (sums.sizes_squared / n - 1))
    residuals = sums.totals_squared - 2 * mean * sums.sizes_by_totals + mean**2 * sums.sizes_squared
    with np.errstate(divide="ignore", invalid="ignore"):
        robust = residuals / n**2 * groups / (groups - 1)
        by_residuals = np.where(robust > 0, 1 + variance / robust, np.inf)
    smaller = np.minimum(np.minimum(by_correlation, by_residuals), n)
    smaller = np.where(groups == n, n, smaller)
    return np.asarray(np.where(groups <= 1, 1.0, np.maximum(smaller, 1.0)))


def _correlation(sums: ClusterSums, lowest: float, highest: float) -> Floats:
    """Correlation of two answers of one customer, from the analysis of variance with the unanimous halves added."""
    n, groups = sums.answers, sums.customers
    height = highest - lowest
    # Scores from the lowest one on, so that the unanimous half at the bottom adds nothing but its size.
    totals = sums.totals - lowest * n
    raised = sums.totals_squared_by_size - 2 * lowest * sums.totals + lowest**2 * n
    within = np.maximum(sums.squares - sums.totals_squared_by_size, 0)
    average = n / groups
    size = n + 2 * _UNANIMOUS * average
    total = totals + _UNANIMOUS * average * height
    between = raised + _UNANIMOUS * average * height**2 - total**2 / size
    number = groups + 2 * _UNANIMOUS
    typical = (size - (sums.sizes_squared + 2 * _UNANIMOUS * average**2) / size) / (number - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        among = between / (number - 1)
        inside = within / (n - groups)
        found = (among - inside) / (among + (typical - 1) * inside)
    return np.where(np.isfinite(found), np.clip(found, 0, 1), 1.0)
