"""Numbers on the way in: the array types of this package, and the checks that name what is wrong.

Every estimator here is arithmetic on a few arrays. What would silently give nonsense (a missing value, a column in
which everybody answered the same) is refused with the name of the column, so that a person can mend it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from zhiyin.errors import ZhiyinError

Floats = NDArray[np.float64]
"""An array of doubles; its shape is said where it is used, as ``(rows, columns)``."""
Integers = NDArray[np.int64]
"""An array of 64-bit integers: counts, or codes ``0 .. levels-1``."""
Flags = NDArray[np.bool_]
"""An array of yes and no."""


class NotFinite(ZhiyinError):
    """A value is missing or infinite where every value is needed."""

    code: ClassVar[str] = "maths.not_finite"
    message: ClassVar[str] = (
        "{name}: {count} values are missing or infinite. Leave those rows out, or fill them in first."
    )


class WrongShape(ZhiyinError):
    """Two arrays that belong together differ in length, or a matrix has the wrong form."""

    code: ClassVar[str] = "maths.wrong_shape"
    message: ClassVar[str] = "{name} has shape {given}; {wanted} is needed."


class TooFew(ZhiyinError):
    """Not enough observations for what was asked."""

    code: ClassVar[str] = "maths.too_few"
    message: ClassVar[str] = "{name}: {given} are not enough; at least {needed} are needed."


class Constant(ZhiyinError):
    """A column does not vary, so nothing can be learned from it."""

    code: ClassVar[str] = "maths.constant"
    message: ClassVar[str] = "{name} has the same value in every row, so it can explain nothing. Leave it out."


class Repeated(ZhiyinError):
    """Columns repeat each other exactly: their effects cannot be told apart."""

    code: ClassVar[str] = "maths.repeated"
    message: ClassVar[str] = "{name} repeats the other columns exactly. Leave one of them out."


class OutOfRange(ZhiyinError):
    """An option or a value outside its range."""

    code: ClassVar[str] = "maths.out_of_range"
    message: ClassVar[str] = "{name} is {given}; it must be {wanted}."


def floats(values: ArrayLike, name: str, *, dimensions: int = 1) -> Floats:
    """The values as doubles, checked to be finite and of a number of dimensions.

    Raises
    ------
    WrongShape : if the number of dimensions differs.
    NotFinite : if a value is missing or infinite.
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != dimensions:
        raise WrongShape(name=name, given=array.shape, wanted=f"{dimensions} dimension(s)")
    bad = array.size - int(np.count_nonzero(np.isfinite(array)))
    if bad:
        raise NotFinite(name=name, count=bad)
    return array


def codes(values: ArrayLike, name: str) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Any values as codes ``0 .. levels-1`` and the sorted levels they stand for."""
    levels, coded = np.unique(np.asarray(values), return_inverse=True)
    if coded.ndim != 1:
        raise WrongShape(name=name, given=coded.shape, wanted="one dimension")
    return coded.astype(np.int64, copy=False), levels


def sum_by(code: NDArray[Any], values: ArrayLike, levels: int) -> Floats:
    """Sum of the values of each code ``0 .. levels-1``."""
    weights = np.asarray(values, dtype=np.float64)
    return np.asarray(np.bincount(code, weights=weights, minlength=levels), dtype=np.float64)


def same_length(**arrays: Sequence[Any] | NDArray[Any]) -> int:
    """The common length of arrays given by name.

    Raises
    ------
    WrongShape : naming the first array whose length differs from the first one's.
    """
    lengths = {name: len(array) for name, array in arrays.items()}
    first = next(iter(lengths.values()))
    for name, length in lengths.items():
        if length != first:
            raise WrongShape(name=name, given=(length,), wanted=(first,))
    return first
