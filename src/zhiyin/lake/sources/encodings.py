"""Which encoding a text is in, and turning it into UTF-8 without losing where it went wrong."""

from __future__ import annotations

import codecs
import re
import threading
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa

from zhiyin.lake.sources.errors import UnknownEncoding

MARK: Final = "zhiyin.mark"
"""Error handler of codecs: an undecodable byte becomes a lone surrogate, which no valid text holds."""
_NOTE: Final = "zhiyin.note"
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# GB18030 reads all of GBK and GB2312, so the narrower names, which files are often wrongly given, are widened.
_WIDENED: Final = {"gbk": "gb18030", "gb2312": "gb18030", "ascii": "utf-8", "utf-8-sig": "utf-8", "utf_8_sig": "utf-8"}
_MARKED: Final = re.compile(rb"\xed[\xb0-\xb3][\x80-\xbf]")
_COMMON: Final = frozenset(
    "的一是不了在人有我他这为之大来以个中上们到说国和地也子时道出而要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者"
    "多日都三小军二无同么经法当起与好看学进种将还分此心前面又定见只主没公从知这為個們來說國時會對後裡過發經學進種將還見沒從"
    "客户银行卡款账号手机网点柜面服务满意度办理投诉电话信用贷开存取转帐业务支分理财员姓名号码省市区路北京上海广深州南江东西"
    "戶銀號機網點櫃務滿辦訴電話貸開轉帳業財員碼區東廣"
)


@dataclass(frozen=True, slots=True)
class EncodingGuess:
    """What a text's bytes look like.

    Attributes
    ----------
    name : Python's codec.
    bom : bytes of the byte order mark at its start.
    ascii : no byte above 127 was seen, so the name is an assumption.
    rivals : other encodings that fit nearly as well.
    errors : sequences that this encoding does not know.
    """

    name: str
    bom: int = 0
    ascii: bool = False
    rivals: tuple[str, ...] = ()
    errors: int = 0


