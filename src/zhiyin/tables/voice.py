"""What customers say: invitations to answer, responses, reviews, requests."""

from __future__ import annotations

from typing import Final

from zhiyin.tables.base import Column, Kind, NotBefore, Privacy, Table, WithinScale

K, P = Kind, Privacy

SCALES: Final = (
    ("points3", 1, 3),
    ("points4", 1, 4),
    ("points5", 1, 5),
    ("points7", 1, 7),
    ("points10", 1, 10),
    ("points11", 0, 10),
)
"""Scales of rating questions: name, lowest and highest value."""

INVITATIONS = Table(
    "invitations",
    en="A customer was asked for an answer. Solicitation rate 邀评率 = invited / served, "
    "response rate 参评率 = answered / invited.",
    zh="一次邀评。邀评率＝已邀评／已服务，参评率＝已作答／已邀评。",
    key=("invitation_id",),
    time="sent_us",
    columns=(
        Column("invitation_id", K.KEY, "invitation", "邀评编号"),
        Column("customer_id", K.KEY, "customer", "客户键", refers="customers.customer_id"),
        Column(
            "interaction_id", K.KEY, "interaction asked about", "对应服务记录", refers="interactions.interaction_id"
        ),
        Column("instrument", K.CODE, "questionnaire", "问卷", required=True),
        Column("mode", K.CODE, "mode of asking", "调查方式", vocabulary="modes"),
        Column("journey", K.CODE, "journey asked about", "客户旅程", vocabulary="journeys"),
        Column("touchpoint", K.CODE, "touchpoint asked about", "触点", vocabulary="touchpoints"),
        Column("channel", K.CODE, "channel of the service asked about", "服务渠道", vocabulary="channels"),
        Column("unit_id", K.KEY, "unit asked about", "被评机构", refers="units.unit_id"),
        Column("line_id", K.KEY, "line asked about", "被评条线", refers="lines.line_id"),
        Column("staff_id", K.KEY, "member of staff asked about", "被评人员", refers="staff.staff_id"),
        Column("drawn_by", K.CODE, "who chose the customer", "抽样者", allowed=("system", "staff", "customer")),
        Column("sent_us", K.TIME, "when asked", "发出时间", required=True),
        Column(
            "outcome",
            K.CODE,
            "what came of it",
            "结果",
            allowed=("answered", "silent", "refused", "undelivered", "expired", "unknown"),
        ),
        Column("recorded_us", K.TIME, "when it was recorded", "记录时间"),
    ),
)

RESPONSES = Table(
    "responses",
    en="One answer to one question. A questionnaire with five questions gives five rows with one response_id.",
    zh="对一个问题的一个回答。五题问卷即五行，共用一个作答编号。",
    key=("response_id", "question"),
    time="answered_us",
    rules=(WithinScale("value", "scale", SCALES),),
    columns=(
        Column("response_id", K.KEY, "one person's answers on one occasion", "作答编号"),
        Column("question", K.CODE, "question", "题号"),
        Column("instrument", K.CODE, "questionnaire", "问卷", required=True),
        Column(
            "invitation_id",
            K.KEY,
            "invitation answered; empty for a spontaneous answer",
            "对应邀评；自发作答为空",
            refers="invitations.invitation_id",
        ),
        Column("customer_id", K.KEY, "customer", "客户键", refers="customers.customer_id"),
        Column(
            "interaction_id", K.KEY, "interaction asked about", "对应服务记录", refers="interactions.interaction_id"
        ),
        Column(
            "scale",
            K.CODE,
            "scale of the answer",
            "量表",
            allowed=("points3", "points4", "points5", "points7", "points10", "points11", "choice", "text"),
        ),
        Column(
            "value",
            K.SMALL,
            "answer: 1 to the number of points, best highest; 0 to 10 on the 11-point scale",
            "作答值：1 至点数，越高越好；11 点量表为 0–10",
            minimum=0,
            maximum=10,
        ),
        Column("choice", K.CODE, "chosen option of a choice question", "选项"),
        Column("comment", K.TEXT, "what the customer wrote, masked", "客户原话（已遮蔽）", privacy=P.C2),
        Column("language", K.CODE, "language of the answer", "作答语言"),
        Column("mode", K.CODE, "mode of asking", "调查方式", vocabulary="modes"),
        Column("journey", K.CODE, "journey asked about", "客户旅程", vocabulary="journeys"),
        Column("touchpoint", K.CODE, "touchpoint asked about", "触点", vocabulary="touchpoints"),
        Column("channel", K.CODE, "channel of the service asked about", "服务渠道", vocabulary="channels"),
        Column("unit_id", K.KEY, "unit asked about", "被评机构", refers="units.unit_id"),
        Column("line_id", K.KEY, "line asked about", "被评条线", refers="lines.line_id"),
        Column("staff_id", K.KEY, "member of staff asked about", "被评人员", refers="staff.staff_id"),
        Column("is_sampled", K.FLAG, "drawn by the system, as against spontaneous", "系统抽样（非自发）"),
        Column("device_id", K.KEY, "pseudonymous device the answer came from", "作答设备（假名）"),
        Column("duration_seconds", K.INTEGER, "time taken to answer", "作答用时", minimum=0, unit="seconds"),
        Column("answered_us", K.TIME, "when answered; empty where the source does not say", "作答时间；来源未给时为空"),
        Column("recorded_us", K.TIME, "when it was recorded", "记录时间"),
    ),
)

