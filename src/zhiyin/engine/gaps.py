"""What an engine cannot do, as data: tests expect exactly this error, and tell when it is gone.

``notimpl`` (Ibis could), ``notyet`` (the engine may some day), ``never`` (it is against its nature).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that one engine cannot do."""

    engine: str
    feature: str
    kind: Literal["notimpl", "notyet", "never"]
    error: str
    reason: str


GAPS: Final = (
    Gap(
        "spark",
        "asof_join",
        "notimpl",
        "UnsupportedOperationError",
        "Ibis has no as-of join for Spark; steps carry their predecessor, so none is needed",
    ),
    Gap(
        "spark",
        "mode",
        "notimpl",
        "OperationNotDefinedError",
        "Ibis has no mode for Spark; rank the counts instead",
    ),
)
"""Every gap that has been met."""


def gap(engine: str, feature: str) -> Gap | None:
    """The gap of that engine and feature, if there is one."""
    return next((known for known in GAPS if (known.engine, known.feature) == (engine, feature)), None)
