"""The Weibo rendition: one post within the length rule, with the link to our page and without topics."""

from __future__ import annotations

from urllib.parse import urlsplit

from syndicate.model.channel import Channel, Rendered
from syndicate.model.finding import Severity
from syndicate.model.item import Content
from syndicate.render.facts import RenderFacts
from syndicate.render.limits import limit
from syndicate.render.parts import Parts, open_parts, pictures_of
from syndicate.render.words import fit, one_line
from syndicate.text.weibo_length import weibo_length

# `#…#` makes a topic and `@name` calls an account; the full-width forms read the same and do neither.
_PLAIN = str.maketrans({"#": "＃", "@": "＠"})


def render_weibo(content: Content, facts: RenderFacts, channel: Channel) -> Rendered:
    """The post. The summary gives way first, then the title; what still does not fit blocks."""
    parts = open_parts(content, facts, channel)
    most = limit(channel, "status")
    written = parts.adapted("text")
    text = _shortest(parts, most) if written is None else written
    _check_post(parts, text, most)
    return parts.rendered({"text": text, "link": parts.link}, "", pictures_of(parts)[:1])


def _shortest(parts: Parts, most: int) -> str:
    """The post as the account's template arranges it, shortened to what is allowed."""
    content = parts.content
    given = one_line(content.summary)
    summary, title = (given or parts.text).translate(_PLAIN), parts.title.translate(_PLAIN)

    def length(title: str, summary: str) -> int:
        return weibo_length(_post(parts, title, summary))

    short_summary, cut = fit(summary, lambda candidate: length(title, candidate) <= most, whole_sentences=not given)
    short_title, cut_title = fit(title, lambda candidate: length(candidate, short_summary) <= most)
    text = _post(parts, short_title, short_summary)
    if cut:
        parts.note("render.shortened", Severity.CONFIRM, "摘要", len(summary), limit=most)
    if cut_title:
        parts.note("render.shortened", Severity.CONFIRM, "标题", len(title), limit=most)
    return text


def _post(parts: Parts, title: str, summary: str) -> str:
    source = one_line(parts.content.source_name).translate(_PLAIN)
    return parts.filled(title=title, summary=summary, source_name=source)


def _check_post(parts: Parts, text: str, most: int) -> None:
    """What the platform refuses for every post: too long, no link to a page, a topic."""
    if weibo_length(text) > most:
        parts.note("render.too_long", Severity.BLOCK, "微博正文", len(text), limit=most)
    if not parts.link or parts.link not in text:
        parts.note("render.no_link", Severity.BLOCK, "链接")
    elif not _is_safe(parts):
        parts.note("render.unsafe_link", Severity.BLOCK, "链接")
    if text.replace(parts.link, "").count("#") > 1:
        parts.note("render.topic", Severity.BLOCK, "微博正文")


def _is_safe(parts: Parts) -> bool:
    """Whether the link leads to a domain approved for the account: `safe_domains`, else our own site's. Subdomains count."""
    host, own = _host(parts.link), _host(parts.facts.office.site_url)
    listed = parts.channel.settings.get("safe_domains")
    domains = [str(one).lower() for one in listed] if isinstance(listed, tuple | list) else [own] if own else []
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def _host(address: str) -> str:
    """The host of an address; empty for one that cannot be read."""
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
