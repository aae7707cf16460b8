"""What happened between bank and customer: interactions, contacts, events."""

from __future__ import annotations

from zhiyin.tables.base import Column, Kind, NotBefore, Privacy, Table

K, P = Kind, Privacy

INTERACTIONS = Table(
    "interactions",
    en="One touch in a journey: who, where, through which channel, in which case and step, from when to when, "
    "with what outcome, served by whom.",
    zh="客户旅程中的一次触达：谁、在哪、经何渠道、哪一笔业务的哪一步、起止时间、结果、由谁服务。",
    key=("interaction_id",),
    time="started_us",
    rules=(NotBefore("ended_us", "started_us"),),
    columns=(
        Column("interaction_id", K.KEY, "interaction", "服务记录编号"),
        Column("customer_id", K.KEY, "customer", "客户键", refers="customers.customer_id"),
        Column("journey", K.CODE, "journey", "客户旅程", vocabulary="journeys"),
        Column("case_id", K.KEY, "one run of the journey by one customer", "旅程实例（业务件）", required=True),
        Column("step", K.CODE, "step of the journey", "步骤", required=True),
        Column(
            "lifecycle",
            K.CODE,
            "state of the step that the row reports",
            "步骤状态",
            allowed=("schedule", "start", "suspend", "resume", "complete", "abort", "unknown"),
        ),
        Column("touchpoint", K.CODE, "touchpoint", "触点", vocabulary="touchpoints"),
        Column("channel", K.CODE, "channel", "渠道", vocabulary="channels"),
        Column("unit_id", K.KEY, "unit that served", "服务机构", refers="units.unit_id"),
        Column("line_id", K.KEY, "line whose rule or product it was", "责任条线", refers="lines.line_id"),
        Column("staff_id", K.KEY, "member of staff who served", "服务人员", refers="staff.staff_id"),
        Column("started_us", K.TIME, "start", "开始时间", required=True),
        Column("ended_us", K.TIME, "end", "结束时间"),
        Column("wait_seconds", K.INTEGER, "time waited before service", "等候时长", minimum=0, unit="seconds"),
        Column("outcome", K.CODE, "how it ended", "结果", vocabulary="outcomes"),
        Column("recorded_us", K.TIME, "when it was recorded", "记录时间"),
    ),
)

CONTACTS = Table(
    "contacts",
    en="The bank reached out, or tried to: marketing, survey, reminder, collection, call-back.",
    zh="银行主动联系客户：营销、调查、提醒、催收、回访等。",
    key=("contact_id",),
    time="sent_us",
    columns=(
        Column("contact_id", K.KEY, "contact", "联系编号"),
        Column("customer_id", K.KEY, "customer", "客户键", required=True, refers="customers.customer_id"),
        Column(
            "purpose",
            K.CODE,
            "why",
            "目的",
            required=True,
            allowed=("marketing", "survey", "service", "reminder", "collection", "call_back"),
        ),
        Column("channel", K.CODE, "channel", "渠道", vocabulary="channels"),
        Column("unit_id", K.KEY, "unit", "机构", refers="units.unit_id"),
        Column("staff_id", K.KEY, "member of staff", "员工编号", refers="staff.staff_id"),
        Column("product_id", K.KEY, "product offered", "涉及产品", refers="products.product_id"),
        Column("sent_us", K.TIME, "when", "联系时间", required=True),
        Column(
            "outcome",
            K.CODE,
            "what came of it",
            "结果",
            allowed=("delivered", "reached", "not_reached", "refused", "accepted", "failed", "unknown"),
        ),
        Column("recorded_us", K.TIME, "when it was recorded", "记录时间"),
    ),
)

EVENTS = Table(
    "events",
    en="Anything else that happened and bears on satisfaction: a release, an outage, a changed process, an action "
    "taken in the application.",
    zh="其他影响满意度的事件：投产、故障、流程调整，以及应用中发生的动作。",
    key=("event_id",),
    time="occurred_us",
    columns=(
        Column("event_id", K.KEY, "event", "事件编号"),
        Column("kind", K.CODE, "what kind", "事件类型", required=True),
        Column("subject_kind", K.CODE, "table of what it concerns", "对象所在表"),
        Column("subject_id", K.KEY, "key of what it concerns", "对象键"),
        Column("unit_id", K.KEY, "unit", "机构", refers="units.unit_id"),
        Column("line_id", K.KEY, "line", "条线", refers="lines.line_id"),
        Column("touchpoint", K.CODE, "touchpoint", "触点", vocabulary="touchpoints"),
        Column("occurred_us", K.TIME, "when it happened", "发生时间", required=True),
        Column("note", K.TEXT, "what it was, in words", "说明"),
        Column("recorded_us", K.TIME, "when it was recorded", "记录时间"),
    ),
)
