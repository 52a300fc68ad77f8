"""The WeChat rendition: an article for the official account, dressed with inline styles, without foreign addresses."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from lxml import html
from lxml.html import HtmlElement

from syndicate.model.channel import Channel, FileReference, Rendered
from syndicate.model.finding import Severity
from syndicate.model.item import Content, FileRole
from syndicate.render.facts import RenderFacts
from syndicate.render.limits import limit
from syndicate.render.markup import append_text, elements, inner
from syndicate.render.media import is_picture_for
from syndicate.render.parts import Parts, files_of, open_parts, pictures_of
from syndicate.render.words import one_line

_KEPT_ATTRIBUTES = frozenset({"src", "alt", "colspan", "rowspan"})


@cache
def _styles() -> Mapping[str, str]:
    """Inline styles by tag, from `wechat_styles.tsv`; the platform drops style sheets and classes."""
    text = files("syndicate.render").joinpath("wechat_styles.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return MappingProxyType({row["tag"]: row["style"] for row in rows})


def render_wechat(content: Content, facts: RenderFacts, channel: Channel) -> Rendered:
    """The article, its cover (the first picture) and the link 阅读原文 to our page."""
    parts = open_parts(content, facts, channel)
    if not parts.link:
        parts.note("render.no_link", Severity.CONFIRM, "阅读原文")
    summary = parts.summary(limit(channel, "digest"))
    fields = {
        "title": parts.said("title", "title", "标题", lambda: parts.shortened(parts.title, "title", "标题")),
        "author": parts.said("author", "author", "作者", lambda: _author(parts)),
        "digest": parts.said(
            "digest", "digest", "摘要", lambda: parts.shortened(one_line(content.summary) or summary, "digest", "摘要")
        ),
        "content_source_url": parts.link,
    }
    pictures = pictures_of(parts)
    cover = _cover(parts, pictures)
    _dress(parts.root)
    body = _within_limit(parts, summary)
    shown = tuple(picture for picture in pictures if f"file:{picture.sha256}" in body)
    return parts.rendered(fields, body, shown + cover)


def _author(parts: Parts) -> str:
    """The author; else the source where its name fits, as the source also stands in the text."""
    if parts.content.author:
        return parts.shortened(one_line(parts.content.author), "author", "作者")
    source = one_line(parts.content.source_name)
    return source if len(source) <= limit(parts.channel, "author") else ""


def _cover(parts: Parts, pictures: tuple[FileReference, ...]) -> tuple[FileReference, ...]:
    """The first picture of the text, else the first picture of the revision."""
    others = [file for file in files_of(parts) if file.role == FileRole.IMAGE]
    for picture in [*pictures, *others]:
        if is_picture_for(picture.media_type, parts.channel.kind):
            return (replace(picture, role="cover"),)
    return ()


def _dress(root: HtmlElement) -> None:
    """Inline styles, links as text (the platform removes foreign links), tables that scroll."""
    for link in elements(root, "a"):
        address = link.get("href") or ""
        if address.startswith(("http:", "https:")) and address not in link.text_content():
            append_text(link, f"（{address}）")
        link.drop_tag()
    for element in elements(root):
        element.tag = "h2" if element.tag == "h1" else element.tag
        styles = [_styles().get(element.tag, ""), element.get("style") or ""]
        for name in [name for name in element.attrib if name not in _KEPT_ATTRIBUTES]:
            del element.attrib[name]
        if any(styles):
            element.set("style", ";".join(style.strip().rstrip(";") for style in styles if style))
    for table in elements(root, "table"):
        frame = table.makeelement("section", {"style": "overflow-x:auto"})
        frame.tail, table.tail = table.tail, None
        table.addprevious(frame)
        frame.append(table)


def _within_limit(parts: Parts, summary: str) -> str:
    """The article as the template frames it; too long, it ends after a whole block and points to the full text."""
    most = limit(parts.channel, "content")

    def framed(markup: str, shortened: bool) -> str:
        return parts.filled(body=markup, summary=summary, shortened=shortened)

    whole = framed(inner(parts.root).strip(), False)
    if len(whole) <= most:
        return whole
    room = most - len(framed("", True))
    blocks, kept = _blocks(parts.root), ""
    for block in blocks:
        if len(kept) + len(block) > room:
            break
        kept += block
    rule, severity = ("render.shortened", Severity.CONFIRM) if kept else ("render.too_long", Severity.BLOCK)
    parts.note(rule, severity, "正文", len(whole), limit=most)
    return framed(kept, True)


def _blocks(root: HtmlElement) -> list[str]:
    """The markup of the body's outermost blocks; a single frame around everything is looked through."""
    while len(root) == 1 and root[0].tag in ("div", "section", "article") and not (root.text or "").strip():
        root = root[0]
    if (root.text or "").strip():
        return [inner(root)]
    return [html.tostring(child, encoding="unicode") for child in root]
