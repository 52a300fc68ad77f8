"""The rendition for a CMS: one post with its source and its attachments in the text, as the CMS has no fields for them."""

from __future__ import annotations

from html import escape

from syndicate.model.channel import Channel, FileReference, Rendered
from syndicate.model.item import Content, FileRole
from syndicate.render.article import article
from syndicate.render.facts import RenderFacts
from syndicate.render.limits import limit
from syndicate.render.parts import files_of, open_parts
from syndicate.render.website import official_fields
from syndicate.render.words import one_line, web_address


def render_wordpress(content: Content, facts: RenderFacts, channel: Channel) -> Rendered:
    """Title, excerpt and body of a post; attachments that the text does not name follow it as links."""
    parts = open_parts(content, facts, channel)
    fields = {
        "slug": facts.slug,
        "column": facts.column.name,
        "kind": content.kind.value,
        "title": parts.title,
        "summary": parts.said("summary", "summary", "摘要", lambda: parts.summary(limit(channel, "summary"))),
        "source_name": one_line(content.source_name),
        "source_url": web_address(content.source_url),
        **official_fields(content),
    }
    files = files_of(parts)
    fragment = article(parts.root)
    fragment += "".join(_link(file) for file in files if _follows(file, fragment))
    body = parts.filled(body=fragment, summary=fields["summary"]) if channel.template else fragment
    return parts.rendered(fields, body, files)


def _follows(file: FileReference, fragment: str) -> bool:
    return file.role == FileRole.ATTACHMENT and f"file:{file.sha256}" not in fragment


def _link(file: FileReference) -> str:
    return f'<p class="attachment">附件：<a href="file:{file.sha256}">{escape(file.name)}</a></p>'
