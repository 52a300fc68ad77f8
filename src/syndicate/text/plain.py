"""Source → plain text as the monitor reads it, with a map back: `from_text` for plain sources, `from_html` for markup.

What is left out: soft hyphens, zero-width characters and byte order marks; blanks and line breaks that stand inside a
run of Chinese. A word cut by one of them reads whole. What stays: the break between blocks, cells and paragraphs, so
that two words which only meet across it never read as one. Full-width letters and digits become half-width ones.
"""

from __future__ import annotations

import re

from syndicate.text.late import late
from syndicate.text.mapping import Mapped, identity

_INVISIBLE = late("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]+")
_HAN = "\u3400-\u4dbf\u4e00-\u9fff〇"
_CHINESE = _HAN + r"\d，、（）《》“”‘’〔〕〈〉—％%"
_BLANKS = " \xa0\u3000\u2002\u2003\u2009"
_WHITE = r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# What may vanish: white space within Chinese; a single blank surely does, anything else is the group `other`. The white
# space is spelt out and the look-behind comes second, so that the search runs over one table of characters.
_BREAK = late(
    rf"[{_WHITE}](?:(?<=[{_HAN}][{_BLANKS}])(?=[{_HAN}])|(?P<other>(?<=[{_CHINESE}].)[{_WHITE}]*(?=[{_CHINESE}])))",
    re.DOTALL,
)
_WIDE = late(r"[０-９Ａ-Ｚａ-ｚ]+")
_WIDE_TO_HALF = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5B)}
_SURROGATE = late("[\ud800-\udfff]")
_RARE = late("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff０-９Ａ-Ｚａ-ｚ]")
"""Half of all texts hold none of these: one search then spares three."""
_HARD = late(r"[\t\v\f\x1c-\x1f\u2028\u2029]")
_PROSE = late("[，。；：、！？]")
_TABLE = late(r"[\t|]|\S[ \u3000]{2,}\S|[0-9]\u3000|\u3000[0-9]|^[#>*]")
_MARKER = late(
    r"[（(]?[一二三四五六七八九十百]{1,4}[）)、．.]|[（(]?\d{1,3}[）)、．.]|第[一二三四五六七八九十百零\d]{1,7}[条章节编款项]|附件|[①-⑳#>*|-]"
)
_REACH = 200
"""So many characters of the lines around a break are looked at; keeps one endless line from costing the square."""


def is_han(character: str) -> bool:
    """Whether it is a Chinese character (the unified ideographs with extension A and the zero 〇)."""
    return "\u4e00" <= character <= "\u9fff" or "\u3400" <= character <= "\u4dbf" or character == "〇"


def from_text(source: str) -> Mapped:
    """Plain text of a plain source."""
    return _readable(identity(source), markup=False)


def from_html(source: str) -> Mapped:
    """Plain text of an HTML source: tags, comments, scripts and styles dropped, references resolved."""
    from syndicate.text.markup import plain_from_markup  # a plain text does not wait for it

    return _readable(plain_from_markup(source), markup=True)


def _readable(mapped: Mapped, *, markup: bool) -> Mapped:
    if not _RARE.search(mapped.text):
        return _joined(mapped, markup=markup)
    visible = mapped.without(match.span() for match in _INVISIBLE.finditer(mapped.text))
    return _normalised(_joined(visible, markup=markup))


def _normalised(mapped: Mapped) -> Mapped:
    """The same text with half-width letters and digits, character by character; lone surrogates become U+FFFD."""
    text = _WIDE.sub(lambda run: run.group().translate(_WIDE_TO_HALF), mapped.text)
    return Mapped(_SURROGATE.sub("\ufffd", text), mapped.at, mapped.begins, mapped.ends)


def _joined(mapped: Mapped, *, markup: bool) -> Mapped:
    text = mapped.text
    gaps = [
        run.span()
        for run in _BREAK.finditer(text)
        if run.lastindex is None or _vanishes(text, *run.span(), markup=markup)
    ]
    return mapped.without(gaps) if gaps else mapped


def _vanishes(text: str, start: int, end: int, *, markup: bool) -> bool:
    """Whether the white space `text[start:end]` between Chinese, which is no single blank, only cuts a run of it."""
    white = text[start:end]
    lines = white.count("\n") + white.count("\r") - white.count("\r\n")
    if lines:
        return lines == 1 and not _HARD.search(white) and _is_soft(text, start, end)
    return markup and is_han(text[start - 1]) and is_han(text[end]) and not white.strip(" ")


def _is_soft(text: str, start: int, end: int) -> bool:
    """Whether a line break stands in the middle of a sentence: prose around it, no end before, no marker after it."""
    if _MARKER.match(text, end):
        return False
    line_before = text[max(text.rfind("\n", 0, start) + 1, start - _REACH) : start]
    stop = text.find("\n", end, end + _REACH)
    line_after = text[end : stop if stop >= 0 else end + _REACH]
    if _TABLE.search(line_before) or _TABLE.search(line_after):
        return False
    return bool(_PROSE.search(line_before) or _PROSE.search(line_after))
