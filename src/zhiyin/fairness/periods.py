"""Which period a comparison covers.

A teller who serves sixty a day has about 66 answers a month at a response rate of 5 %; a fair comparison needs one to
four times as many. So tellers are compared over a rolling quarter by default, and outlets over four, as hospitals are.
"""

from __future__ import annotations

from datetime import date

from zhiyin.maths.arrays import OutOfRange


def rolling_window(until: date, *, quarters: int = 1) -> tuple[date, date]:
    """First day of the window, and the first day after it.

    Parameters
    ----------
    until : first day after the window. quarters : its length, in three months each.

    Examples
    --------
    >>> rolling_window(date(2026, 6, 1))
    (datetime.date(2026, 3, 1), datetime.date(2026, 6, 1))
    >>> rolling_window(date(2026, 5, 31), quarters=1)
    (datetime.date(2026, 2, 28), datetime.date(2026, 5, 31))
    """
    if quarters < 1:
        raise OutOfRange(name="quarters", given=quarters, wanted="at least 1")
    months = until.year * 12 + until.month - 1 - 3 * quarters
    year, month = divmod(months, 12)
    day = until.day
    while True:
        try:
            return date(year, month + 1, day), until
        except ValueError:
            day -= 1
