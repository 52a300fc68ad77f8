"""What stands in place of something taken down, or is told to the person who must take it down by hand."""

from __future__ import annotations

from html import escape

from syndicate.model.channel import Channel, ChannelKind, Rendition
from syndicate.model.item import Content
from syndicate.model.review import WithdrawalKind
from syndicate.render.facts import NOTICE_TEMPLATE, RenderFacts
from syndicate.render.templates import fill
from syndicate.render.words import clean, one_line


def render_notice(
    kind: WithdrawalKind, content: Content, facts: RenderFacts, channel: Channel, reason_shown: str = ""
) -> Rendition:
    """The notice by the office's approved template (`facts.notice_template`): first line heading, then the text.

    `reason_shown` is the sentence for the public, empty for none; the internal reason never comes here. A title is
    handed to the template only where it was not itself withdrawn as an error. Raises `ConfigurationError` for a bad
    template.
    """
    is_error = kind is WithdrawalKind.ERROR
    values = {
        "kind": kind.value,
        "title": "" if is_error else one_line(content.title),
        "reason": one_line(reason_shown),
        "office": facts.office.name,
        "site_name": facts.office.site_name,
        "telephone": facts.office.telephone,
        "column": facts.column.title,
    }
    text = clean(fill(facts.notice_template, values, name=NOTICE_TEMPLATE))
    heading, _, rest = text.partition("\n")
    lines = [line.strip() for line in rest.splitlines() if line.strip()]
    fields = {"notice": kind.value, "title": heading.strip(), "text": "\n".join(lines)}
    if channel.kind not in (ChannelKind.WEBSITE, ChannelKind.WORDPRESS):
        return Rendition(channel.id, {**fields, "link": facts.page_url}, "")
    body = "".join(f"<p>{escape(line, quote=False)}</p>" for line in lines)
    if channel.kind is ChannelKind.WORDPRESS:
        marked = f'<div data-notice="{kind.value}">{body}</div>'
        return Rendition(channel.id, {**fields, "slug": facts.slug, "column": facts.column.name}, marked)
    return Rendition(channel.id, {**fields, "address": facts.address, "column": facts.column.name}, body)
