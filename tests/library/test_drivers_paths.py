"""A path model through the engine gives the published index of a Spanish bank."""

from __future__ import annotations

import ibis
import numpy as np
import pyarrow as pa
import pytest
from published_numbers import numbers, published_rows

from zhiyin.drivers import path_model, questionnaire
from zhiyin.drivers.asked import NothingLeft, UnknownColumn
from zhiyin.engine import DuckEngine
from zhiyin.maths.pls_model import Block, PathModel

COUNTS = {"imag": 5, "expe": 5, "qual": 5, "val": 4, "sat": 4, "loy": 4}
ARROWS = "imag-expe imag-sat imag-loy expe-qual expe-val expe-sat qual-val qual-sat val-sat sat-loy"
MODEL = PathModel(
    tuple(Block(name, tuple(f"{name}{k}" for k in range(1, count + 1))) for name, count in COUNTS.items()),
    tuple((arrow.split("-")[0], arrow.split("-")[1]) for arrow in ARROWS.split()),
)


def responses() -> ibis.expr.types.Table:
    """The survey as declared responses: one row an answer."""
    values = numbers(published_rows("plspm_satisfaction/satisfaction.csv"), *MODEL.items).astype(np.int16)
    people = np.repeat(np.arange(250), len(MODEL.items))
    return ibis.memtable(
        pa.table(
            {
                "response_id": [f"r{person:03d}" for person in people],
                "customer_id": [f"c{person:03d}" for person in people],
                "unit_id": ["u"] * len(people),
                "question": list(MODEL.items) * 250,
                "value": values.ravel(),
            }
        )
    )


def test_path_model_gives_the_index_and_the_fit_of_the_published_survey() -> None:
    engine = DuckEngine(threads=1)
    found = engine.compute(path_model(questionnaire(responses(), MODEL.items), MODEL, seed=1))
    engine.close()
    index = dict(zip(MODEL.latents, found.index.estimate.round(2).tolist(), strict=True))
    assert index == {"imag": 71.55, "expe": 71.97, "qual": 66.04, "val": 66.97, "sat": 65.11, "loy": 68.32}
    assert found.fit.goodness_of_fit == pytest.approx(0.609741624338411, abs=1e-7)
    sat = MODEL.latents.index("sat")
    assert found.index.high[sat] - found.index.low[sat] == pytest.approx(4.8, abs=0.8)


def test_path_model_names_what_is_missing() -> None:
    table = questionnaire(responses(), MODEL.items)
    with pytest.raises(UnknownColumn, match="Did you mean"):
        path_model(table.drop("sat4"), MODEL)
    engine = DuckEngine(threads=1)
    with pytest.raises(NothingLeft):
        engine.compute(path_model(table.filter(table.sat1 < 0), MODEL))
    engine.close()
