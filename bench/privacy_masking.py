"""Speed of masking free text, beside a loop of patterns over rows.

Prints megabytes (UTF-8) a second on one core for comments of which none, 1 %, 10 % and all hold personal data, and the
same for the peer: for each row, one ``re.sub`` for each of six patterns (ID, card, mobile, landline, e-mail, 我叫 and a
name), which finds far less. Texts are invented.

    python bench/privacy_masking.py [ROWS]
"""

from __future__ import annotations

import platform
import random
import re
import sys
import time
from collections.abc import Callable

import pyarrow as pa

from zhiyin.privacy import mask_texts

_CLEAN_ZH = (
    "客户经理态度很好，办理速度也快",
    "排队等了{a}分钟才叫到号",
    "手机银行登录闪退了{b}次",
    "理财产品到期没有人通知，体验很差",
    "转账{a}.{b}0元两天没有到账",
    "2024年{b}月{b}日在支行办理的贷款还没有审批",
    "希望贵行多开几个窗口，周末也能办业务",
    "取款机吞卡以后打客服热线95588一直占线",
    "利率比别家高0.{a}%，能不能优惠一些",
    "网点环境干净整洁，保安很热心",
    "开户流程太复杂，一个章要跑三趟",
)
_CLEAN_EN = (
    "The branch was clean and the staff were helpful",
    "I waited {a} minutes on the phone before anybody answered",
    "The mobile app crashed {b} times while I was paying my bill",
    "My card payment of ${a}.{b}0 was declined without any reason",
    "They charged an annual fee of {b} dollars that nobody explained",
    "Please extend the opening hours on Saturday",
)
_PERSONAL = (
    "我叫{name}，手机138{m}，请尽快回电",
    "请打139-{m4}-{m4}找我",
    "{name}先生的卡号6200 0000 {m4} {m4}被冻结了",
    "邮箱 user{b}@example.com 收不到账单",
    "客户经理{name}服务非常好",
    "my phone is 212-555-01{b}{b}, my name is Jane Roe",
    "家里电话010-{m8}，住在虚构路{b}号3栋2单元",
)
_PEER = tuple(
    re.compile(pattern)
    for pattern in (
        r"\d{17}[\dXx]",
        r"(?:\d[ -]?){15,18}\d",
        r"1[3-9]\d[- ]?\d{4}[- ]?\d{4}",
        r"0\d{2,3}-?\d{7,8}",
        r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+",
        r"(?<=我叫)[\u4e00-\u9fff]{2,3}",
    )
)


_REFERENCE_SHARE = 0.03


def comments(rows: int, personal_share: float, seed: int = 1) -> list[str]:
    """Comments of one to four sentences, one in four of them English; 3 % name a long order number."""
    draw = random.Random(seed)
    texts = []
    for row in range(rows):
        pool = _CLEAN_EN if row % 4 == 0 else _CLEAN_ZH
        stop = ". " if row % 4 == 0 else "。"
        parts = draw.choices(pool, k=draw.randint(1, 4))
        if draw.random() < _REFERENCE_SHARE:
            parts.append("订单号{m}{m}查不到物流")
        if draw.random() < personal_share:
            parts.append(draw.choice(_PERSONAL))
        fields = {
            "a": draw.randint(10, 9999),
            "b": draw.randint(1, 9),
            "m": f"{draw.randint(0, 99999999):08d}",
            "m4": f"{draw.randint(0, 9999):04d}",
            "m8": f"6{draw.randint(0, 9999999):07d}",
            "name": draw.choice("王李张刘陈") + draw.choice("小大") + draw.choice("满树溪"),
        }
        texts.append(stop.join(parts).format(**fields))
    return texts


def peer(texts: list[str]) -> list[str]:
    """Mask row by row."""
    masked = []
    for text in texts:
        for pattern in _PEER:
            text = pattern.sub("***", text)
        masked.append(text)
    return masked


def best_of(run: Callable[[], object], rounds: int = 3) -> float:
    """Shortest time of several runs, in seconds of processor time: a neighbour on the machine does not count."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        run()
        times.append(time.process_time() - begun)
    return min(times)


def main() -> None:
    """Print the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    mask_texts(pa.array(["我叫李小满"]))  # tables and patterns are built once
    print(f"{platform.processor() or platform.machine()}, Python {platform.python_version()}, Arrow {pa.__version__}")
    print(f"{'personal':>9} {'MB':>7} {'MB/s':>7} {'rows/s':>10} {'masked':>8} {'peer MB/s':>10} {'ratio':>6}")
    for share in (0.0, 0.01, 0.1, 1.0):
        texts = comments(rows, share)
        column = pa.array(texts)
        size = column.nbytes / 1e6
        ours = best_of(lambda column=column: mask_texts(column))
        pieces = sum(mask_texts(column).counts.values())
        theirs = best_of(lambda column=column: peer(column.to_pylist()), rounds=1)
        print(
            f"{share:>9.0%} {size:>7.1f} {size / ours:>7.1f} {rows / ours:>10,.0f} {pieces:>8} {size / theirs:>10.1f}"
            f" {theirs / ours:>6.1f}"
        )


if __name__ == "__main__":
    main()
