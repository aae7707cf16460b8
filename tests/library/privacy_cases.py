"""Labelled texts for the tests of ``zhiyin.privacy``. All data are invented.

Numbers pass their checks and belong to nobody: resident IDs lie in counties that do not exist (…99), mobiles have an
unassigned middle (0000), cards an unassigned issuer (620000), US numbers are of the 555-01xx block, e-mail addresses
of example domains. Names are drawn from pools of characters.

A labelled text carries its marks inline: ``我叫⟦name|李小满⟧`` is 我叫李小满 with a name at 2-5.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

from zhiyin.privacy import checksums

_MARK = re.compile("⟦([a-z_]+)\\|(.*?)⟧", re.DOTALL)
_FIELD = re.compile(r"\{([a-z_0-9]+)\}")

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文"
)
COMPOUND = ("欧阳", "上官", "司马", "诸葛", "慕容", "皇甫", "令狐", "尉迟")
USUAL_GIVEN = (
    "伟芳娜敏静丽强磊军洋艳勇杰娟涛明超霞平刚桂英华玉萍红梅鹏辉宇浩欣怡雨梓萱诗思佳嘉晨博睿俊豪泽天心雪莹"
    "慧颖倩琳薇菲晶晓小秋月凤莲文志海波云飞峰龙建国庆春兰国栋子涵一诺"
)
RARE_GIVEN = "懿翊媖玘骢璠昪赟喆淏祺芊沅蘅墨砚筱苒攸甯钰尧禾澍彧"
ENGLISH_FIRST = [
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "Michael",
    "Linda",
    "David",
    "Barbara",
    "Richard",
    "Susan",
    "Kevin",
    "Sarah",
    "Brian",
    "Emily",
    "Laura",
    "Daniel",
    "Rachel",
    "Amanda",
]
ENGLISH_LAST = [
    "Abernathy",
    "Bostwick",
    "Carmody",
    "Dunleavy",
    "Eastbrook",
    "Farnsworth",
    "Gillingham",
    "Hollister",
    "Ingersoll",
    "Jarrow",
    "Kettering",
    "Lockwood",
    "O'Farrell",
    "Pemberton",
]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text and the spans in it that are personal data, with their kinds."""

    text: str
    spans: tuple[tuple[int, int, str], ...]


def labelled(marked: str) -> Labelled:
    """The text of a marked one and its spans."""
    text, spans, place = "", [], 0
    for mark in _MARK.finditer(marked):
        text += marked[place : mark.start()]
        spans.append((len(text), len(text) + len(mark[2]), mark[1]))
        text += mark[2]
        place = mark.end()
    return Labelled(text + marked[place:], tuple(spans))


