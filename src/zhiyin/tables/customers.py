"""Whom the bank serves and with what: customers, products, holdings, transactions."""

from __future__ import annotations

from zhiyin.tables.base import Column, Kind, Privacy, Table

K, P = Kind, Privacy

CUSTOMERS = Table(
    "customers",
    en="A customer under a pseudonymous key: person or company, without name, number or address.",
    zh="客户（假名键）：个人或企业，不含姓名、证件号、地址。",
    key=("customer_id",),
    columns=(
        Column("customer_id", K.KEY, "pseudonymous customer key", "客户键（假名）"),
        Column("legal_entity_id", K.KEY, "legal entity", "所属法人", refers="legal_entities.legal_entity_id"),
        Column("kind", K.CODE, "person or company", "个人或企业", allowed=("person", "company")),
        Column("birth_year", K.SMALL, "year of birth", "出生年份", minimum=1890, maximum=2100, privacy=P.C2),
        Column("gender", K.CODE, "gender as recorded", "性别", allowed=("female", "male", "unknown"), privacy=P.C2),
        Column("life_stage", K.CODE, "stage of life", "人生阶段", vocabulary="life_stages", privacy=P.C2),
        Column("wealth_tier", K.CODE, "tier by assets", "资产层级", vocabulary="wealth_tiers", privacy=P.C2),
        Column("industry", K.CODE, "industry of a company or of a person's work", "行业", privacy=P.C2),
        Column("region", K.CODE, "region, no finer than a district", "地区（不细于区县）", privacy=P.C2),
        Column("home_unit_id", K.KEY, "unit that keeps the relationship", "管户机构", refers="units.unit_id"),
        Column(
            "manager_id", K.KEY, "member of staff who manages the relationship", "管户客户经理", refers="staff.staff_id"
        ),
        Column("opened_on", K.DATE, "customer since", "开户日期"),
        Column("closed_on", K.DATE, "left the bank on", "销户日期"),
        Column(
            "risk_level",
            K.CODE,
            "result of the risk assessment",
            "风险测评等级",
            allowed=("C1", "C2", "C3", "C4", "C5"),
            privacy=P.C2,
        ),
        Column("language", K.CODE, "language in which the customer is addressed", "沟通语言", allowed=("zh", "en")),
        Column("is_digital", K.FLAG, "used mobile or web bank in the last 90 days", "近 90 天用过手机或网上银行"),
        Column("is_vulnerable", K.FLAG, "marked as needing extra care", "标记为需特别关照", privacy=P.C2),
        Column("recorded_us", K.TIME, "when the row was recorded", "记录时间"),
    ),
)

PRODUCTS = Table(
    "products",
    en="A product or service that the bank offers.",
    zh="银行提供的产品或服务。",
    key=("product_id",),
    columns=(
        Column("product_id", K.KEY, "product", "产品编号", privacy=P.PUBLIC),
        Column("line_id", K.KEY, "line that owns it", "主管条线", refers="lines.line_id", privacy=P.PUBLIC),
        Column(
            "category",
            K.CODE,
            "kind of product",
            "产品类别",
            required=True,
            vocabulary="product_categories",
            privacy=P.PUBLIC,
        ),
        Column("name", K.CODE, "name in Chinese", "中文名称", required=True, privacy=P.PUBLIC),
        Column("name_en", K.CODE, "name in English", "英文名称", privacy=P.PUBLIC),
        Column(
            "risk_level",
            K.CODE,
            "risk level of the product as sold",
            "产品风险等级（销售口径）",
            allowed=("R1", "R2", "R3", "R4", "R5"),
            privacy=P.PUBLIC,
        ),
        Column("launched_on", K.DATE, "first day of sale", "上线日期", privacy=P.PUBLIC),
        Column("withdrawn_on", K.DATE, "first day no longer sold", "下架日期", privacy=P.PUBLIC),
    ),
)

HOLDINGS = Table(
    "holdings",
    en="A product that a customer holds, with its balance on a day.",
    zh="客户持有的产品及其某日余额。",
    key=("holding_id",),
    columns=(
        Column("holding_id", K.KEY, "pseudonymous key of the contract", "合约键（假名）"),
        Column("customer_id", K.KEY, "holder", "客户键", required=True, refers="customers.customer_id"),
        Column("product_id", K.KEY, "product", "产品编号", required=True, refers="products.product_id"),
        Column("unit_id", K.KEY, "unit that keeps the account", "开户机构", refers="units.unit_id"),
        Column("opened_on", K.DATE, "held since", "起始日期"),
        Column("closed_on", K.DATE, "ended on", "结束日期"),
        Column("balance_cents", K.MONEY, "balance", "余额", privacy=P.C2, unit="cents"),
        Column("balance_on", K.DATE, "day of the balance", "余额日期"),
    ),
)

TRANSACTIONS = Table(
    "transactions",
    en="Money that moved.",
    zh="一笔资金变动。",
    key=("transaction_id",),
    time="occurred_us",
    columns=(
        Column("transaction_id", K.KEY, "transaction", "流水键"),
        Column("customer_id", K.KEY, "customer", "客户键", required=True, refers="customers.customer_id"),
        Column("occurred_us", K.TIME, "when it happened", "发生时间", required=True),
        Column("product_id", K.KEY, "product", "产品编号", refers="products.product_id"),
        Column("channel", K.CODE, "channel", "渠道", vocabulary="channels"),
        Column("unit_id", K.KEY, "unit that served it", "办理机构", refers="units.unit_id"),
        Column("category", K.CODE, "what for", "交易类别", vocabulary="transaction_categories", privacy=P.C2),
        Column(
            "direction",
            K.CODE,
            "into or out of the customer's account",
            "收支方向",
            allowed=("in", "out"),
            privacy=P.C2,
        ),
        Column("amount_cents", K.MONEY, "amount", "金额", required=True, minimum=0, privacy=P.C2, unit="cents"),
        Column("fee_cents", K.MONEY, "fee charged", "手续费", minimum=0, privacy=P.C2, unit="cents"),
        Column("is_failed", K.FLAG, "whether it was refused", "是否失败"),
        Column("recorded_us", K.TIME, "when it was recorded", "记录时间"),
    ),
)
