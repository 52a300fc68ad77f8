"""The rendition for channels whose form we do not know: text and files ready for a person, or for somebody else's driver."""

from __future__ import annotations

from syndicate.model.channel import Channel, Rendered
from syndicate.model.finding import Severity
from syndicate.model.item import Content
from syndicate.render.facts import RenderFacts
from syndicate.render.limits import limit
from syndicate.render.markup import paragraphs
from syndicate.render.parts import Parts, files_of, open_parts


def render_manual(content: Content, facts: RenderFacts, channel: Channel) -> Rendered:
    """The whole text in plain form, as the account's template arranges it."""
    parts = open_parts(content, facts, channel)
    title = parts.said("title", "title", "标题", lambda: parts.shortened(parts.title, "title", "标题"))
    text = parts.said("text", "text", "正文", lambda: _text(parts))
    return parts.rendered({"title": title, "text": text, "link": parts.link}, "", files_of(parts))


def _text(parts: Parts) -> str:
    summary = parts.summary(limit(parts.channel, "summary"))
    text = parts.filled(summary=summary, text="\n\n".join(paragraphs(parts.root)))
    if len(text) > limit(parts.channel, "text"):
        parts.note("render.too_long", Severity.BLOCK, "正文", len(text), limit=limit(parts.channel, "text"))
    return text
