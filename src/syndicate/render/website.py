"""The website's rendition: the article as our pages show it. Page frame, lists and feeds are no part of it."""

from __future__ import annotations

from syndicate.model.channel import Channel, Rendered
from syndicate.model.item import SCREEN_TIMES, Content
from syndicate.render.article import article
from syndicate.render.facts import RenderFacts
from syndicate.render.limits import limit
from syndicate.render.parts import files_of, open_parts
from syndicate.render.words import one_line, web_address


def official_fields(content: Content) -> dict[str, str]:
    """The 信息公开 fields that are filled in, as `field:<label>`."""
    shown = ((label, value) for label, value in content.fields.items() if label not in SCREEN_TIMES)
    cleaned = {one_line(label): one_line(value) for label, value in shown}
    return {f"field:{label}": value for label, value in cleaned.items() if label and value}


def render_website(content: Content, facts: RenderFacts, channel: Channel) -> Rendered:
    """The article with its place, source and official fields."""
    parts = open_parts(content, facts, channel)
    published = content.published_at
    fields = {
        "address": facts.address,
        "column": facts.column.name,
        "kind": content.kind.value,
        "title": parts.title,
        "summary": parts.said("summary", "summary", "摘要", lambda: parts.summary(limit(channel, "summary"))),
        "source_name": one_line(content.source_name),
        "source_url": web_address(content.source_url),
        "source_published_at": published.astimezone(facts.office.timezone).isoformat() if published else "",
        "author": one_line(content.author),
        **official_fields(content),
    }
    files = files_of(parts)
    return parts.rendered(fields, article(parts.root), files)
