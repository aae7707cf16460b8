"""What a careless or hostile file must not do: stop the load, leak what it holds, or take other rows with it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from zhiyin.cli import run
from zhiyin.lake import IngestOptions, Lake, create_lake, ingest, open_lake, read_apart, read_mapping
from zhiyin.lake.commit import EmptyDelivery
from zhiyin.lake.landing import NotADay, read_landing_plan, run_landing
from zhiyin.lake.store import LakeDamaged, UnknownZone

AT = datetime(2026, 3, 9, tzinfo=UTC)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return create_lake(tmp_path / "lake")


def load(lake: Lake, text: str, mapping: str | None = None, *, into: str = "requests", name: str = "a.csv", **options):
    folder = lake.folder.parent
    (folder / name).write_text(text, encoding="utf-8")
    said = None
    if mapping is not None:
        (folder / "m.toml").write_text(mapping, encoding="utf-8")
        said = read_mapping(folder / "m.toml")
    return ingest(lake, folder / name, into=into, at=AT, mapping=said, options=IngestOptions(**options)).load


def stored(lake: Lake) -> str:
    """Everything that any file of the lake says, and its names."""
    files = [file for file in lake.folder.rglob("*") if file.is_file()]
    tables = [name for name in ("requests", "responses", "customers") if lake.snapshot().manifest(name).generation]
    with lake.engine() as engine:
        rows = [engine.run(lake.table(name)).to_pylist() for name in tables]
    kept_apart = [read_apart(lake, name).to_pylist() for name in tables]
    raw = b"".join(file.read_bytes() for file in files if file.suffix == ".json").decode()
    return f"{rows}{kept_apart}{raw}{[file.name for file in files]}"


@pytest.mark.parametrize("amount", ["99999999999999999", "9999999999999999900", "1e300", "infinity", "NaN", "-0.001"])
def test_silly_amount_costs_its_row_only(lake, amount):
    head = "transaction_id,customer_id,occurred_us,amount_cents\n"
    done = load(lake, f"{head}T1,C1,2026-03-01,{amount}\nT2,C1,2026-03-01,5\n", into="transactions")
    assert (done.rows_kept, done.rows_apart) == (1, 1)


TIMES = """
table = "events"
[columns.event_id]
from = "id"
[columns.kind]
value = "release"
[columns.occurred_us]
from = "at"
format = "FORMAT"
"""


@pytest.mark.parametrize(
    ("format_", "text"),
    [
        ("iso", "290309-12-22 (BC) 00:00:00"),
        ("iso", "infinity"),
        ("epoch_s", "62220212345678901"),
        ("epoch_ms", "9" * 17),
        ("excel", "infinity"),
        ("excel", "1e300"),
        ("excel", "99999999999999999"),
        ("%Y-%m-%d", "99999-01-01"),
    ],
)
def test_silly_time_costs_its_row_only(lake, format_, text):
    good = {"epoch_s": "1772416800", "epoch_ms": "1772416800000", "excel": "46083.4"}.get(format_, "2026-03-02")
    mapping = TIMES.replace("FORMAT", format_)
    done = load(lake, f"id,at\nE1,{text}\nE2,{good}\n", mapping, into="events")
    assert (done.rows_kept, done.rows_apart) == (1, 1)


@pytest.mark.parametrize("text", ["infinity", "0001-01-01", "-4712-01-01"])
def test_silly_date_is_out_of_range(lake, text):
    load(lake, f"customer_id,opened_on\nC1,{text}\nC2,9999-12-31\n", into="customers")
    assert [row["reason"] in ("out_of_range", "not_a_date") for row in read_apart(lake, "customers").to_pylist()] == [
        True
    ]


SECRETS = ("尉迟恭敬", "S3cretPw", "13912345678", "11010519491231002X")
PRIVATE = """
table = "requests"
[columns.request_id]
from = "id"
[columns.type]
value = "complaint"
[columns.received_us]
from = "at"
[columns.narrative]
from = "text"
[columns.demand]
from = "wish"
[privacy]
names = ["name"]
drop = ["word"]
"""


def test_names_and_passwords_of_rows_that_cannot_be_split_are_not_stored(lake):
    rows = f"1,2026-03-01,等太久,退费,{SECRETS[0]},{SECRETS[1]}\n2,2026-03-01,x,y,{SECRETS[0]},{SECRETS[1]},extra\n"
    done = load(lake, f"id,at,text,wish,name,word\n{rows}", PRIVATE)
    assert (done.rows_kept, done.rows_apart) == (1, 1)
    assert [secret for secret in SECRETS if secret in stored(lake)] == []


def test_numbers_typed_into_a_code_are_masked(lake):
    rows = "".join(f"{i},2026-03-01,x,回电{secret},甲,w\n" for i, secret in enumerate(SECRETS[2:]))
    done = load(lake, f"id,at,text,wish,name,word\n{rows}", PRIVATE)
    assert done.rows_kept == 2
    assert [secret for secret in SECRETS if secret in stored(lake)] == []


def test_number_in_a_file_name_is_masked(lake):
    done = load(lake, "id,at,text,wish,name,word\n1,2026-03-01,x,y,甲,w\n", PRIVATE, name=f"投诉_{SECRETS[3]}.csv")
    assert done.rows_kept == 1
    assert SECRETS[3] not in stored(lake)


@pytest.mark.parametrize(
    "key", ["CUST-11010519491231002X", "１１０１０５１９４９１２３１００２Ｘ", "someone@example.com"]
)
def test_hidden_identifier_in_a_key_is_refused(lake, key):
    load(lake, f"customer_id,kind\n{key},person\nC2,person\n", into="customers")
    assert [row["reason"] for row in read_apart(lake, "customers").to_pylist()] == ["direct_identifier"]
    assert key not in stored(lake)


def test_a_key_column_of_mobile_numbers_is_refused(lake):
    numbers = [f"1{prefix}{i:08d}" for i, prefix in enumerate(("39", "58", "76", "89", "35", "37", "52", "88"))]
    load(lake, "customer_id,kind\n" + "".join(f"{number},person\n" for number in numbers), into="customers")
    assert {row["reason"] for row in read_apart(lake, "customers").to_pylist()} == {"direct_identifier"}
    assert [number for number in numbers if number in stored(lake)] == []


RATED = "response_id,question,instrument,answered_us\n"


def test_restated_day_leaves_rows_without_a_time(lake):
    load(lake, f"{RATED}r1,q,i,2026-03-01\nr2,q,i,\nr3,q,i,2026-03-02\n", into="responses")
    day = date(2026, 3, 1)
    done = load(lake, f"{RATED}r1,q,i,2026-03-01\nr9,q,i,\n", into="responses", name="b.csv", mode="restate", day=day)
    with lake.engine() as engine:
        left = engine.run(lake.table("responses").order_by("response_id"))["response_id"].to_pylist()
    assert left == ["r1", "r2", "r3"]
    assert (done.rows_replaced, done.rows_apart) == (1, 1)


def kinds(lake: Lake) -> dict[str, str]:
    with lake.engine() as engine:
        return {row["customer_id"]: row["kind"] for row in engine.run(lake.table("customers")).to_pylist()}


def test_an_older_file_can_come_back_after_a_correction_or_a_full_delivery(lake):
    first, second = "customer_id,kind\nC1,person\n", "customer_id,kind\nC1,company\n"
    for text in (first, second, first):
        load(lake, text, into="customers", mode="upsert")
    assert kinds(lake) == {"C1": "person"}
    load(lake, "customer_id,kind\nC9,person\n", into="customers", mode="full")
    load(lake, first, into="customers")
    load(lake, "customer_id,kind\nC8,person\n", into="customers", mode="full")
    load(lake, first, into="customers")
    assert kinds(lake) == {"C1": "person", "C8": "person"}


def test_full_delivery_without_a_row_does_not_empty_the_feed(lake):
    load(lake, "customer_id,kind\nC1,person\n", into="customers", mode="full")
    with pytest.raises(EmptyDelivery, match="would remove 1 rows"):
        load(lake, "customer_id,kind\n", into="customers", name="b.csv", mode="full")
    assert kinds(lake) == {"C1": "person"}


def test_odd_day_in_a_file_name_does_not_hold_up_the_others(lake, tmp_path):
    (tmp_path / "plan.toml").write_text(
        '[[feed]]\nname = "x"\npattern = "P_{day}.txt"\ntable = "responses"\nmarker = ""\n', encoding="utf-8"
    )
    (tmp_path / "P_20261399.txt").write_text(f"{RATED}r1,q,i,2026-03-01\n", encoding="utf-8")
    (tmp_path / "P_20260301.txt").write_text(f"{RATED}r2,q,i,2026-03-01\n", encoding="utf-8")
    found = list(run_landing(lake, read_landing_plan(tmp_path / "plan.toml"), at=AT))
    assert sorted(str(type(landed.error).__name__) for landed in found) == ["NoneType", NotADay.__name__]


@pytest.mark.parametrize("file", ["head.json", "lake.json"])
def test_damaged_lake_is_told(lake, file):
    load(lake, "customer_id,kind\nC1,person\n", into="customers")
    (lake.folder / file).write_text("{", encoding="utf-8")
    with pytest.raises(LakeDamaged, match=file):
        open_lake(lake.folder).snapshot()


def test_unknown_zone_makes_no_lake(tmp_path):
    with pytest.raises(UnknownZone, match="Mars/Olympus"):
        create_lake(tmp_path / "other", time_zone="Mars/Olympus")
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_lake_that_is_a_file_is_one_sentence(tmp_path, capsys, language):
    (tmp_path / "lake").write_text("x", encoding="utf-8")
    (tmp_path / "a.csv").write_text("customer_id\nC1\n", encoding="utf-8")
    code = run(
        ["--lang", language, "ingest", str(tmp_path / "a.csv"), "--as", "customers", "--into", str(tmp_path / "lake")]
    )
    assert code == 1
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
