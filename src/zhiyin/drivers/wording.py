"""A driver in one sentence. Association is called association."""

from __future__ import annotations

from zhiyin.drivers.importance import Driver, KeyDrivers
from zhiyin.language import translate


def sentence(
    driver: Driver,
    found: KeyDrivers,
    *,
    step: float = 1.0,
    unit: str = "",
    label: str | None = None,
    outcome: str | None = None,
    language: str | None = None,
) -> str:
    """What goes with more of a driver.

    Parameters
    ----------
    step : how much more. unit : of the driver, already in the reader's language (minutes, points).
    label, outcome : what the driver and the outcome are called; None: their columns.
    language : ``zh``, ``en``, None for the user's.

    Examples
    --------
    ``5 minutes more of waiting go with 2.1 less satisfaction (1.8 to 2.4).``
    ``等候每多 5 分钟，满意度低 2.1（1.8 至 2.4）。``
    """
    low, high = sorted((step * driver.effect_low, step * driver.effect_high))
    change = step * driver.effect
    if low <= 0.0 <= high:
        text = translate(
            "No clear association of {driver} with {outcome}: {low} to {high} for {step}{unit} more.", language
        )
    elif change > 0:
        text = translate("{step}{unit} more of {driver} go with {change} more {outcome} ({low} to {high}).", language)
    else:
        low, high, change = -high, -low, -change
        text = translate("{step}{unit} more of {driver} go with {change} less {outcome} ({low} to {high}).", language)
    return text.format(
        driver=label or driver.name,
        outcome=outcome or found.outcome,
        step=f"{step:g}",
        unit=f" {unit}" if unit.isascii() and unit else unit,
        change=f"{change:.2g}",
        low=f"{low:.2g}",
        high=f"{high:.2g}",
    )
