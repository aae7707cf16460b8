"""One spelling for many: full width, zero width and traditional characters folded before anything is searched.

People (and those who want to slip past a filter) write ``１３８``, ``138`` with something invisible inside, ``陳先生``.
Patterns see one plain form; every character of it knows where it stood in the original, so that the original is
masked.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import numpy.typing as npt

from zhiyin.privacy.kinds import ANY_TOKEN

BLANK: Final = "\ue000"
"""Stands for text already masked. No pattern matches it, and no context is looked for across it."""

BORDER: Final = "\ue001"
"""Stands between two texts that are searched in one go. No pattern matches it either."""

_REPLACED: Final = 0xFFFD
_DROPPED: Final = 0

# Blocks with compatibility characters or digits of other scripts; the rest of Unicode folds to itself.
_FOLDED_RANGES: Final = (
    (0x0080, 0x3400),
    (0xA620, 0xAC00),
    (0xF900, 0x10000),
    (0x104A0, 0x104B0),
    (0x11066, 0x11070),
    (0x1D400, 0x1D800),
    (0x1F100, 0x1F200),
    (0x1FBF0, 0x1FC00),
    (0x2F800, 0x2FA20),
)

# Drawn as nothing, or drawn over the character before: hidden inside a number they would break every pattern.
DROPPED_RANGES: Final = (
    (0x00AD, 0x00AD),
    (0x0300, 0x036F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x20D0, 0x20FF),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xE0000, 0xE01EF),
)
"""First and last code point of each range that folding drops."""

_PUNCTUATION: Final = (
    ("‐‑‒–—―−", "-"),
    ("•‧∙⋅", "·"),
    ("‘’", "'"),
    ("“”", '"'),
    ("\r\t\v\f\x85\x1c\x1d\x1e\x1f", " "),
    ("\u2028\u2029", "\n"),
)

# Traditional form, then simplified, of surnames, titles and the words around names and numbers. Not a general
# conversion: a name is found by its surroundings, so only those need folding.
_TRADITIONAL: Final = (
    "張张陳陈劉刘楊杨趙赵黃黄吳吴孫孙馬马羅罗鄭郑謝谢韓韩馮冯蕭萧鄧邓許许蘇苏盧卢蔣蒋賈贾葉叶閻阎鍾钟鐘钟譚谭鄒邹陸陆龍龙萬万錢钱湯汤賀贺"
    "賴赖龔龚龐庞蘭兰顏颜嚴严蘆芦魯鲁韋韦畢毕聶聂叢丛齊齐莊庄塗涂時时關关費费紀纪歐欧項项陽阳衛卫閔闵單单寧宁華华車车邊边饒饶喬乔連连鮑鲍"
    "遲迟顧顾慶庆談谈簡简應应練练鄺邝鄔邬東东諸诸賓宾倉仓師师尋寻"
    "證证號号碼码電电話话機机護护郵邮銀银帳账賬账帐账戶户經经總总長长櫃柜員员職职務务聯联繫系係系稱称為为們们個个請请讓让麼么說说對对還还沒没"
    "這这裡里裏里後后來来過过區区縣县鎮镇鄉乡樓楼層层棟栋衚胡衕同廣广國国門门灣湾臺台訂订據据憑凭運运編编給给寫写該该幫帮讚赞揚扬訴诉態态"
    "驗验簽签發发開开見见聽听覺觉問问報报誰谁點点間间從从與与將将親亲爺爷媽妈專专業业辦办諮咨詢询實实際际險险備备會会書书記记導导達达轉转"
    "傳传貴贵貸贷裝装買买賣卖負负責责於于歲岁彙汇匯汇財财務务權权複复單单據据貨货遞递訊讯爾尔雲云並并動动熱热細细協协調调進进無无難难"
    "滿满幾几現现當当無无動动"
)


@cache
def fold_table() -> npt.NDArray[np.uint32]:
    """The folded code point of each code point; 0 for those that are dropped. Built once, 4 MB."""
    table = np.arange(0x110000, dtype=np.uint32)
    for first, last in _FOLDED_RANGES:
        for point in range(first, last):
            table[point] = _plain(chr(point))
    for characters, plain in _PUNCTUATION:
        for character in characters:
            table[ord(character)] = ord(plain)
    for traditional, simplified in zip(_TRADITIONAL[::2], _TRADITIONAL[1::2], strict=True):
        table[ord(traditional)] = ord(simplified)
    for first, last in DROPPED_RANGES:
        table[first : last + 1] = _DROPPED
    table[0] = _REPLACED
    table[0xD800:0xE000] = _REPLACED  # lone surrogates, which only a Python string can hold
    table[0x0130] = ord("I")  # the one letter that grows in lower case
    table[[ord(BLANK), ord(BORDER)]] = _REPLACED  # these two belong to us
    return table


def _plain(character: str) -> int:
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return ord("0") + digit
    if unicodedata.category(character) == "Zs":
        return ord(" ")
    normal = unicodedata.normalize("NFKC", character)
    return ord(normal) if len(normal) == 1 else ord(character)


@cache
def spellings() -> dict[str, str]:
    """For each plain character the others that fold to it: what a filter on unfolded text must admit."""
    table = fold_table()
    changed = np.flatnonzero((table != np.arange(len(table))) & (table != _DROPPED) & (table != _REPLACED))
    found: dict[str, str] = {}
    for point in changed.tolist():
        plain = chr(int(table[point]))
        found[plain] = found.get(plain, "") + chr(point)
    return found


@dataclass(frozen=True, slots=True)
class Folded:
    """Many texts folded into one, and where each character stood.

    Parameters
    ----------
    text : the folded texts, each followed by :data:`BORDER`; tokens of an earlier masking are :data:`BLANK`.
    borders : where the borders stand in ``text``.
    places : None where nothing was dropped, else the position of each folded character in the originals laid end to
        end, each followed by one border.
    """

    text: str
    borders: npt.NDArray[np.int64]
    places: npt.NDArray[np.int64] | None

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The span in the originals laid end to end of a span (not empty) of ``text``."""
        if self.places is None:
            return start, end
        return int(self.places[start]), int(self.places[end - 1]) + 1


def fold(texts: Sequence[str]) -> Folded:
    """Fold texts, so that one pass of a pattern searches all of them."""
    points = np.frombuffer(BORDER.join([*texts, ""]).encode("utf-32-le", "surrogatepass"), dtype="<u4")
    lengths = np.fromiter((len(text) + 1 for text in texts), dtype=np.int64, count=len(texts))
    folded = fold_table()[points]
    folded[np.cumsum(lengths) - 1] = ord(BORDER)
    kept = folded != _DROPPED
    places = None
    if not kept.all():
        places = np.flatnonzero(kept)
        folded = folded[kept]
    text = folded.astype("<u4").tobytes().decode("utf-32-le")
    if "〔" in text:
        text = ANY_TOKEN.sub(lambda found: BLANK * len(found.group()), text)
    return Folded(text, np.flatnonzero(folded == ord(BORDER)), places)