class Inventor:
    """Draws fictitious data from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def digits(self, count: int) -> str:
        return "".join(self.random.choices("0123456789", k=count))

    def day(self) -> str:
        return f"{self.random.randint(1, 12):02d}{self.random.randint(1, 28):02d}"

    def plate(self) -> str:
        place = self.random.choice("京沪粤川浙") + self.random.choice("ABCD") + self.random.choice(["", "·", " "])
        return place + self.random.choice(["0000", "A000"]) + self.digits(1)

    def home(self) -> str:
        town = self.random.choice(["成都市青羊区", "杭州市西湖区", "虚构市甲乙区", ""])
        street = self.random.choice(["光华村街", "望湖路", "虚构大道", "文一西路"])
        flat = self.random.choice(["3栋2单元501室", "5幢1203室", "虚构小区8号楼", ""])
        return f"{town}{street}{self.random.randint(1, 999)}号{flat}"

    def flat(self) -> str:
        street = self.random.choice(["望湖路", "虚构大道", "幸福路"])
        return (
            f"{street}{self.random.randint(1, 999)}号{self.random.choice(['3栋2单元501室', '5幢1203室', '8号楼302'])}"
        )

    def us_home(self) -> str:
        street = self.random.choice(["Maple", "North Hollow", "Elm"])
        way = self.random.choice(["Street", "Ave", "Rd.", "Drive"])
        return f"{self.random.randint(1, 9999)} {street} {way}{self.random.choice(['', ', Apt 4B', ' Unit 12'])}"

    def resident_id(self) -> str:
        province = self.random.choice(["11", "31", "44", "51", "33", "37", "42", "61"])
        place = f"{province}0{self.random.randint(1, 9)}99"
        first = place + str(self.random.randint(1948, 2008)) + self.day() + self.digits(3)
        return first + checksums.resident_id_check(first)

    def card(self, length: int = 19, start: str = "620000") -> str:
        body = start + self.digits(length - len(start) - 1)
        return next(body + check for check in "0123456789" if checksums.is_luhn(body + check))

    def mobile(self) -> str:
        start = self.random.choice(
            ["130", "135", "138", "139", "150", "158", "159", "177", "181", "186", "188", "191", "198"]
        )
        return f"{start}0000{self.digits(4)}"

    def landline(self) -> tuple[str, str]:
        area, length = self.random.choice(
            [("010", 8), ("021", 8), ("028", 8), ("0571", 8), ("0755", 8), ("0316", 7), ("0891", 7)]
        )
        return area, self.random.choice("5678") + "000" + self.digits(length - 4)

    def email(self) -> str:
        local = self.random.choice(["li.xiaoman", "zhang_88", "w123456", "chen-chen", "j.doe+bank", "Roe.Jane"])
        return f"{local}@{self.random.choice(['example.com', 'mail.example.cn', 'example.org', 'corp.example.com.cn'])}"

    def name(self, rare_share: float = 0.15) -> str:
        surname = self.random.choice(SURNAMES) if self.random.random() < 0.96 else self.random.choice(COMPOUND)
        count = 2 if self.random.random() < 0.72 else 1
        given = [
            self.random.choice(RARE_GIVEN if self.random.random() < rare_share else USUAL_GIVEN) for _ in range(count)
        ]
        return surname + "".join(given)

    def surname(self) -> str:
        return self.random.choice(SURNAMES)

    def english_name(self) -> str:
        return f"{self.random.choice(ENGLISH_FIRST)} {self.random.choice(ENGLISH_LAST)}"

    def us_phone(self) -> str:
        return f"{self.random.choice(['212', '305', '415', '617', '702'])}-555-01{self.digits(2)}"

    def credit_code(self) -> str:
        body = "91" + self.random.choice(["110199", "310199", "440199"]) + "MA" + self.digits(7)
        alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        return next(body + check for check in alphabet if checksums.is_credit_code(body + check))

    def fill(self, template: str) -> Labelled:
        """Fill ``{mobile}`` and the like, each marked with its kind; ``{n6}`` is six digits, unmarked."""
        return labelled(_FIELD.sub(lambda field: self._field(field[1]), template))

    def _field(self, field: str) -> str:
        if re.fullmatch("n[0-9]+", field):
            return self.digits(int(field[1:]))
        written = _WRITTEN.get(field)
        if written is None:
            raise KeyError(field)
        kind, write = written
        return f"⟦{kind}|{write(self)}⟧"


def _spaced(number: str, sizes: tuple[int, ...], separator: str) -> str:
    parts, place = [], 0
    for size in sizes:
        parts.append(number[place : place + size])
        place += size
    return separator.join([*parts, number[place:]] if place < len(number) else parts)


def _full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def _with_hidden(text: str) -> str:
    return "\u200b".join([text[:3], text[3:7], text[7:]])


def _chinese_digits(number: str) -> str:
    return number.translate(str.maketrans("0123456789", "零幺二三四五六七八九"))


_WRITTEN = {
    "name": ("name", lambda i: i.name()),
    "surname": ("name", lambda i: i.surname()),
    "english": ("name", lambda i: i.english_name()),
    "english_last": ("name", lambda i: i.random.choice(ENGLISH_LAST)),
    "english_lower": ("name", lambda i: i.english_name().lower().replace("'", "")),
    "id": ("resident_id", lambda i: i.resident_id()),
    "id_spaced": ("resident_id", lambda i: _spaced(i.resident_id(), (6, 8), " ")),
    "id_dashed": ("resident_id", lambda i: _spaced(i.resident_id(), (6, 4, 4), "-")),
    "id_lower": ("resident_id", lambda i: i.resident_id().lower()),
    "id_wide": ("resident_id", lambda i: _full_width(i.resident_id())),
    "id_hidden": ("resident_id", lambda i: _with_hidden(i.resident_id())),
    "id_single": ("resident_id", lambda i: " ".join(i.resident_id())),
    "id_old": (
        "resident_id",
        lambda i: f"1101{i.random.randint(10, 99)}{i.random.randint(40, 85)}{i.day()}{i.digits(3)}",
    ),
    "card": ("bank_card", lambda i: i.card()),
    "card16": ("bank_card", lambda i: i.card(16, "400000")),
    "card_master": ("bank_card", lambda i: i.card(16, "510000")),
    "card_spaced": ("bank_card", lambda i: _spaced(i.card(), (4, 4, 4, 4), " ")),
    "card_dashed": ("bank_card", lambda i: _spaced(i.card(16, "620000"), (4, 4, 4), "-")),
    "card_wide": ("bank_card", lambda i: _full_width(i.card())),
    "mobile": ("mobile", lambda i: i.mobile()),
    "mobile_dashed": ("mobile", lambda i: _spaced(i.mobile(), (3, 4), "-")),
    "mobile_spaced": ("mobile", lambda i: _spaced(i.mobile(), (3, 4), " ")),
    "mobile_plus": ("mobile", lambda i: "+86 " + i.mobile()),
    "mobile_86": ("mobile", lambda i: "86-" + i.mobile()),
    "mobile_0086": ("mobile", lambda i: "0086" + i.mobile()),
    "mobile_wide": ("mobile", lambda i: _full_width(i.mobile())),
    "mobile_hidden": ("mobile", lambda i: _with_hidden(i.mobile())),
    "mobile_single": ("mobile", lambda i: " ".join(i.mobile())),
    "mobile_words": ("mobile", lambda i: _chinese_digits(i.mobile())),
    "mobile_dots": ("mobile", lambda i: _spaced(i.mobile(), (3, 4), ".")),
    "landline": ("phone", lambda i: "-".join(i.landline())),
    "landline_plain": ("phone", lambda i: "".join(i.landline())),
    "landline_brackets": ("phone", lambda i: "({}){}".format(*i.landline())),
    "landline_wide": ("phone", lambda i: "（{}）{}".format(*i.landline())),
    "landline_ext": ("phone", lambda i: "-".join(i.landline()) + "转" + i.digits(3)),
    "local": ("phone", lambda i: i.landline()[1]),
    "foreign": ("phone", lambda i: "+852 5500 " + i.digits(4)),
    "us_phone": ("phone", lambda i: i.us_phone()),
    "us_phone_brackets": ("phone", lambda i: "({}) {}-{}".format(*i.us_phone().split("-"))),
    "us_phone_dots": ("phone", lambda i: i.us_phone().replace("-", ".")),
    "us_phone_one": ("phone", lambda i: "+1 " + i.us_phone()),
    "ssn": ("document", lambda i: f"987-65-43{i.random.randint(20, 29)}"),
    "email": ("email", lambda i: i.email()),
    "email_wide": ("email", lambda i: i.email().replace("@", "＠")),
    "email_at": ("email", lambda i: i.email().replace("@", " (at) ")),
    "passport": ("document", lambda i: "E" + "00" + i.digits(6)),
    "permit": ("document", lambda i: "C" + "00" + i.digits(6)),
    "wechat": ("handle", lambda i: i.random.choice(["xiaoman_", "abc-", "wx2020"]) + i.digits(4)),
    "qq": ("handle", lambda i: "1000" + i.digits(5)),
    "plate": ("plate", lambda i: i.plate()),
    "plate_green": ("plate", lambda i: "粤BD0000" + i.digits(1)),
    "credit_code": ("credit_code", lambda i: i.credit_code()),
    "account": ("account", lambda i: "00" + i.digits(13)),
    "otp": ("secret", lambda i: i.digits(6)),
    "password": ("secret", lambda i: i.random.choice(["Ab12", "xm@", "qwe_"]) + i.digits(4)),
    "cvv": ("secret", lambda i: i.digits(3)),
    "home": ("address", lambda i: i.home()),
    "flat": ("address", lambda i: i.flat()),
    "us_home": ("address", lambda i: i.us_home()),
}
