"""One number with its honesty: a value, its standard error, and an interval made of them."""

from __future__ import annotations

from dataclasses import dataclass

from scipy import special

from zhiyin.maths.arrays import OutOfRange
from zhiyin.maths.intervals import normal_quantile


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and how sure it is.

    Parameters
    ----------
    value : in the unit of what was measured.
    error : standard error, same unit.
    degrees : degrees of freedom of the error where it rests on few clusters; None where it may be taken as known.
    """

    value: float
    error: float
    degrees: float | None = None

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The interval that covers the truth with the probability ``level``, as far as normality holds.

        >>> low, high = Estimate(70.0, 2.0).interval()
        >>> round(low, 2), round(high, 2)
        (66.08, 73.92)
        """
        if not 0.0 < level < 1.0:
            raise OutOfRange(name="level", given=level, wanted="between 0 and 1")
        if self.degrees is None:
            reach = normal_quantile(level) * self.error
        else:
            reach = float(special.stdtrit(self.degrees, (1.0 + level) / 2.0)) * self.error
        return self.value - reach, self.value + reach

    def minus(self, other: Estimate) -> Estimate:
        """The difference from an independent estimate."""
        return Estimate(self.value - other.value, float((self.error**2 + other.error**2) ** 0.5))
