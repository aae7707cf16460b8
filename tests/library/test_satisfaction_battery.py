"""What every measure must withstand: no rows, one row, gaps, unknown words, any order, and a second engine."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from answer_rows import answers, at, bind, invitations, numbered, rows_of, services

from zhiyin.engine import DuckEngine, Engine, Query, described
from zhiyin.satisfaction import (
    box,
    ces,
    csat,
    dissatisfied_rate,
    mean_score,
    nps,
    response_rate,
    solicitation_rate,
)
from zhiyin.tables import table
from zhiyin.tables.figures import FigureTable

Tables = dict[str, pa.Table]
RESPONSES, INTERACTIONS, INVITATIONS = (described(table(name)) for name in ("responses", "interactions", "invitations"))
KEYS = {"responses": "response_id", "interactions": "interaction_id", "invitations": "invitation_id"}

MEASURES: dict[str, Callable[..., Query[FigureTable]]] = {
    "nps": lambda **options: nps(RESPONSES, **options),
    "csat": lambda **options: csat(RESPONSES, question="overall", **options),
    "csat exact": lambda **options: csat(RESPONSES, question="overall", interval="exact", **options),
    "ces": lambda **options: ces(RESPONSES, question="effort", **options),
    "top box": lambda **options: box(RESPONSES, "top", question="overall", **options),
    "middle box": lambda **options: box(RESPONSES, "middle", question="overall", **options),
    "bottom box": lambda **options: box(RESPONSES, "bottom", question="overall", **options),
    "mean": lambda **options: mean_score(RESPONSES, question="overall", **options),
    "mean of all": lambda **options: mean_score(RESPONSES, combine=True, **options),
    "dissatisfied": lambda **options: dissatisfied_rate(RESPONSES, INTERACTIONS, question="overall", **options),
    "solicitation": lambda **options: solicitation_rate(INTERACTIONS, INVITATIONS, **options),
    "response": lambda **options: response_rate(INVITATIONS, RESPONSES, **options),
}
QUESTIONS = (("overall", "points5", 1, 5), ("effort", "points7", 1, 7), ("recommend", "points11", 0, 10))


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """The default engine."""
    with DuckEngine(threads=1) as engine:
        yield engine


@pytest.fixture(params=["duckdb", pytest.param("spark", marks=[pytest.mark.spark, pytest.mark.slow])])
def any_engine(request: pytest.FixtureRequest) -> Engine:
    """Every engine in turn."""
    found: Engine = request.getfixturevalue({"duckdb": "engine", "spark": "spark"}[request.param])
    return found


@pytest.fixture(params=MEASURES)
def measure(request: pytest.FixtureRequest) -> Callable[..., Query[FigureTable]]:
    """Every measure in turn."""
    return MEASURES[request.param]


def a_bank() -> Tables:
    """A copy of the small bank that the tests look at."""
    return dict(_made_bank())


@cache
def _made_bank() -> Tables:
    """400 services, half of them with an invitation, and answers of 150 customers to three questions."""
    generator = np.random.default_rng(1)
    channels, units = ["mobile", "branch", "phone", None], ["u1", "u2", None]
    places = [
        {
            "channel": channels[generator.integers(4)],
            "unit_id": units[generator.integers(3)],
            "customer_id": [f"c{generator.integers(150)}", None][int(generator.random() < 0.05)],
        }
        for _ in range(400)
    ]
    times = [at("2026-01-01 00:00") + int(t) * 1_000_000 for t in generator.integers(0, 120 * 86_400, 400)]
    served = numbered(
        [services(1, **place, started_us=time)[0] for place, time in zip(places, times, strict=True)], "interaction_id"
    )
    asked = numbered(
        [
            invitations(
                1,
                **place,
                sent_us=time,
                interaction_id=row["interaction_id"],
                outcome=["answered", "silent", None][n % 3],
            )[0]
            for n, (place, time, row) in enumerate(zip(places, times, served, strict=True))
            if n % 2
        ],
        "invitation_id",
    )
    said = [
        row
        for n, (place, time) in enumerate(zip(places, times, strict=True))
        for question, scale, low, high in QUESTIONS
        for row in answers(
            [None if generator.random() < 0.03 else int(max(low, high - generator.poisson(1.2)))],
            question=question,
            scale=scale,
            response_id=f"r{n}",
            answered_us=time + 60_000_000,
            is_sampled=[True, None, False][int(generator.choice(3, p=[0.5, 0.4, 0.1]))],
            **place,
        )
    ]
    return {
        name: rows_of(name, rows)
        for name, rows in (("responses", said), ("interactions", served), ("invitations", asked))
    }


def computed(engine: Engine, folder: Path, query: Query[FigureTable], tables: Tables) -> FigureTable:
    bind(engine, folder, **tables)
    return engine.compute(query)


def test_an_empty_table_gives_no_figures(any_engine: Engine, measure, tmp_path: Path):
    tables = {name: rows_of(name, []) for name in KEYS}
    found = computed(any_engine, tmp_path, measure(by="channel", period="month"), tables)
    assert (found.figures, found.left_out) == ((), ())


def test_tables_without_files_give_no_figures(engine: Engine, measure):
    for name in KEYS:
        engine.bind(table(name), [])
    assert engine.compute(measure()).figures == ()


def test_one_row_gives_one_wide_figure(engine: Engine, measure, tmp_path: Path):
    tables = {
        "responses": answers([5], channel="mobile", question="overall")
        + answers([7], scale="points7", question="effort", channel="mobile")
        + answers([10], scale="points11", question="recommend", channel="mobile"),
        "interactions": services(1, channel="mobile"),
        "invitations": invitations(1, channel="mobile"),
    }
    made = {name: rows_of(name, numbered(rows, KEYS[name])) for name, rows in tables.items()}
    figure = computed(engine, tmp_path, measure(minimum=1), made).figures[0]
    assert figure.n == (3 if figure.customers == 3 else 1)
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low < figure.high
    assert computed(engine, tmp_path, measure(), made).figures[0].suppressed == "few"


def test_groups_not_stated_and_unknown_words_are_groups_too(engine: Engine, measure, tmp_path: Path):
    bank = a_bank()
    for name in KEYS:
        place = bank[name].schema.get_field_index("channel")
        words = ["zeppelin" if word == "phone" else word for word in bank[name]["channel"].to_pylist()]
        bank[name] = bank[name].set_column(place, "channel", pa.array(words, pa.string()))
    found = computed(engine, tmp_path, measure(by="channel", minimum=1), bank)
    assert {dict(figure.group)["channel"] for figure in found.groups} == {"mobile", "branch", "zeppelin", None}


def test_values_not_stated_change_no_figure(engine: Engine, tmp_path: Path):
    bank = a_bank()
    stated = {**bank, "responses": bank["responses"].filter(pc.is_valid(bank["responses"]["value"]))}
    for name in ("csat", "mean", "nps"):
        whole, part = (computed(engine, tmp_path, MEASURES[name](by="channel"), rows) for rows in (bank, stated))
        assert whole.figures == part.figures
        assert dict(whole.left_out)["no_value"] > 0


def test_order_of_rows_changes_nothing(engine: Engine, measure, tmp_path: Path):
    bank = a_bank()
    generator = np.random.default_rng(2)
    shuffled = {name: rows.take(generator.permutation(rows.num_rows)) for name, rows in bank.items()}
    query = measure(by=("channel", "unit_id"), period="month", minimum=3)
    assert computed(engine, tmp_path, query, bank) == computed(engine, tmp_path, query, shuffled)


def test_order_of_columns_changes_nothing(engine: Engine, measure, tmp_path: Path):
    bank = a_bank()
    turned = {name: rows.select(rows.column_names[::-1]) for name, rows in bank.items()}
    query = measure(by="channel", minimum=3)
    assert computed(engine, tmp_path, query, bank) == computed(engine, tmp_path, query, turned)


def test_order_of_groups_asked_for_changes_no_number(engine: Engine, measure, tmp_path: Path):
    bank = a_bank()
    forth, back = (
        computed(engine, tmp_path, measure(by=by, minimum=1), bank)
        for by in (("channel", "unit_id"), ("unit_id", "channel"))
    )
    assert {(frozenset(f.group), f.value, f.low, f.high, f.n, f.customers) for f in forth} == {
        (frozenset(f.group), f.value, f.low, f.high, f.n, f.customers) for f in back
    }


def test_the_input_is_left_alone(engine: Engine, measure, tmp_path: Path):
    bank = a_bank()
    before = {name: rows.to_pylist() for name, rows in bank.items()}
    computed(engine, tmp_path, measure(by="channel"), bank)
    assert {name: rows.to_pylist() for name, rows in bank.items()} == before


def test_results_survive_pickling(engine: Engine, measure, tmp_path: Path):
    query = measure(by="channel", period="quarter")
    found = computed(engine, tmp_path, query, a_bank())
    assert pickle.loads(pickle.dumps(found)) == found
    assert pickle.loads(pickle.dumps(query.finish))(engine.run(query.expression)) == found


def test_what_comes_back_is_small(engine: Engine, measure, tmp_path: Path):
    bind(engine, tmp_path, **a_bank())
    result = engine.run(measure(by="channel").expression)
    assert result.num_rows < 200
    assert not {"customer_id", "response_id", "comment", "interaction_id"} & set(result.column_names)


def test_figures_lie_within_their_range(engine: Engine, measure, tmp_path: Path):
    found = computed(engine, tmp_path, measure(by=("channel", "unit_id"), period="month", minimum=1), a_bank())
    lowest, highest = {"points": (-100, 100), "share": (0, 1), "per 10,000": (0, float("inf"))}[found[0].unit]
    for figure in found:
        assert figure.value is not None
        assert figure.low is not None
        assert figure.high is not None
        assert lowest - 1e-9 <= figure.low <= figure.value + 1e-9
        assert figure.value - 1e-9 <= figure.high <= highest + 1e-9


def test_groups_add_up_to_the_total(engine: Engine, measure, tmp_path: Path):
    found = computed(engine, tmp_path, measure(by=("channel", "unit_id"), minimum=1), a_bank())
    total = found.totals[0]
    for margin in (found.groups, found.margin("channel"), found.margin("unit_id")):
        assert sum(figure.n or 0 for figure in margin) == total.n
        assert sum(figure.customers or 0 for figure in margin) >= (total.customers or 0)


@pytest.mark.spark
@pytest.mark.slow
@pytest.mark.parametrize(("name", "zone"), [*((name, "Asia/Shanghai") for name in MEASURES), ("nps", "Europe/London")])
def test_both_engines_give_the_same_figures(spark: Engine, tmp_path: Path, name: str, zone: str):
    query = MEASURES[name](by=("channel", "unit_id"), period="month", minimum=3, time_zone=zone)
    with DuckEngine(threads=1) as duck:
        expected = computed(duck, tmp_path, query, a_bank())
    assert computed(spark, tmp_path, query, a_bank()) == expected
