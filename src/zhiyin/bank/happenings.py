"""Events that bear on satisfaction: releases, outages, the roll-out of the change, and the history of units."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from zhiyin.bank.columns import write_rows
from zhiyin.bank.days import DAY_US, SECOND_US
from zhiyin.bank.plan import Plan
from zhiyin.bank.walk import RECORDED_EVERY_US
from zhiyin.tables import table


@dataclass(frozen=True, slots=True)
class _Event:
    at: int
    kind: str
    note: str
    unit: str | None = None
    line: str | None = None
    touchpoint: str | None = None
    subject: str | None = None


def write_events(plan: Plan, path: Path) -> int:
    """Write the events of the whole period; returns the number of rows."""
    events = sorted(
        [*_digital(plan), *_rollout(plan), *_units(plan), *_campaigns(plan)], key=lambda e: (e.at, e.kind, e.unit or "")
    )
    events = [event for event in events if event.at + RECORDED_EVERY_US < plan.days.until_us]

    def text(values: list[str | None]) -> pa.Array:
        return pa.array(values, pa.string())

    return write_rows(
        path,
        table("events"),
        {
            "event_id": text([f"B{number:08d}" for number in range(len(events))]),
            "kind": text([event.kind for event in events]),
            "subject_kind": text(["units" if event.unit else None for event in events]),
            "subject_id": text([event.unit for event in events]),
            "unit_id": text([event.unit for event in events]),
            "line_id": text([event.line for event in events]),
            "touchpoint": text([event.touchpoint for event in events]),
            "occurred_us": pa.array([event.at for event in events], pa.int64()),
            "note": text([event.note for event in events]),
            "recorded_us": pa.array([event.at + 300 * SECOND_US for event in events], pa.int64()),
        },
        first_seq=1,
    )


def _digital(plan: Plan) -> list[_Event]:
    unit = plan.bank.unit_ids[plan.bank.departments["digital"]]
    events = [
        _Event(at, "release", f"手机银行 {version} 投产", unit, "digital", "T20") for at, version in plan.days.releases
    ]
    for outage in plan.days.outages:
        minutes = (outage.ends_us - outage.starts_us) // (60 * SECOND_US)
        events.append(
            _Event(
                outage.starts_us,
                "outage_started",
                f"手机银行 {outage.version} 投产后故障，登录与转账失败",
                unit,
                "digital",
                "T31",
            )
        )
        events.append(
            _Event(outage.ends_us, "outage_ended", f"手机银行恢复，历时 {minutes} 分钟", unit, "digital", "T31")
        )
    return events


def _rollout(plan: Plan) -> list[_Event]:
    events = []
    for unit, (wave, month) in enumerate(zip(plan.change.wave.tolist(), plan.change.month.tolist(), strict=True)):
        if wave and month < plan.days.months:
            note = f"预填单上线（第 {wave} 批）"
            events.append(
                _Event(
                    int(plan.change.from_us[unit]),
                    "process_change",
                    note,
                    plan.bank.unit_ids[unit],
                    "operations",
                    "T05",
                )
            )
    return events


def _units(plan: Plan) -> list[_Event]:
    bank, days = plan.bank, plan.days

    def at(month: int) -> int:
        return days.base_us + int(days.month_starts[month]) * DAY_US

    first_names = {row.unit_id: row.name for row in reversed(bank.rows)}
    events = [
        _Event(at(opens), "unit_opened", f"新设{first_names[bank.unit_ids[unit]]}", bank.unit_ids[unit])
        for unit, opens in enumerate(bank.opens)
        if opens
    ]
    for unit, heir in bank.heir.items():
        events.append(
            _Event(at(bank.closes[unit]), "unit_merged", f"并入机构 {bank.unit_ids[heir]}", bank.unit_ids[unit])
        )
    names: dict[str, list[str]] = {}
    for row in sorted(bank.rows, key=lambda row: row.valid_from):
        names.setdefault(row.unit_id, []).append(row.name)
        if len(names[row.unit_id]) > 1:
            month = next(m for m in range(days.months) if days.month_first(m) == row.valid_from)
            events.append(_Event(at(month), "unit_renamed", f"{names[row.unit_id][-2]}更名为{row.name}", row.unit_id))
    return events


def _campaigns(plan: Plan) -> list[_Event]:
    events = []
    for month in range(plan.days.months):
        first = plan.days.month_first(month)
        at = plan.days.base_us + int(plan.days.month_starts[month]) * DAY_US
        if first.month == 1:
            events.append(_Event(at, "campaign_started", "开门红启动", None, "retail"))
            events.append(_Event(at, "repricing", "房贷利率重定价日", None, "lending"))
        if first.month == 3:
            events.append(_Event(at + 14 * DAY_US, "education_day", "3·15 消费者权益保护日", None, "service"))
        if first.month == 9:
            events.append(_Event(at, "education_month", "金融教育宣传月", None, "service"))
    return events
