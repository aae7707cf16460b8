"""Columns that say who somebody is: names to be masked wherever they stand, and numbers never to be stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from zhiyin.lake.suggest.names import squeezed, tokens
from zhiyin.lake.suggest.profile import Profile
from zhiyin.privacy import looks_like_direct_identifier

_NAMES: Final = frozenset(
    {
        "姓名",
        "客户姓名",
        "客户名称",
        "受访者姓名",
        "受访者",
        "联系人",
        "联系人姓名",
        "户名",
        "投诉人姓名",
        "代理人姓名",
        "柜员姓名",
        "员工姓名",
        "客户经理姓名",
        "坐席姓名",
        "经办人姓名",
        "name",
        "fullname",
        "firstname",
        "lastname",
        "surname",
        "givenname",
        "customername",
        "clientname",
        "contactname",
        "respondentname",
        "agentname",
        "staffname",
        "employeename",
        "tellername",
        "recipientfirstname",
        "recipientlastname",
        "khxm",
        "khmc",
        "xm",
    }
)
_PERHAPS_NAMES: Final = frozenset(
    {
        "投诉人",
        "客户",
        "评价人",
        "被评人",
        "联系人",
        "经办人",
        "客户经理",
        "代理人",
        "customer",
        "contact",
        "respondent",
        "complainant",
    }
)
"""Names or numbers: the values decide."""
_NUMBERS_ZH: Final = re.compile(
    r"手机|电话|座机|固话|传真|联系方式|身份证|证件号|证件编号|护照|社会保障号|卡号|账号|帐号|账户号|地址|住址|邮箱|电子邮件|微信号|微信openid|openid|qq号|车牌|来电号码|主叫号码|ip地址|密码"
)
_NUMBERS_EN: Final = frozenset(
    {
        "phone",
        "mobile",
        "cell",
        "cellphone",
        "telephone",
        "tel",
        "fax",
        "email",
        "mail",
        "address",
        "addr",
        "passport",
        "ssn",
        "pan",
        "iban",
        "ipaddress",
        "latitude",
        "longitude",
        "birthdate",
        "dob",
        "password",
        "pin",
        "sjh",
        "sjhm",
        "zjhm",
        "zjh",
        "sfzh",
        "openid",
        "msisdn",
    }
)
_PAIRS_EN: Final = (
    {"card", "no"},
    {"card", "number"},
    {"account", "no"},
    {"account", "number"},
    {"acct", "no"},
    {"id", "card"},
    {"id", "number"},
    {"ip", "address"},
    {"national", "id"},
    {"date", "birth"},
)
_PERSON_ZH: Final = re.compile(r"[一-鿿]{2,4}|[一-鿿]\*{1,3}[一-鿿]?")
_MOBILE: Final = re.compile(r"(\+?86)?1[3-9]\d{9}", re.ASCII)
_MAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")


@dataclass(frozen=True, slots=True)
class Personal:
    """The columns of a file that identify somebody.

    Attributes
    ----------
    names : hold names.
    numbers : hold numbers, addresses and the like.
    by_content : those of ``numbers`` whose values gave them away although their names did not.
    """

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    by_content: tuple[str, ...] = ()

    def __contains__(self, name: str) -> bool:
        return name in self.names or name in self.numbers


def find_personal(profiles: tuple[Profile, ...], *, keeps_names: bool) -> Personal:
    """Find the personal columns.

    Parameters
    ----------
    profiles : the file's columns.
    keeps_names : the table has names of its own (units, products), so that a column "Name" is no person's.
    """
    names, numbers, by_content = [], [], []
    for profile in profiles:
        headings = [profile.name, *([profile.label] if profile.label and len(profile.label) <= 20 else [])]
        if any(_says_number(heading) for heading in headings):
            numbers.append(profile.name)
        elif _holds_identifiers(profile):
            numbers.append(profile.name)
            by_content.append(profile.name)
        elif any(_says_name(heading, profile, keeps_names) for heading in headings):
            names.append(profile.name)
    return Personal(tuple(names), tuple(numbers), tuple(by_content))


def _says_number(heading: str) -> bool:
    if _NUMBERS_ZH.search(heading.lower().replace(" ", "")):
        # 账号 of a terminal or a bank's own 机构电话 are rare; leaving one out too many does less harm.
        return True
    words = set(tokens(heading))
    if squeezed(heading) in _NUMBERS_EN or (words & _NUMBERS_EN and len(words) <= 3):
        return True
    return any(pair <= words for pair in _PAIRS_EN)


def _says_name(heading: str, profile: Profile, keeps_names: bool) -> bool:
    whole = squeezed(heading)
    if whole in ("name", "名称") and keeps_names:
        return False
    if whole in _NAMES:
        return True
    people = sum(n for value, n in profile.counts.items() if _PERSON_ZH.fullmatch(value))
    return whole in _PERHAPS_NAMES and people > 0.8 * max(profile.filled, 1)


def _holds_identifiers(profile: Profile) -> bool:
    """Whether values are identity or card numbers, mobile numbers or mail addresses and nothing around them."""
    if not profile.filled:
        return False
    values = list(profile.counts)[:500]
    seen = sum(profile.counts[value] for value in values)
    flags = looks_like_direct_identifier(pa.array(values, pa.string())).to_pylist()
    direct = sum(profile.counts[v] for v, flag in zip(values, flags, strict=True) if flag)
    spoken = sum(profile.counts[v] for v in values if _MOBILE.fullmatch(v) or _MAIL.fullmatch(v))
    return max(direct, spoken) > 0.3 * seen
