"""A first mapping for files of the trade: it parses, names its doubts, and loads what the sample promised."""

from __future__ import annotations

import random
import re
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from zhiyin.lake import IngestOptions, LoadResult, Mapping, SourceOptions, create_lake, ingest, read_mapping
from zhiyin.lake.suggest import suggest_mapping
from zhiyin.language import use_language

AT = datetime(2026, 11, 1, tzinfo=UTC)


def suggested(path: Path, *, into: str | None = None, options: SourceOptions | None = None) -> tuple[str, Mapping]:
    """The text in English, and what it means."""
    with use_language("en"):
        text = suggest_mapping(path, into=into, options=options or SourceOptions())
    file = path.with_suffix(".toml")
    file.write_text(text, encoding="utf-8")
    return text, read_mapping(file)


def loaded(path: Path, mapping: Mapping) -> LoadResult:
    lake = create_lake(path.parent / "lake")
    return ingest(lake, path, into=mapping.table, at=AT, mapping=mapping, options=IngestOptions(derive=False))


def doubts(text: str) -> list[str]:
    return [line.removeprefix("# doubt: ") for line in text.splitlines() if line.startswith("# doubt: ")]


def source_of(mapping: Mapping, target: str) -> str | None:
    column = mapping.of(target)
    return None if column is None else column.source


@pytest.fixture
def counter_feed(tmp_path: Path) -> Path:
    """A rating device's nightly file: GB18030, ``|+|``, keys of which 1 is the best."""
    rng = random.Random(1)
    rows = ["流水号|+|机构号|+|工号|+|客户号|+|交易日期|+|交易时间|+|按键|+|评价时间|+|渠道|+|客户姓名|+|手机号"]
    for n in range(300):
        clock = f"{rng.randint(8, 17):02d}{rng.randint(0, 59):02d}{rng.randint(0, 59):02d}"
        day = f"202603{rng.randint(1, 28):02d}"
        key = rng.choices([1, 2, 3, 4], [90, 7, 2, 1])[0]
        cells = [f"PJ{n:08d}", f"01{rng.randint(1, 40):03d}", f"E{rng.randint(1, 200):05d}", f"C{n % 90:08d}"]
        cells += [day, clock, str(key), day + clock, rng.choice(["柜面", "智能柜台", "ZZ9"]), "张小明", "13800138000"]
        rows.append("|+|".join(cells))
    path = tmp_path / "PJQ_20260301.txt"
    path.write_bytes("\r\n".join(rows).encode("gb18030"))
    return path


def test_counter_feed_becomes_responses(counter_feed: Path) -> None:
    text, mapping = suggested(counter_feed)
    assert (mapping.table, mapping.feed) == ("responses", "PJQ")
    assert dict(mapping.source) == {"delimiter": "|+|", "encoding": "gb18030"}
    found = {
        target: source_of(mapping, target) for target in ("response_id", "unit_id", "staff_id", "customer_id", "value")
    }
    assert found == {
        "response_id": "流水号",
        "unit_id": "机构号",
        "staff_id": "工号",
        "customer_id": "客户号",
        "value": "按键",
    }
    answered = mapping.of("answered_us")
    assert answered is not None
    assert (answered.source, answered.format) == ("评价时间", ("%Y%m%d%H%M%S",))
    assert "Tried on the first 300 rows: 300 would be kept, 0 kept apart." in text


def test_keypad_of_which_one_is_the_best_is_turned_and_marked(counter_feed: Path) -> None:
    text, mapping = suggested(counter_feed)
    value = mapping.of("value")
    assert value is not None
    assert dict(value.values) == {"1": 4, "2": 3, "3": 2, "4": 1}
    assert [doubt for doubt in doubts(text) if "keypads" in doubt]


def test_codes_nobody_knows_are_left_to_the_user(counter_feed: Path) -> None:
    text, mapping = suggested(counter_feed)
    channel = mapping.of("channel")
    assert channel is not None
    assert dict(channel.values) == {"柜面": "branch", "智能柜台": "self_service"}
    assert channel.otherwise == "keep"
    assert re.search(r'^#   "ZZ9" = ""    # \d+ rows$', text, re.MULTILINE)


def test_personal_columns_are_named_and_dropped(counter_feed: Path) -> None:
    _, mapping = suggested(counter_feed)
    assert (mapping.names, mapping.drop) == (("客户姓名",), ("手机号",))


def test_suggestion_loads_as_the_trial_said(counter_feed: Path) -> None:
    _, mapping = suggested(counter_feed)
    result = loaded(counter_feed, mapping)
    assert (result.load.rows_in, result.load.rows_apart) == (300, 0)


def test_doubts_are_written_in_the_users_language(counter_feed: Path) -> None:
    with use_language("zh"):
        text = suggest_mapping(counter_feed, into=None, options=SourceOptions())
    assert [line for line in text.splitlines() if line.startswith("# 存疑：")]
    assert "# doubt:" not in text


