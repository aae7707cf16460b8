"""The tables of ``chinese_names.toml``, loaded once, and the words around names."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

FOLLOWING: Final = re.compile(
    "先生|女士|小姐|同志|老师|师傅|经理|主任|行长|总监|主管|太太|夫人|阿姨|大姐|大哥|态度|服务|非常|特别|十分|主动|耐心|热情|认真|细心|专业|业务"
    "|工作|办理|办事|办公|解释|处理|回复|说明|告知|告诉|推荐|推销|建议|承诺|答应|保证|要求|拒绝|同意|身份|电话|手机|联系|联络|号码|账号|卡号|地址|住址|性别"
    "|年龄|工号|邮箱|微信|证件|开户|客户|本人|先前|之前|今年|昨天|今天|咨询|反映|反应|投诉|申请|来电|来访|来信|购买|持有|于[0-9二]|因|由于|希望|表示|认为|觉得"
    "|现在|目前|一直|已经|曾经|正在|通过|使用|需要|可以|能够|能力|点赞|表扬|好评|差评|真棒|真的|很好|辛苦|感谢|谢谢|和蔼|亲切|礼貌|周到|微笑|迅速|及时|高效|效率"
    "|帮助|帮忙|帮我|给我|为我|对我|让我|带我|教我|陪我|想要|要办|在[你贵这那我该本她他电柜]|在[0-9]|去[你贵年]|来[你贵办自到]|是[你贵我一]|到[你贵柜]|和[我他她你]"
    "|收[取到款]?|寄|汇|转|存|打|男|女|汉族|生于|出生|签字|签名|贷款|信用卡|储蓄|公司|银行|支行|分行|水平|素质|脸色|说话|讲解|指导|引导|操作|接待|早上|上午|下午|晚上"
)
"""Words that follow a name in a sentence; where one begins, the name has ended."""

PLACE: Final = re.compile(
    "[路区街市县省镇村店站桥]|大道|支行|分行|银行|储蓄|营业|广场|大厦|机场|公司|集团|医院|学校|大学|中学|小学|公园|花园|小区|城区|新区|网点|商城|口岸|人民|地区|车站|大街"
)
"""What makes a place or an institution of the word before."""

TITLES: Final = (
    "先生 女士 小姐 太太 夫人 同志 老师 师傅 经理 主任 行长 主管 总监 大姐 大哥 大叔 阿姨 大爷 柜员 专员 医生 律师 教授 董事长 局长 科长"
    " 处长 部长 书记 院长 校长 老板 工程师 顾问 会计".split()
)
"""Titles that follow a name or a bare surname."""

FAMILIAR_TITLES: Final = tuple("总 姐 哥 叔 姨 董 工".split())
"""Titles of one character: only after a bare surname that begins a phrase."""


@dataclass(frozen=True, slots=True)
class ChineseTables:
    """Sets of characters and words; see the comments in ``chinese_names.toml``."""

    common: frozenset[str]
    rare: frozenset[str]
    compound: frozenset[str]
    usual: frozenset[str]
    stop: frozenset[str]
    hard_stop: frozenset[str]
    transliterated: frozenset[str]
    never: frozenset[str]
    words_from: frozenset[str]
    words_to: frozenset[str]


@cache
def tables() -> ChineseTables:
    """Load the tables."""
    data = tomllib.loads(files("zhiyin.privacy").joinpath("chinese_names.toml").read_text("utf-8"))
    characters = {
        (section, key): frozenset("".join(data[section][key].split()))
        for section, key in (
            ("surnames", "common"),
            ("surnames", "rare"),
            ("given", "usual"),
            ("given", "stop"),
            ("given", "transliterated"),
        )
    }
    usual, stop = characters["given", "usual"] | _uncommon(), characters["given", "stop"]
    return ChineseTables(
        common=characters["surnames", "common"],
        rare=characters["surnames", "rare"],
        compound=frozenset(data["surnames"]["compound"].split()),
        usual=usual,
        stop=stop,
        hard_stop=stop - usual,
        transliterated=characters["given", "transliterated"],
        never=frozenset(data["given"]["never"].split()),
        words_from=frozenset(head + tail for head, tails in data["words_from"].items() for tail in tails),
        words_to=frozenset(head + tail for tail, heads in data["words_to"].items() for head in heads),
    )


def _uncommon() -> frozenset[str]:
    """Characters that hardly occur outside names.

    Those of GB 2312's second level, and those in neither GB 2312 nor the first level of Big5 (which holds the
    traditional forms of everyday characters).
    """
    second = (bytes((row, cell)) for row in range(0xD8, 0xF8) for cell in range(0xA1, 0xFF))
    everyday = (bytes((row, cell)) for row in range(0xA4, 0xC7) for cell in (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    known = {code.decode("big5", "ignore") for code in everyday}
    others = {c for c in map(chr, range(0x4E00, 0xA000)) if not c.encode("gb2312", "ignore")}
    return frozenset({code.decode("gb2312", "ignore") for code in second} - {""} | (others - known))


def is_han(character: str) -> bool:
    """Whether it is a Chinese character, the rare ones of names included."""
    return "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf" or "\U00020000" <= character <= "\U000323af"
