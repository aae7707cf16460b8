r"""How many are needed: sample sizes before an experiment, not after.

For two arms of equal size, to see a difference :math:`\delta` with probability ``power`` at level :math:`\alpha`:

.. math:: n = \frac{2(z_{1-\alpha/2}+z_{\text{power}})^2\,\sigma^2(1-R^2)}{\delta^2}\;\bigl(1+(m-1)\,\mathrm{ICC}\bigr)

answers an arm, where :math:`R^2` is what is known beforehand and m how many answers a randomised unit (branch) gives.
A difference of 0.05 on a five-point scale needs 7,600 answers an arm, which at 5 % response are 152,000 customers. That
is why packages are tried on customers, and training on branches at different times.

References
----------
Hussey, Hughes (2007), Design and analysis of stepped wedge cluster randomized trials, Contemporary Clinical Trials 28.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

from scipy import special

from zhiyin.maths.arrays import OutOfRange


@dataclass(frozen=True, slots=True)
class Size:
    """What an experiment needs.

    Parameters
    ----------
    answers : an arm. customers : to be asked an arm. units : to be randomised an arm.
    """

    answers: int
    customers: int
    units: int


def two_arm_size(
    *,
    difference: float,
    deviation: float,
    response_rate: float = 1.0,
    r_squared: float = 0.0,
    per_unit: float = 1.0,
    icc: float = 0.0,
    power: float = 0.8,
    alpha: float = 0.05,
) -> Size:
    """Answers and customers an arm.

    Parameters
    ----------
    difference : to be seen, in points. deviation : standard deviation of one answer.
    response_rate : answers a customer asked, 0 to 1. r_squared : squared correlation with what is known before.
    per_unit : answers a randomised unit gives (1: customers are randomised). icc : likeness of answers of one unit.

    Examples
    --------
    >>> two_arm_size(difference=0.05, deviation=1.1, response_rate=0.05)
    Size(answers=7598, customers=151960, units=7598)
    """
    _check(difference=difference, deviation=deviation, per_unit=per_unit, response_rate=response_rate)
    if not 0.0 <= r_squared < 1.0 or not 0.0 <= icc <= 1.0 or response_rate > 1.0:
        raise OutOfRange(name="r_squared, icc or response_rate", given=(r_squared, icc, response_rate), wanted="0 to 1")
    likeness = 1.0 + (per_unit - 1.0) * icc
    answers = 2.0 * (_reach(power, alpha) * deviation / difference) ** 2 * (1.0 - r_squared) * likeness
    whole = ceil(answers - 1e-9)
    return Size(answers=whole, customers=ceil(whole / response_rate - 1e-9), units=ceil(whole / per_unit - 1e-9))


def stepped_wedge_error(*, steps: int, units_each: int, per_period: float, deviation: float, icc: float) -> float:
    """Standard error of the effect when units switch over in waves and none switches back.

    Parameters
    ----------
    steps : waves; there are ``steps + 1`` periods, the first without any switched. units_each : that switch a wave.
    per_period : answers of a unit in a period. deviation : of one answer. icc : likeness within a unit, 0 to 1.

    Examples
    --------
    >>> round(stepped_wedge_error(steps=4, units_each=5, per_period=30, deviation=20, icc=0.05), 2)
    1.25
    """
    _check(steps=steps, units_each=units_each, per_period=per_period, deviation=deviation)
    if not 0.0 <= icc < 1.0:
        raise OutOfRange(name="icc", given=icc, wanted="from 0 to below 1")
    units, periods = steps * units_each, steps + 1
    noise = deviation**2 * (1.0 - icc) / per_period
    between = deviation**2 * icc
    switched = [[1.0 if period >= wave else 0.0 for period in range(periods)] for wave in range(1, steps + 1)]
    u = units_each * sum(map(sum, switched))
    w = sum((units_each * sum(column)) ** 2 for column in zip(*switched, strict=True))
    v = units_each * sum(sum(row) ** 2 for row in switched)
    top = units * noise * (noise + periods * between)
    bottom = (units * u - w) * noise + (u**2 + units * periods * u - periods * w - units * v) * between
    return sqrt(top / bottom)


def detectable(error: float, *, power: float = 0.8, alpha: float = 0.05) -> float:
    """The effect that a design of a given standard error sees with a given power."""
    _check(error=error)
    return _reach(power, alpha) * error


def _reach(power: float, alpha: float) -> float:
    for name, value in (("power", power), ("alpha", alpha)):
        if not 0.0 < value < 1.0:
            raise OutOfRange(name=name, given=value, wanted="between 0 and 1")
    return float(special.ndtri(1.0 - alpha / 2.0) + special.ndtri(power))


def _check(**values: float) -> None:
    for name, value in values.items():
        if value <= 0:
            raise OutOfRange(name=name, given=value, wanted="above 0")
