"""Expected counts: margins agree, units are taken out."""

from __future__ import annotations

import numpy as np
import pytest

from zhiyin.maths.arrays import TooFew
from zhiyin.maths.expected import expected_events


def test_expected_events_agree_with_the_events_by_unit_and_by_every_level_once_units_are_put_back() -> None:
    generator = np.random.default_rng(1)
    unit, age, desk = (generator.integers(0, size, 400) for size in (20, 4, 3))
    n = generator.integers(50, 400, 400)
    events = generator.poisson(n * 0.02 * (1 + age) * (1 + desk))
    expected = expected_events(unit, [age, desk], n, events)
    assert expected.sum() == pytest.approx(events.sum())
    rate = np.bincount(unit, events) / np.bincount(unit, expected)
    fitted = expected * rate[unit]
    for code in (unit, age, desk):
        assert np.bincount(code, fitted) == pytest.approx(np.bincount(code, events), rel=1e-6)


def test_expected_events_do_not_credit_a_bad_unit_to_the_circumstances_that_are_common_there() -> None:
    n = np.array([900.0, 100.0, 100.0, 900.0])
    unit, old = np.array([0, 0, 1, 1]), np.array([1, 0, 1, 0])
    events = n * 0.01 * np.array([3.0, 3.0, 1.0, 1.0])  # unit 0 is three times worse; age does nothing
    expected = expected_events(unit, [old], n, events)
    assert expected / n == pytest.approx(np.full(4, 0.02), rel=1e-6)


def test_expected_events_without_circumstances_are_the_common_rate() -> None:
    assert expected_events(np.array([0, 1]), [], [100, 300], [4, 4]).tolist() == [2.0, 6.0]
    with pytest.raises(TooFew):
        expected_events(np.array([0, 1]), [], [100, 300], [0, 0])
