"""Who the bank is: legal entities, its tree of units with its history, lines of business, staff and their posts."""

from __future__ import annotations

from zhiyin.tables.base import Column, Kind, Privacy, Table

K, P = Kind, Privacy

LEGAL_ENTITIES = Table(
    "legal_entities",
    en="A bank as a legal person; it owns time zone, calendar and rule sets.",
    zh="一家法人机构；时区、工作日历和规则集归它所有。",
    key=("legal_entity_id",),
    columns=(
        Column("legal_entity_id", K.KEY, "identifier of the legal entity", "法人编号", privacy=P.PUBLIC),
        Column("name", K.CODE, "name in Chinese", "中文名称", required=True, privacy=P.PUBLIC),
        Column("name_en", K.CODE, "name in English", "英文名称", privacy=P.PUBLIC),
        Column(
            "time_zone", K.CODE, "IANA name of its local time", "当地时区（IANA 名称）", required=True, privacy=P.PUBLIC
        ),
        Column("calendar", K.CODE, "calendar of working days", "工作日历", privacy=P.PUBLIC),
        Column("currency", K.CODE, "ISO 4217 code of its money", "币种（ISO 4217）", privacy=P.PUBLIC),
    ),
)

UNITS = Table(
    "units",
    en="A unit as it was between two days; the history of the tree is kept, so a merger rewrites no old figure.",
    zh="机构在一段时期内的样子；机构树的历史保留，撤并更名不改写旧数字。",
    key=("unit_id", "valid_from"),
    columns=(
        Column("unit_id", K.KEY, "unit number", "机构号", privacy=P.PUBLIC),
        Column(
            "legal_entity_id",
            K.KEY,
            "legal entity it belongs to",
            "所属法人",
            required=True,
            refers="legal_entities.legal_entity_id",
            privacy=P.PUBLIC,
        ),
        Column(
            "parent_id",
            K.KEY,
            "unit above it; empty at the top",
            "上级机构；最高一级为空",
            refers="units.unit_id",
            privacy=P.PUBLIC,
        ),
        Column(
            "level", K.CODE, "level in the tree", "机构层级", required=True, vocabulary="unit_levels", privacy=P.PUBLIC
        ),
        Column("name", K.CODE, "name in Chinese", "中文名称", required=True, privacy=P.PUBLIC),
        Column("name_en", K.CODE, "name in English", "英文名称", privacy=P.PUBLIC),
        Column("city", K.CODE, "city", "所在城市", privacy=P.PUBLIC),
        Column("valid_from", K.DATE, "first local day on which this row holds", "本行生效的首日", privacy=P.PUBLIC),
        Column(
            "valid_to",
            K.DATE,
            "first local day on which it no longer holds; empty while it does",
            "本行失效的首日；仍有效时为空",
            privacy=P.PUBLIC,
        ),
    ),
)

LINES = Table(
    "lines",
    en="A line of business at head office that owns rules and products.",
    zh="总行条线：规则和产品的主人。",
    key=("line_id",),
    columns=(
        Column("line_id", K.KEY, "line of business", "条线编号", privacy=P.PUBLIC),
        Column(
            "legal_entity_id",
            K.KEY,
            "legal entity",
            "所属法人",
            required=True,
            refers="legal_entities.legal_entity_id",
            privacy=P.PUBLIC,
        ),
        Column("name", K.CODE, "name in Chinese", "中文名称", required=True, privacy=P.PUBLIC),
        Column("name_en", K.CODE, "name in English", "英文名称", privacy=P.PUBLIC),
        Column("owner_unit_id", K.KEY, "department that owns it", "主管部门", refers="units.unit_id", privacy=P.PUBLIC),
    ),
)

STAFF = Table(
    "staff",
    en="A member of staff under a pseudonymous number; names stay in the application.",
    zh="员工（以工号的假名出现；姓名只在应用中）。",
    key=("staff_id",),
    columns=(
        Column("staff_id", K.KEY, "pseudonymous staff number", "员工编号（假名）"),
        Column(
            "legal_entity_id", K.KEY, "employer", "所属法人", required=True, refers="legal_entities.legal_entity_id"
        ),
        Column("hired_on", K.DATE, "first day at the bank", "入行日期"),
        Column("left_on", K.DATE, "first day no longer at the bank", "离行日期"),
    ),
)

POSTS = Table(
    "posts",
    en="A post that a member of staff held in a unit; one person may hold several, also as a stand-in.",
    zh="员工在某机构的任职；一人可多岗，也可代班。",
    key=("staff_id", "unit_id", "role", "valid_from"),
    columns=(
        Column("staff_id", K.KEY, "who", "员工编号", refers="staff.staff_id"),
        Column("unit_id", K.KEY, "where", "任职机构", refers="units.unit_id"),
        Column("role", K.CODE, "role", "岗位", vocabulary="roles"),
        Column("line_id", K.KEY, "line whose matters the post sees", "所管条线", refers="lines.line_id"),
        Column("is_stand_in", K.FLAG, "whether the post is held for an absent colleague", "是否代班"),
        Column("valid_from", K.DATE, "first day", "任职首日"),
        Column("valid_to", K.DATE, "first day no longer held; empty while held", "卸任日；在任时为空"),
    ),
)
