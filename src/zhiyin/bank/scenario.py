"""Ways in which one invented bank differs from another with the same seed."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from zhiyin.bank.parameters import load_parameters
from zhiyin.errors import ZhiyinError


class UnknownScenario(ZhiyinError):
    """A scenario was named that ``parameters/scenarios.toml`` does not have."""

    code = "bank.unknown_scenario"
    message = "There is no scenario {scenario}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is planted in the bank.

    Parameters
    ----------
    name : as in ``parameters/scenarios.toml``, or one of your own.
    change_points : points (0-100) by which pre-filled forms 预填单 raise true satisfaction at the touches concerned.
    change_wait_factor : factor on the median wait in the queue where forms are pre-filled.
    gaming_share : share of front-line staff who game their scores.
    silence_power : exponent on the odds ratios with which unhappy customers answer. 0 makes silence ignorable:
        who answers then depends only on what the bank can see (age, digital use, mode).
    answer_factor : factor on the odds of answering.
    level_shift : points added to everybody's true satisfaction.
    """

    name: str = "default"
    change_points: float
    change_wait_factor: float
    gaming_share: float
    silence_power: float
    answer_factor: float
    level_shift: float


def named_scenario(name: str) -> Scenario:
    """The scenario of that name: the default with the values that the scenario names; ``-`` is read as ``_``.

    Raises
    ------
    UnknownScenario
    """
    known = load_parameters("scenarios")
    name = name.replace("-", "_")
    if name not in known:
        raise UnknownScenario(scenario=name, choices=tuple(known))
    wanted = {field.name for field in fields(Scenario)} - {"name"}
    values = {key: float(value) for key, value in {**known["default"], **known[name]}.items() if key in wanted}
    return Scenario(name=name, **values)


SCENARIOS: Final = tuple(load_parameters("scenarios"))
"""Names of the scenarios that ship with Zhiyin."""
DEFAULT: Final = named_scenario("default")
"""The middle of what practitioners report: some gaming, silence that depends on the answer, a change that helps."""