def test_day_and_clock_in_two_columns_are_joined(tmp_path: Path) -> None:
    rows = ["TXN_ID,CUST_NO,TXN_DT,TXN_TM,TXN_AMT,CCY,CHNL_CD,ORG_NO,DC_FLAG"]
    rows += [
        f"{10**11 + n},C{n % 30},202603{n % 28 + 1:02d},{n % 24:02d}:{n % 60:02d}:00,{n}.50,CNY,MB,0101,{'CD'[n % 2]}"
        for n in range(60)
    ]
    path = tmp_path / "core.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    text, mapping = suggested(path)
    occurred, direction = mapping.of("occurred_us"), mapping.of("direction")
    assert mapping.table == "transactions"
    assert occurred is not None
    assert (occurred.join, occurred.separator, occurred.format) == (("TXN_DT", "TXN_TM"), " ", ("%Y%m%d %H:%M:%S",))
    assert direction is not None
    assert dict(direction.values) == {"C": "in", "D": "out"}
    assert [doubt for doubt in doubts(text) if "different things" in doubt]
    assert "#   CCY" in text
    assert loaded(path, mapping).load.rows_apart == 0


def test_ambiguous_dates_and_unknown_types_are_doubts(tmp_path: Path) -> None:
    rows = ["工单编号,工单类型,投诉时间,办结时间,投诉内容,责任机构,投诉原因,补偿金额,是否超期"]
    rows += [
        f"TS{n:05d},{'投诉' if n % 3 else '其他类'},{n % 6 + 1}/{n % 5 + 1}/2026 09:05,2026年12月{n % 28 + 1}日,"
        f'"我在网点办理业务，等了两个小时，没人理。",0101,因定价收费引起,"1,{n:03d}.00",{"是" if n % 2 else "否"}'
        for n in range(60)
    ]
    path = tmp_path / "投诉台账2026.csv"
    path.write_text("\n".join(rows), encoding="utf-8")
    text, mapping = suggested(path)
    assert (mapping.table, mapping.feed) == ("requests", "投诉台账")
    found = " ".join(doubts(text))
    assert "Read as %m/%d/%Y %H:%M; or is it %d/%m/%Y %H:%M?" in found
    assert "values without a known meaning: 1" in found
    assert "asks the opposite question" in found
    money, timely = mapping.of("redress_cents"), mapping.of("is_timely")
    assert money is not None
    assert money.thousands == ","
    assert timely is not None
    assert dict(timely.values) == {"否": True, "是": False}
    assert "Tried on the first 60 rows: 40 would be kept, 20 kept apart." in text
    assert loaded(path, mapping).load.rows_apart == 20


def test_another_column_of_the_file_decides_the_order_of_day_and_month(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    rows = ["Case Number,Date Received,Date Closed,Description"]
    rows += [
        f"K{n},0{n % 9 + 1}/02/2026,{n % 15 + 13}/03/2026,They closed my account without a word of notice."
        for n in range(30)
    ]
    path.write_text("\n".join(rows), encoding="utf-8")
    _, mapping = suggested(path, into="requests")
    received, closed = mapping.of("received_us"), mapping.of("closed_us")
    assert received is not None
    assert closed is not None
    assert (received.format, closed.format) == (("%d/%m/%Y",), ("%d/%m/%Y",))


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    """A vendor's workbook: codes in the first row, labels in the second, 98 and 99 for no answer."""
    rng = random.Random(2)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["RespID", "Branch", "Name", "Phone", "Date", "Q1", "Q2", "Q3", "Q4", "Q5", "Q6"])
    sheet.append(
        [
            "样本编号",
            "网点编号",
            "姓名",
            "电话",
            "访问日期",
            "网点整体是否满意",
            "等候时间是否满意",
            "有多大可能推荐本行",
            "最常用哪个渠道",
            "不满意的原因",
            "总体评价",
        ]
    )
    for n in range(200):
        known = [f"R{n:04d}", f"B{n % 12:02d}", "李四", "13900139000", f"2026-03-{n % 28 + 1:02d}"]
        scores = [rng.choice([*range(1, 11), 98, 99]), rng.choice([*range(1, 11), 99]), rng.choice(range(11))]
        words = [rng.choice(["手机银行", "网点"]), rng.choice([None, "等候太久，窗口太少。"])]
        sheet.append([*known, *scores, *words, rng.choice(["非常满意", "满意", "一般", "不满意", "非常不满意"])])
    path = tmp_path / "vendor_2026Q1.xlsx"
    book.save(path)
    return path


