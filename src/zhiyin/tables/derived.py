"""Tables that the lake derives: steps and journeys, sorted once at ingest so that no journey query needs a window."""

from __future__ import annotations

from zhiyin.tables.base import Column, Kind, Table

K = Kind

STEPS = Table(
    "steps",
    en="One row a step of a case, with its predecessor and the time between. Sorted by case and position.",
    zh="旅程实例的一步，含前一步及间隔；按实例与位次排序。",
    key=("case_id", "position"),
    derived=True,
    columns=(
        Column("case_id", K.KEY, "case", "旅程实例"),
        Column("journey", K.CODE, "journey", "客户旅程", vocabulary="journeys"),
        Column("position", K.INTEGER, "0 for the first step of the case", "位次，首步为 0", minimum=0),
        Column("activity", K.SMALL, "code of the step, see activities", "步骤代码，见 activities"),
        Column("previous_activity", K.SMALL, "code of the step before; -1 at the first", "前一步代码；首步为 -1"),
        Column("started_us", K.TIME, "start of the step", "本步开始时间"),
        Column("gap_us", K.SPAN, "time since the step before started; 0 at the first", "距前一步开始的间隔；首步为 0"),
        Column("channel", K.CODE, "channel", "渠道", vocabulary="channels"),
        Column("unit_id", K.KEY, "unit", "服务机构"),
    ),
)

JOURNEYS = Table(
    "journeys",
    en="One row a case: how many steps, from when to when, over how many channels, which variant.",
    zh="一行一个旅程实例：步数、起止、渠道数、路径。",
    key=("case_id",),
    derived=True,
    columns=(
        Column("case_id", K.KEY, "case", "旅程实例"),
        Column("journey", K.CODE, "journey", "客户旅程", vocabulary="journeys"),
        Column("customer_id", K.KEY, "customer", "客户键"),
        Column("step_count", K.INTEGER, "number of steps", "步数", minimum=1),
        Column("first_us", K.TIME, "start of the first step", "首步开始时间"),
        Column("last_us", K.TIME, "start of the last step", "末步开始时间"),
        Column("duration_us", K.SPAN, "from first to last start", "首末步间隔"),
        Column("channel_count", K.INTEGER, "different channels used", "所用渠道数", minimum=0),
        Column("visit_count", K.INTEGER, "different days at an outlet", "到网点天数", minimum=0),
        Column(
            "variant",
            K.INTEGER,
            "order-dependent code of the sequence of steps; equal for equal sequences",
            "步骤序列代码；序列相同则相等",
        ),
    ),
)

ACTIVITIES = Table(
    "activities",
    en="Codes of steps used in the derived tables.",
    zh="派生表中步骤的代码。",
    key=("activity",),
    derived=True,
    columns=(
        Column("activity", K.SMALL, "code", "代码"),
        Column("step", K.CODE, "step as the base table names it", "步骤名称"),
    ),
)
