"""What personal data is found, and the token that stands in its place."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class PersonalKind(StrEnum):
    """A kind of personal data in free text.

    ============ ============================================================ =============
    kind         what                                                         replaced by
    ============ ============================================================ =============
    resident_id  mainland resident ID, 18 or 15 digits                        〔身份证〕
    document     passport, permits, Hong Kong ID, US SSN and ITIN             〔证件〕
    credit_code  unified social credit code of a company or sole trader       〔信用代码〕
    bank_card    bank card, also mistyped ones that are called a card number  〔银行卡〕
    account      account number that is called one, IBAN                      〔账号〕
    secret       password, PIN, one-time code, card check value (class C3)    〔密码〕
    mobile       mainland mobile number                                       〔手机〕
    phone        landline and foreign numbers; never service numbers          〔电话〕
    email        e-mail address                                               〔邮箱〕
    handle       WeChat and QQ                                                〔社交账号〕
    plate        licence plate                                                〔车牌〕
    address      home or postal address down to street or building            〔地址〕
    name         person's name, by context or from the bank's name column     〔姓名〕
    ============ ============================================================ =============
    """

    RESIDENT_ID = "resident_id"
    DOCUMENT = "document"
    CREDIT_CODE = "credit_code"
    BANK_CARD = "bank_card"
    ACCOUNT = "account"
    SECRET = "secret"  # noqa: S105  a kind of personal data, no password
    MOBILE = "mobile"
    PHONE = "phone"
    EMAIL = "email"
    HANDLE = "handle"
    PLATE = "plate"
    ADDRESS = "address"
    NAME = "name"


TOKENS: Final[Mapping[PersonalKind, str]] = MappingProxyType(
    {
        PersonalKind.RESIDENT_ID: "〔身份证〕",
        PersonalKind.DOCUMENT: "〔证件〕",
        PersonalKind.CREDIT_CODE: "〔信用代码〕",
        PersonalKind.BANK_CARD: "〔银行卡〕",
        PersonalKind.ACCOUNT: "〔账号〕",
        PersonalKind.SECRET: "〔密码〕",
        PersonalKind.MOBILE: "〔手机〕",
        PersonalKind.PHONE: "〔电话〕",
        PersonalKind.EMAIL: "〔邮箱〕",
        PersonalKind.HANDLE: "〔社交账号〕",
        PersonalKind.PLATE: "〔车牌〕",
        PersonalKind.ADDRESS: "〔地址〕",
        PersonalKind.NAME: "〔姓名〕",
    }
)
"""Token a kind, the same in texts of any language: short, readable, and not itself mistaken for personal data."""

ANY_TOKEN: Final = re.compile("〔(?:" + "|".join(token[1:-1] for token in TOKENS.values()) + ")〕")
"""Matches a token that an earlier masking left."""


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One piece of personal data: ``text[start:end]`` of the original text. It never carries the text itself."""

    start: int
    end: int
    kind: PersonalKind
