"""Parameters of the invented bank say how sure they are, and name only what the vocabularies know."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest

from zhiyin.bank.complaints import joint_shares
from zhiyin.bank.journeys import CHANNELS, ENDING, JOURNEYS, OUTCOMES, TOUCHPOINTS, make_network, read_token
from zhiyin.bank.listening import modes
from zhiyin.bank.parameters import load_parameters
from zhiyin.bank.people import STAGES, TIERS
from zhiyin.bank.requests import businesses, causes
from zhiyin.bank.staffing import ROLES
from zhiyin.tables import Certainty, vocabulary

FILES = sorted(
    file.name.removesuffix(".toml") for file in files("zhiyin.bank.parameters").iterdir() if file.name.endswith(".toml")
)
DATA = {"departments", "journeys", "modes", "products", "steps", "instruments", "business", "rules", "topics", "causes"}
"""Blocks covered by the [about] block, or the head, of their file."""


def blocks(name: str) -> list[dict[str, Any]]:
    """The blocks of a file that must say how sure they are."""
    found: list[dict[str, Any]] = []
    file = load_parameters(name)
    if "confidence" in file:
        return [file]
    for key, value in file.items():
        if isinstance(value, list):
            found += [] if key in DATA else value
        elif "confidence" in value or key not in {*DATA, "clocks", "seasons", "seats"}:
            found.append(value)
        elif key in {"clocks", "seasons", "seats"}:
            found += value.values()
    return found


@pytest.mark.parametrize("name", FILES)
def test_parameters_say_how_sure_they_are_and_why(name: str) -> None:
    assert blocks(name)
    for block in blocks(name):
        assert block["confidence"] in {certainty.value for certainty in Certainty}
        assert block["source"].strip()


def test_parameters_use_the_codes_of_the_vocabularies() -> None:
    assert set(CHANNELS.names) == set(vocabulary("channels").codes)
    assert set(OUTCOMES.names) | {"unknown"} == set(vocabulary("outcomes").codes)
    assert set(ROLES) <= set(vocabulary("roles").codes)
    assert set(STAGES.names) == set(vocabulary("life_stages").codes)
    assert set(TIERS.names) == set(vocabulary("wealth_tiers").codes)
    assert JOURNEYS.names == vocabulary("journeys").codes
    assert TOUCHPOINTS.names == vocabulary("touchpoints").codes
    assert {mode.code for mode in modes(make_network().steps.codes)} <= set(vocabulary("modes").codes)


def test_parameters_have_all_27_journeys() -> None:
    assert {JOURNEYS.names[journey.code] for journey in make_network().journeys} == set(vocabulary("journeys").codes)


def test_steps_take_about_the_time_that_the_vocabulary_gives_their_touchpoint() -> None:
    norms = {entry.code: entry.range("norm_seconds") for entry in vocabulary("touchpoints")}
    outside = {}
    for name, step in load_parameters("steps")["steps"].items():
        norm = norms[step["touchpoint"]]
        if norm is not None and norm[1] <= 7_200 and not norm[0] / 3 <= step["seconds"] <= norm[1] * 1.5:
            outside[name] = step["touchpoint"]
    # The norm of T35 is the wait for a human, the step is the talk; an assessment is shorter than advice.
    assert outside == {"human": "T35", "risk_assessment_desk": "T12"}


def test_steps_that_end_a_case_do_so_with_an_ending_outcome() -> None:
    assert set(ENDING) <= set(OUTCOMES.names)
    assert (make_network().steps.outcomes[:, -1] > 0.999).all()


def test_token_gives_chance_repeat_and_gap() -> None:
    codes = make_network().steps.codes
    assert read_token("form?.5*.1@2d", codes) == (codes["form"], 0.5, 0.1, 172_800.0)
    with pytest.raises(ValueError, match="names no step"):
        read_token("dance", codes)


def test_complaints_meet_both_published_margins() -> None:
    joint = joint_shares()
    rows = {entry.code: entry.number("share") for entry in vocabulary("complaint_businesses")}
    columns = {entry.code: entry.number("share") for entry in vocabulary("complaint_causes")}
    for name, share in zip(businesses().names, joint.sum(axis=1), strict=True):
        assert share == pytest.approx(rows[name], abs=0.002)
    for name, share in zip(causes().names, joint.sum(axis=0), strict=True):
        assert share == pytest.approx(columns[name] or 0.0012, abs=0.001)
