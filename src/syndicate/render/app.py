"""The app's rendition: every field on its own and the article as HTML; the app decides how it looks."""

from __future__ import annotations

from syndicate.model.channel import Channel, Rendered
from syndicate.model.finding import Severity
from syndicate.model.item import Content
from syndicate.model.push import PushRule
from syndicate.render.article import article
from syndicate.render.facts import RenderFacts
from syndicate.render.limits import limit
from syndicate.render.parts import files_of, open_parts
from syndicate.render.website import official_fields
from syndicate.render.words import one_line, web_address


def render_app(content: Content, facts: RenderFacts, channel: Channel) -> Rendered:
    """The article for the app backend. A body over the limit blocks: the app has no page to read on."""
    parts = open_parts(content, facts, channel)
    published = content.published_at
    fields = {
        "title": parts.said("title", "title", "标题", lambda: parts.shortened(parts.title, "title", "标题")),
        "summary": parts.said("summary", "summary", "摘要", lambda: parts.summary(limit(channel, "summary"))),
        "source_name": one_line(content.source_name),
        "source_url": web_address(content.source_url),
        "published_at": published.astimezone(facts.office.timezone).isoformat() if published else "",
        "column": facts.column.name,
        "page_url": facts.page_url,
        "kind": content.kind.value,
        "author": one_line(content.author),
        **official_fields(content),
        **({"push": "yes"} if _pushed(channel, facts) else {}),
    }
    files = files_of(parts)
    fragment = article(parts.root)
    body = parts.filled(body=fragment, summary=fields["summary"]) if channel.template else fragment
    most = limit(channel, "body")
    if len(body) > most:
        parts.note("render.too_long", Severity.BLOCK, "正文", len(body), limit=most)
    return parts.rendered(fields, body, files)


def _pushed(channel: Channel, facts: RenderFacts) -> bool:
    """Whether readers get a notice: part of what is approved."""
    rule = channel.settings.get("push")
    return rule == PushRule.EVERY or (rule == PushRule.URGENT and facts.urgent)
