"""The words before a number that say what it is: 手机, 卡号, or 订单号, which must be left alone."""

from __future__ import annotations

import re
from bisect import bisect_right
from enum import StrEnum
from typing import Final

from zhiyin.privacy.folding import BLANK, BORDER
from zhiyin.privacy.words import one_of, touches_letter


class Context(StrEnum):
    """What the nearest word before a number calls it."""

    REFERENCE = "reference"
    CARD = "card"
    ACCOUNT = "account"
    IDENTITY = "identity"
    PHONE = "phone"
    SOCIAL_SECURITY = "social_security"


_WORDS: Final = {
    Context.REFERENCE: (
        "订单|单号|流水|参考号|工单|交易号|交易编号|交易单|交易码|交易参考|凭证|编号|编码|业务号|受理号|受理单|案件|案号|快递|运单|物流|保单|合同|批次|批号|序列号|设备"
        "|机具|机器号|终端|商户|票号|发票|支票|回单|回执|取件码|提货码|券码|排队号|叫号|网点号|机构号|代码|条码|借据|贷款号|申请单|申请号|投诉单|投诉号|查询号|追踪号|追踪码|跟踪号"
        "|工号|柜员号|版本|型号|货号|标识|客户号|会员号|学号|积分|金额|余额|邮编|行号|清算号|时间戳|哈希|指令号|委托号|汇款号|缴费号|电表号"
        "|order|reference|ref|tracking|confirmation|case|ticket|claim|invoice|transaction|trans|trace|serial|receipt|complaint|file"
        "|docket|loan|policy|batch|model|version|routing|aba|check|cheque|member|merchant|terminal|imei|uuid|timestamp|amount|balance"
        "|zip|sku|isbn|ean|upc|po|application|inquiry|authorization|approval|customer|contract"
    ),
    Context.CARD: "银行卡|卡号|储蓄卡|信用卡|借记卡|工资卡|社保卡|一卡通|卡片|银联|卡是|卡为|card|debit|visa|mastercard|amex|pan",
    Context.ACCOUNT: "账号|账户|户号|存折|account|acct|acc|a/c|iban",
    Context.IDENTITY: "身份证|身分证|证件|公民身份|社会保障号|居民证|身份号|id card|identity card|identity|national id|resident id",
    Context.PHONE: (
        "手机|电话|联系方式|联系|致电|拨打|来电|回电|座机|固话|号码|机主|短信|微信|打给我|打我|回拨|传真"
        "|call|called|phone|telephone|cell|cellphone|mobile|mob|tel|text|texted|sms|whatsapp|wechat|wx|vx|dial|contact|fax|caller|ph"
    ),
    Context.SOCIAL_SECURITY: "社会安全号|ssn|social security|social|itin|tax id|tin",
}
_MEANINGS: Final = {word: context for context, words in _WORDS.items() for word in words.split("|")}

PERSONAL_WORDS: Final = tuple(word for word, context in _MEANINGS.items() if context is not Context.REFERENCE)
"""Words, Latin ones in lower case, that call what follows a personal number."""

_TAIL_WORDS: Final = frozenset({"号码", "编号", "编码"})
_LONGEST_TAIL: Final = 24
_REACH: Final = 8  # characters between the end of the word and the number
_BREAKS: Final = re.compile(f"[。;!?\n,、{BLANK}{BORDER}]")
_WORD: Final = re.compile(one_of(_MEANINGS))
# A trailing "号码是", "number is:" belongs to the word, so that the reach counts from there.
_TAIL: Final = re.compile(
    r"s?(?:号码|编号|编码|号|码|id)?(?:是|为|尾号)?(?:[ _]?(?:numbers?|num|no\b\.?|nbr|id|code|#))?(?:[ _]?(?:is|was|of))?", re.ASCII
)


class Contexts:
    """All context words of a text, found in one pass, and what they call a number behind them.

    Parameters
    ----------
    lower : folded text in lower case, also many texts end to end.
    """

    def __init__(self, lower: str) -> None:
        self._lower = lower
        self._ends: list[int] = []
        self._meanings: list[Context] = []
        for word in _WORD.finditer(lower):
            text = word.group()
            if text.isascii() and touches_letter(lower, word.start(), word.end()):
                continue
            if text in _TAIL_WORDS and self._ends and self._ends[-1] == word.start():
                self._ends[-1] = word.end()  # 发票号码, 身份证编号: the first word decides
                continue
            self._ends.append(word.end())
            self._meanings.append(_MEANINGS[text])

    def before(self, start: int) -> Context | None:
        """What the nearest word within reach before ``start`` calls what begins there; None if none does.

        The clause ends at a comma or full stop, and at text already masked.
        """
        place = bisect_right(self._ends, start) - 1
        if place < 0 or start - self._ends[place] > _REACH + _LONGEST_TAIL:
            return None
        end = self._ends[place]
        tail = _TAIL.match(self._lower, end, start)
        reached = tail.end() if tail else end
        if start - reached > _REACH or _BREAKS.search(self._lower, end, start):
            return None
        return self._meanings[place]