def known_encoding(name: str, file: str) -> str:
    """The codec's usual name; ``gbk`` and ``gb2312`` widened to ``gb18030``, ``utf-16`` kept as asked."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError) as error:
        raise UnknownEncoding(file=file, encoding=name) from error
    if not getattr(found, "_is_text_encoding", True):
        raise UnknownEncoding(file=file, encoding=name)
    return _WIDENED.get(found.name, found.name)


def settle_encoding(sample: bytes, asked: str | None, file: str) -> EncodingGuess:
    """The encoding asked for, with the byte order mark that may stand before it; guessed where none is asked for."""
    if asked is None:
        return guess_encoding(sample)
    name = known_encoding(asked, file)
    for bom, marked in _BOMS:
        if sample.startswith(bom) and name in (marked, "utf-16"):
            return EncodingGuess(marked, bom=len(bom))
    if name == "utf-16":
        return EncodingGuess(_wide_without_bom(sample) or "utf-16-le")
    return EncodingGuess(name)


def guess_encoding(sample: bytes) -> EncodingGuess:
    """Judge by a byte order mark, else by which encoding reads the sample with the fewest errors and as real words.

    The sample may end within a character. UTF-8 is believed when it fits, since text in another encoding hardly ever
    does by chance; between GB18030, Big5 and cp1252, which accept nearly anything, the share of everyday characters
    decides.
    """
    for bom, name in _BOMS:
        if sample.startswith(bom):
            return EncodingGuess(name, bom=len(bom))
    wide = _wide_without_bom(sample)
    if wide is not None:
        return EncodingGuess(wide, rivals=("utf-8",))
    if sample.isascii():
        return EncodingGuess("utf-8", ascii=True)
    high = sum(byte > 127 for byte in sample[:65536]) or 1
    errors = _errors(sample, "utf-8")
    if errors == 0:
        return EncodingGuess("utf-8")
    if errors * 50 < high:
        return EncodingGuess("utf-8", errors=errors)
    scores = sorted(((_score(sample, name), name) for name in ("gb18030", "big5", "cp1252")), reverse=True)
    (best, name), (second, rival) = scores[0], scores[1]
    rivals = (rival,) if second > 0.8 * best else ()
    return EncodingGuess(name, rivals=rivals, errors=_errors(sample, name))


def _wide_without_bom(sample: bytes) -> str | None:
    """UTF-16 betrays itself by its digits, delimiters and line ends, of which each is a NUL and an ASCII byte."""
    head = np.frombuffer(sample[: min(len(sample), 65536) // 2 * 2], np.uint8).reshape(-1, 2)
    plain = (head >= 9) & (head < 127)
    little = int(((head[:, 1] == 0) & plain[:, 0]).sum())
    big = int(((head[:, 0] == 0) & plain[:, 1]).sum())
    # A few ideographs read as the other kind: the low byte of 一 is a NUL.
    if max(little, big) < max(3, len(head) // 100) or min(little, big) * 3 > max(little, big):
        return None
    return "utf-16-le" if little > big else "utf-16-be"


def _errors(sample: bytes, encoding: str) -> int:
    return len(_MARKED.findall(Transcoder(encoding).feed(sample)))


def _score(sample: bytes, encoding: str) -> float:
    """Share of the sample's high bytes that read as everyday characters, less a fine for each error."""
    text = Transcoder(encoding).feed(sample[:65536]).decode("utf-8", "surrogatepass")
    foreign = [character for character in text if ord(character) > 127]
    if not foreign:
        return 0.0
    wrong = sum("\udc00" <= character <= "\udcff" for character in foreign)
    if encoding == "cp1252":
        letters = sum("\u00c0" <= character <= "\u00ff" for character in foreign)
        lonely = len(re.findall("(?<![\u0080-\uffff])[\u0080-\uffff](?![\u0080-\uffff])", text))
        return (min(letters, lonely) * 0.6 - 5 * wrong) / len(foreign)
    ideographs = sum("\u4e00" <= character <= "\u9fff" for character in foreign)
    common = sum(character in _COMMON for character in foreign)
    return (common + 0.2 * ideographs - 5 * wrong) / len(foreign)


def _mark_bytes(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(chr(0xDC00 + byte) for byte in error.object[error.start : error.end]), error.end


codecs.register_error(MARK, _mark_bytes)


class Transcoder:
    """Bytes in some encoding to UTF-8, piece by piece.

    A byte that the encoding does not know becomes three bytes that UTF-8 does not know (a lone surrogate), so that
    everything after this place treats undecodable bytes of all encodings alike: the row is found and set apart.
    A character cut by the end of a piece waits for the next one.
    """

    def __init__(self, encoding: str) -> None:
        self._decoder = codecs.getincrementaldecoder(encoding)(MARK)

    def feed(self, data: bytes, *, final: bool = False) -> bytes:
        """The UTF-8 of as many characters as are complete; ``final`` when nothing follows."""
        return self._decoder.decode(data, final).encode("utf-8", "surrogatepass")


def shown(raw: bytes) -> str:
    """UTF-8 (perhaps with marks of :class:`Transcoder`) as text, each undecodable byte as U+FFFD."""
    return _MARKED.sub("\N{REPLACEMENT CHARACTER}".encode(), raw).decode("utf-8", "replace")


def undecodable(data: bytes) -> list[int]:
    """Positions of the bytes that UTF-8 does not know."""
    if is_utf8(data):
        return []
    _noted.places = []
    data.decode("utf-8", _NOTE)
    places: list[int] = _noted.places
    return places


def is_utf8(data: bytes | memoryview) -> bool:
    """Whether all of it is UTF-8: Arrow's check, many times as fast as decoding."""
    offsets = np.array([0, len(data)], np.int64)
    text = pa.Array.from_buffers(pa.large_string(), 1, [None, pa.py_buffer(offsets), pa.py_buffer(data)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


_noted = threading.local()


def _note_place(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    _noted.places.append(error.start)
    return "", error.end


codecs.register_error(_NOTE, _note_place)