REVIEWS = Table(
    "reviews",
    en="A public review: app store, map, forum.",
    zh="公开评价：应用商店、地图、论坛。",
    key=("review_id",),
    time="posted_us",
    columns=(
        Column("review_id", K.KEY, "review", "评价编号"),
        Column("source", K.CODE, "where it was posted", "来源", required=True),
        Column("rating", K.SMALL, "stars", "星级", minimum=1, maximum=10),
        Column("scale", K.CODE, "scale of the stars", "量表", allowed=("points5", "points10")),
        Column("title", K.TEXT, "title, masked", "标题（已遮蔽）"),
        Column("body", K.TEXT, "text, masked", "正文（已遮蔽）"),
        Column("language", K.CODE, "language", "语言"),
        Column("app_version", K.CODE, "version of the app reviewed", "应用版本"),
        Column("unit_id", K.KEY, "unit reviewed", "被评机构", refers="units.unit_id"),
        Column("posted_us", K.TIME, "when posted", "发布时间", required=True),
        Column("replied_us", K.TIME, "when the bank replied", "回复时间"),
        Column("recorded_us", K.TIME, "when it was recorded", "记录时间"),
    ),
)

REQUESTS = Table(
    "requests",
    en="A customer's request 客户诉求工单: enquiry, help, suggestion, praise or complaint, with what complaint law and "
    "returns need.",
    zh="客户诉求工单：咨询、求助、建议、表扬、投诉，含投诉法规与报表所需字段。",
    key=("request_id",),
    time="received_us",
    rules=(NotBefore("closed_us", "received_us"),),
    columns=(
        Column("request_id", K.KEY, "request", "工单编号"),
        Column("legal_entity_id", K.CODE, "institution complained about", "被诉机构（法人）"),
        Column("customer_id", K.KEY, "customer", "客户键", refers="customers.customer_id"),
        Column(
            "type",
            K.CODE,
            "type of request",
            "诉求类型",
            required=True,
            allowed=("enquiry", "help", "suggestion", "praise", "complaint"),
        ),
        Column("source", K.CODE, "where it arrived", "来源", vocabulary="request_sources"),
        Column("source_reference", K.KEY, "number given by the source", "来源编号"),
        Column("submitted_via", K.CODE, "means of submitting", "提交方式"),
        Column(
            "channel",
            K.CODE,
            "channel where the business was done (JR/T 0169 axis A)",
            "业务办理渠道（JR/T 0169 A 轴）",
            vocabulary="channels",
        ),
        Column(
            "business",
            K.CODE,
            "business concerned (JR/T 0169 axis B)",
            "业务类别（JR/T 0169 B 轴）",
            vocabulary="complaint_businesses",
        ),
        Column(
            "cause", K.CODE, "cause (JR/T 0169 axis C)", "投诉原因（JR/T 0169 C 轴）", vocabulary="complaint_causes"
        ),
        Column("product", K.CODE, "product as the source names it", "产品（来源口径）"),
        Column("sub_product", K.CODE, "sub-product as the source names it", "子产品（来源口径）"),
        Column("issue", K.CODE, "issue as the source names it", "问题（来源口径）"),
        Column("sub_issue", K.CODE, "sub-issue as the source names it", "子问题（来源口径）"),
        Column("narrative", K.TEXT, "what the customer said, masked", "客户陈述（已遮蔽）", privacy=P.C2),
        Column("demand", K.CODE, "what the customer wants", "客户诉求"),
        Column("region", K.CODE, "region of the customer", "地区"),
        Column("tags", K.CODE, "marks, separated by a comma", "标签（逗号分隔）", privacy=P.C2),
        Column("severity", K.CODE, "severity", "严重程度", allowed=("ordinary", "complex", "major")),
        Column("journey", K.CODE, "journey concerned", "客户旅程", vocabulary="journeys"),
        Column("touchpoint", K.CODE, "touchpoint concerned", "触点", vocabulary="touchpoints"),
        Column("interaction_id", K.KEY, "interaction concerned", "对应服务记录", refers="interactions.interaction_id"),
        Column("responsible_unit_id", K.KEY, "responsible unit", "责任机构", refers="units.unit_id"),
        Column("responsible_line_id", K.KEY, "responsible line", "责任条线", refers="lines.line_id"),
        Column("staff_id", K.KEY, "member of staff concerned", "涉及人员", refers="staff.staff_id"),
        Column("complainant_count", K.INTEGER, "people complaining jointly", "共同投诉人数", minimum=1),
        Column("is_represented", K.FLAG, "brought by an agent or heir", "由代理人或继承人提出"),
        Column("is_repeat", K.FLAG, "the same matter again", "是否重复投诉"),
        Column("first_request_id", K.KEY, "first request of the same matter", "首次工单", refers="requests.request_id"),
        Column(
            "relabelled_from",
            K.CODE,
            "type before it was re-labelled",
            "变更前类型",
            allowed=("enquiry", "help", "suggestion", "praise", "complaint"),
        ),
        Column("received_us", K.TIME, "when the customer raised it", "收到时间", required=True),
        Column("recorded_us", K.TIME, "when it was registered", "登记时间"),
        Column("sent_us", K.TIME, "when it was passed to the company", "转交时间"),
        Column("first_reply_us", K.TIME, "first reply", "首次响应时间"),
        Column("due_on", K.DATE, "statutory due day", "法定到期日"),
        Column("closed_us", K.TIME, "when it was closed", "办结时间"),
        Column("withdrawn_us", K.TIME, "when it was withdrawn", "撤回时间"),
        Column("status", K.CODE, "state", "状态", allowed=("open", "suspended", "closed", "withdrawn")),
        Column("outcome", K.CODE, "how it was answered", "处理结果"),
        Column("public_reply", K.TEXT, "public response", "公开答复"),
        Column("redress_cents", K.MONEY, "money given back", "补偿金额", minimum=0, privacy=P.C2, unit="cents"),
        Column("is_timely", K.FLAG, "answered in time", "是否按期答复"),
        Column("is_disputed", K.FLAG, "customer disputed the answer", "客户是否不认可"),
        Column("is_escalated", K.FLAG, "went on to the regulator or a court", "是否升级至监管或司法"),
        Column("has_consent", K.FLAG, "customer agreed to publication", "客户同意公开"),
        Column(
            "responsibility",
            K.CODE,
            "finding on responsibility",
            "责任认定",
            allowed=("full", "partial", "none", "open"),
        ),
    ),
)
