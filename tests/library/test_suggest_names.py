"""Names of columns: what banks call things, in Chinese, English and pinyin initials."""

from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from zhiyin.lake.suggest.names import name_score, squeezed, stem, tokens
from zhiyin.tables import BASE_TABLES, TABLES, Table, table


def best(name: str, in_table: str) -> str:
    declared = table(in_table)
    return max(declared.columns, key=lambda column: name_score(name, declared, column)).name


@pytest.mark.parametrize(
    ("name", "in_table", "column"),
    [
        ("流水号", "responses", "response_id"),
        ("流水号", "transactions", "transaction_id"),
        ("核心客户号", "responses", "customer_id"),
        ("KHH", "responses", "customer_id"),
        ("机构号", "responses", "unit_id"),
        ("工号", "responses", "staff_id"),
        ("按键", "responses", "value"),
        ("评价时间", "responses", "answered_us"),
        ("渠道", "responses", "channel"),
        ("投诉时间", "requests", "received_us"),
        ("客户投诉时间", "requests", "received_us"),
        ("办结时间", "requests", "closed_us"),
        ("交易金额(元)", "transactions", "amount_cents"),
        ("借贷标志", "transactions", "direction"),
        ("TXN_AMT", "transactions", "amount_cents"),
        ("Customer ID", "transactions", "customer_id"),
        ("customerId", "contacts", "customer_id"),
        ("BranchID", "responses", "unit_id"),
        ("Case Number", "requests", "request_id"),
        ("Date Closed", "requests", "closed_us"),
        ("上级机构号", "units", "parent_id"),
        ("性别", "customers", "gender"),
    ],
)
def test_column_is_found_by_what_banks_call_it(name: str, in_table: str, column: str) -> None:
    assert best(name, in_table) == column


@pytest.mark.parametrize("declared", BASE_TABLES, ids=lambda declared: declared.name)
def test_own_names_score_highest(declared: Table) -> None:
    for column in declared.columns:
        assert name_score(column.name, declared, column) == 1.0
        assert best(column.name, declared.name) == column.name


@pytest.mark.parametrize("name", ["", "  ", "(元)", "???", "x", "备查标志一"])
def test_names_that_say_nothing_score_low(name: str) -> None:
    responses = table("responses")
    assert all(name_score(name, responses, column) < 0.45 for column in responses.columns)


def test_names_are_compared_without_case_marks_and_brackets() -> None:
    assert tokens("TxnAmt(RMB)") == ("txn", "amt")
    assert squeezed("Customer_No.") == squeezed("customer no")
    assert stem("网点编号") == "网点"
    assert stem("branch_code") == stem("Branch")


def test_synonyms_name_columns_that_exist() -> None:
    text = (resources.files("zhiyin.lake.suggest") / "synonyms.toml").read_text(encoding="utf-8")
    every = {name for declared in TABLES.values() for name in declared.column_names}
    for section, columns in tomllib.loads(text).items():
        known = every if section == "any" else set(table(section).column_names)
        assert set(columns) <= known, section
