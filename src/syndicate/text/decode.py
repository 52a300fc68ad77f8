"""Bytes → text. One illegal byte costs one U+FFFD, never the document; declarations are heard but not believed.

Chinese government pages and feeds are UTF-8 or of the GB family, and often declare the other one. UTF-8 is so strict
that Chinese text in GB bytes cannot pass for it; GB18030 is so lax that UTF-8 bytes often pass for it. Hence: what
reads as UTF-8 with Chinese in it is UTF-8, whatever was declared.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from syndicate.text.late import late

_DECLARATIONS_WITHIN = 4096
"""Bytes searched for a declaration; HTML asks for 1,024, real pages put scripts and styles before it."""

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""UTF-32 first: its little-endian mark begins with that of UTF-16."""

_WIDE_XML = (
    (b"<\x00\x00\x00?\x00\x00\x00", "utf-32-le"),
    (b"\x00\x00\x00<\x00\x00\x00?", "utf-32-be"),
    (b"<\x00?\x00", "utf-16-le"),
    (b"\x00<\x00?", "utf-16-be"),
)
"""How `<?` begins an XML document without a mark (XML 1.0, appendix F)."""

_XML_DECLARATION = late(rb"""^\s{0,100}<\?xml[^>]{0,200}?encoding\s{0,20}=\s{0,20}["']([\w.:-]{1,40})["']""")
_META_DECLARATION = late(rb"""<meta[^>]{0,400}?charset\s{0,20}=\s{0,20}["']?\s{0,20}([\w.:-]{1,40})""", re.I)
_HEADER_CHARSET = late(r"""charset\s{0,20}=\s{0,20}["']?([\w.:-]{1,40})""", re.I | re.A)
_NAME = late(r"[\w.:-]{1,40}", re.A)

_GB_FAMILY = frozenset({"gb2312", "gbk", "gb18030", "cp936"})
_TEXT_CODECS = late(
    r"utf-8|utf-8-sig|utf-16(-[lb]e)?|utf-32(-[lb]e)?|ascii|iso8859-\d+|cp\d+|koi8-[rut]|big5(hkscs)?|euc_(jp|kr)"
    r"|shift_jis(_2004|x0213)?|iso2022_(jp|kr)|hz|gb2312|gbk|gb18030|tis-620"
)
"""Python also knows codecs that are no encodings of documents or take quadratic time (punycode, unicode_escape …)."""

_CHINESE = late(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
_DAMAGE = 0.2
"""Up to this share of illegal sequences among the non-ASCII characters, a text still counts as damaged, not as other."""


@dataclass(frozen=True)
class Decoded:
    """Text without its byte order mark, the encoding that read it, and how many U+FFFD stand for illegal bytes.

    Line ends and control characters are as they came. U+FFFD that the original itself contains are not in `replaced`.
    """

    text: str
    encoding: str
    replaced: int


def decode(data: bytes, declared: str = "") -> Decoded:
    """Read `data`; `declared` is an encoding's name or a Content-Type value, empty when nothing was said.

    Order: byte order mark; UTF-8 that contains Chinese; what was declared outside, then inside the document
    (gb2312 and gbk as gb18030); UTF-8; GB18030; and last the likeliest of them with U+FFFD. Never raises.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _replacing(data[len(mark) :], encoding)
    for start, encoding in _WIDE_XML:
        if data.startswith(start):
            return _replacing(data, encoding)
    as_utf8 = _replacing(data, "utf-8")
    if as_utf8.replaced == 0 and _CHINESE.search(as_utf8.text):
        return as_utf8
    names = tuple(_declared(data, declared))
    for name in (*names, "utf-8", "gb18030"):
        if name == "gb18030" and _only_damaged(as_utf8):
            return as_utf8
        strict = as_utf8 if name == "utf-8" else _replacing(data, name)
        if strict.replaced == 0 or (name in names and name != "utf-8" and _only_damaged(strict)):
            return strict
    as_gb = _replacing(data, "gb18030")
    return as_utf8 if as_utf8.replaced <= as_gb.replaced else as_gb


def _declared(data: bytes, declared: str) -> Iterator[str]:
    """The encodings named outside and inside the document, as Python names, GB family as gb18030."""
    header = _HEADER_CHARSET.search(declared)
    head = data[:_DECLARATIONS_WITHIN]
    inside = _XML_DECLARATION.search(head) or _META_DECLARATION.search(head)
    for name in (header.group(1) if header else declared.strip(), inside.group(1).decode("ascii") if inside else ""):
        known = _known(name)
        # A document whose ASCII declaration can be read is in no wide encoding, whatever that declaration says.
        if known and not (inside and known.startswith(("utf-16", "utf-32"))):
            yield known


def _known(name: str) -> str:
    if not _NAME.fullmatch(name):
        return ""
    try:
        python_name = codecs.lookup(name).name
    except LookupError:
        return ""
    if python_name in _GB_FAMILY:
        return "gb18030"
    return python_name if _TEXT_CODECS.fullmatch(python_name) else ""


def _replacing(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    marks = text.count("\ufffd")
    if not marks:
        return Decoded(text, encoding, 0)
    try:
        own = data.count("\ufffd".encode(encoding))
    except UnicodeEncodeError:
        own = 0
    return Decoded(text, encoding, max(0, marks - own))


def _only_damaged(decoded: Decoded) -> bool:
    foreign = len(decoded.text) - len(decoded.text.encode("ascii", "ignore"))
    return decoded.replaced <= foreign * _DAMAGE and bool(_CHINESE.search(decoded.text))