def test_workbook_of_a_survey_becomes_one_answer_a_row(workbook: Path) -> None:
    text, mapping = suggested(workbook)
    assert (mapping.table, mapping.feed, mapping.question) == ("responses", "vendor", "question")
    groups = [(group.sources, group.into, dict(group.constants)["scale"]) for group in mapping.wide]
    assert groups == [
        (("Q1", "Q2"), "value", "points10"),
        (("Q3",), "value", "points11"),
        (("Q4",), "choice", "choice"),
        (("Q5",), "comment", "text"),
        (("Q6",), "value", "points5"),
    ]
    assert dict(mapping.source) == {"label_row": 2}
    assert set(mapping.wide[0].missing) == {"98", "99"}
    assert dict(mapping.wide[4].values)["非常满意"] == 5
    assert "# Q1 网点整体是否满意 (1–10, n = " in text
    assert (mapping.names, mapping.drop) == (("Name",), ("Phone",))
    result = loaded(workbook, mapping)
    assert result.load.rows_apart == 0


def test_file_without_a_key_says_so(tmp_path: Path) -> None:
    path = tmp_path / "ratings.csv"
    path.write_text(
        "评分,意见\n" + "\n".join(f"{n % 5 + 1},柜员很耐心，办得很快。" for n in range(30)), encoding="utf-8"
    )
    text, mapping = suggested(path, into="responses")
    key = mapping.of("response_id")
    assert key is not None
    assert key.join == ("__row",)
    assert [doubt for doubt in doubts(text) if "the row's number stands for it" in doubt]
    assert loaded(path, mapping).load.rows_kept == 30


def test_required_column_that_is_nowhere_is_named(tmp_path: Path) -> None:
    path = tmp_path / "transactions.csv"
    path.write_text("交易流水号,金额\n1,5.00\n2,7.00\n", encoding="utf-8")
    text, mapping = suggested(path, into="transactions")
    assert mapping.of("customer_id") is None
    found = [doubt for doubt in doubts(text) if "must be filled" in doubt]
    assert len(found) == 2


def test_hostile_names_and_values_cannot_leave_their_comment(tmp_path: Path) -> None:
    name = 'Q1" ]\n[columns.comment]\nvalue = "x'
    path = tmp_path / "a#b\u2028.csv"
    quoted = '"' + name.replace('"', '""') + '"'
    body = "\n".join(f'R{n},{n % 5 + 1},"{chr(7)}x\ny"' for n in range(30))
    path.write_text(f"RespID,{quoted},渠道\n{body}\n", encoding="utf-8")
    _, mapping = suggested(path, into="responses", options=SourceOptions(delimiter=",", quote='"'))
    assert mapping.of("comment") is None
    assert source_of(mapping, "response_id") == "RespID"


def test_file_with_a_heading_only_gives_a_draft(tmp_path: Path) -> None:
    path = tmp_path / "评价器.csv"
    path.write_text("流水号,机构号,按键,评价时间\n", encoding="utf-8")
    text, mapping = suggested(path)
    assert mapping.table == "responses"
    assert source_of(mapping, "response_id") == "流水号"
    assert [doubt for doubt in doubts(text) if "no rows" in doubt]


def test_identity_numbers_under_an_innocent_name_are_not_stored(tmp_path: Path) -> None:
    path = tmp_path / "评价.csv"
    rows = "\n".join(
        f"P{n},{n % 5 + 1},1101011990030788{n % 2}{'7X'[n % 2]},2026-03-01 08:00:00"[:60] for n in range(30)
    )
    numbers = ["11010519491231002X", "440524188001010014"]
    rows = "\n".join(f"P{n},{n % 5 + 1},{numbers[n % 2]},2026-03-01 08:00:00" for n in range(30))
    path.write_text("评价编号,评分,客户号,评价时间\n" + rows, encoding="utf-8")
    text, mapping = suggested(path)
    assert mapping.drop == ("客户号",)
    assert mapping.of("customer_id") is None
    assert [doubt for doubt in doubts(text) if "pseudonym" in doubt]


def test_file_without_a_heading_gets_names_to_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "feed.txt"
    path.write_text("\n".join(f"P{n}|{n % 5 + 1}|2026-03-01 08:00:0{n % 10}" for n in range(30)), encoding="utf-8")
    _, mapping = suggested(path, into="responses")
    names = ["column_1", "column_2", "column_3"]
    assert dict(mapping.source) == {"delimiter": "|", "header": False, "names": names}
    assert source_of(mapping, "response_id") == "column_1"
    assert source_of(mapping, "answered_us") == "column_3"
    assert loaded(path, mapping).load.rows_kept == 30


def test_options_of_the_caller_are_written_down(tmp_path: Path) -> None:
    path = tmp_path / "feed.txt"
    path.write_text("\n".join(f"P{n}|{n % 5 + 1}" for n in range(30)), encoding="utf-8")
    options = SourceOptions(header=False, names=("评价编号", "评分"), delimiter="|")
    _, mapping = suggested(path, into="responses", options=options)
    assert dict(mapping.source) == {"delimiter": "|", "header": False, "names": ["评价编号", "评分"]}
    assert loaded(path, mapping).load.rows_kept == 30
