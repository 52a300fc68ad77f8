"""A web page opened for reading: its tree, its meta tags, and what its lines say about it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from selectolax.lexbor import LexborHTMLParser, LexborNode

from syndicate.ingest.addresses import absolute
from syndicate.ingest.documents import decoded, find_all, one_line, text_of
from syndicate.model.source import Document
from syndicate.text.sanitise import refuse_hostile

_PART = re.compile(r"[-_|— ]+")
_LEAST_TITLE = 6
_NOTHING = frozenset({"null", "undefined", "none", "无", "-"})
"""What templates write where a field is empty (`content="null"`, domain reference §2.5)."""
_PUBLISHED = re.compile(r"(?:发布时间|发布日期|发文时间|发表时间)\s*[:：]?\s*([^\n]{6,40})")
_TIME_LABEL = re.compile(r"(?:^|[\s|])(?:时间|日期)\s*[:：]\s*([^\n]{6,40})")
_MOMENT = re.compile(r"(?:19|20)\d\d\s?[-年/.]\s?\d{1,2}\s?[-月/.]\s?\d{1,2}日?\s{0,3}\d{1,2}:\d\d(?::\d\d)?", re.A)
_DAY = re.compile(r"\s{0,20}(?:19|20)\d\d\s?[-年/.]\s?\d{1,2}\s?[-月/.]\s?\d{1,2}日?", re.A)
_UNIT = re.compile(r"\s{1,20}([\u4e00-\u9fffA-Za-z·]{2,20})\s{1,20}")
_NO_UNIT = re.compile(r"来源|分享|收藏|字体|字号|浏览|阅读|打印|评论|点击|参与|作者|编辑|关注|原创|举报|版权|下载|时间")
_BESIDE = 200
"""Characters behind a title in which its line of time and source stands."""
_SOURCE = re.compile(r"(?:信息来源|文章来源|稿件来源|来\s{0,4}源)\s*[:：]\s*([^\s|】\]）)]{2,40})")
_LINES = 60_000
"""Characters of the page's text in which labelled lines are sought."""


@dataclass(frozen=True)
class Page:
    """An opened page. `base` is what its relative addresses are relative to; `text` its HTML."""

    tree: LexborHTMLParser
    text: str
    base: str
    meta: Mapping[str, str]
    replaced: int

    def first_text(self, selector: str) -> str:
        """The text of the first match of a selector on one line, empty where none is."""
        matches = find_all(self.tree, selector) if selector else []
        return text_of(matches[0]) if matches else ""

    def labelled_time(self) -> str:
        """What follows 发布时间 on the page."""
        return self._after(_PUBLISHED)

    def labelled_source(self) -> str:
        """What follows 来源 on the page."""
        return self._after(_SOURCE)

    def time_beside(self, title: str) -> str:
        """The time without a label that a page prints beside its title: with hours and minutes, or directly behind it."""
        for line in self._beside(title):
            moment = _MOMENT.search(line) or _DAY.match(line)
            if moment:
                return moment[0].strip()
        return self._after(_TIME_LABEL)

    def source_beside(self, title: str) -> str:
        """The unit that a page names directly behind that time, or between title and time."""
        for line in self._beside(title):
            moment = _MOMENT.search(line) or _DAY.match(line)
            for unit in (_UNIT.match(line, moment.end()), _UNIT.fullmatch(line, 0, moment.start())) if moment else ():
                if unit and not _NO_UNIT.search(unit[1]):
                    return unit[1]
        return ""

    def heading_above_time(self) -> str:
        """The heading directly above 发布时间, where a window's title names only site and section."""
        lines = [line.strip() for line in self._lines.split("\n") if line.strip()]
        labelled = next((number for number, line in enumerate(lines) if _PUBLISHED.match(line)), 0)
        above = lines[labelled - 1] if labelled else ""
        headings = {text_of(node) for node in self.tree.css("h1, h2, h3, h4, h5, h6")}
        return above if len(above) >= _LEAST_TITLE and above in headings else ""

    def _beside(self, title: str) -> Iterator[str]:
        """What stands behind each place where the page shows its title."""
        text, at = self._lines, self._lines.find(title) if title else -1
        while at >= 0:
            yield text[at + len(title) : at + len(title) + _BESIDE]
            at = text.find(title, at + 1)

    def shown_part(self, window: str) -> str:
        """The longest beginning of a window's title that the page shows as a line of its own; empty where none is."""
        lines = {line.strip() for line in self._lines.split("\n")}
        ends = [len(window), *(match.start() for match in reversed(list(_PART.finditer(window))))]
        parts = (window[:end].rstrip(" -_|—") for end in ends)
        return next((part for part in parts if len(part) >= _LEAST_TITLE and part in lines), "")

    @cached_property
    def _lines(self) -> str:
        """The beginning of the page's text, a line for each piece of it."""
        body = self.tree.body
        return body.text(separator="\n")[:_LINES].replace("\u3000", " ").replace("\xa0", " ") if body else ""

    def _after(self, label: re.Pattern[str]) -> str:
        match = label.search(self._lines.replace("\n", " "))
        return one_line(match[1]) if match else ""


def open_page(document: Document, encoding: str) -> Page:
    """Decode and parse a page. Raises `InputError` where it is empty or built to keep a parser busy."""
    read = decoded(document, encoding)
    refuse_hostile(read.text)
    tree = LexborHTMLParser(read.text)
    # Their text is nothing that a page says; what scripts hold is sought in `text`.
    tree.strip_tags(["script", "style"])
    return Page(tree, read.text, base_address(tree, document.url), _meta(tree), read.replaced)


def base_address(tree: LexborHTMLParser, url: str) -> str:
    """What relative addresses of a page are relative to."""
    base = tree.css_first("base[href]")
    return absolute((base.attributes.get("href") or "") if base else "", url) or url


def fragment(html: str) -> LexborNode | None:
    """The body node of a piece of HTML."""
    return LexborHTMLParser(html).body


def _meta(tree: LexborHTMLParser) -> Mapping[str, str]:
    """Meta tags by name in small letters; the first that says something wins."""
    meta: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        name = (node.attributes.get("name") or node.attributes.get("property") or "").strip().lower()
        content = one_line(node.attributes.get("content") or "")
        if name and content and content.lower() not in _NOTHING:
            meta.setdefault(name, content)
    return meta
