"""The LED screen's rendition: a line that can be read while walking by."""

from __future__ import annotations

from datetime import timedelta

from syndicate.model.channel import Channel, Rendered
from syndicate.model.finding import Severity
from syndicate.model.item import Content
from syndicate.render.facts import RenderFacts
from syndicate.render.limits import limit
from syndicate.render.parts import open_parts
from syndicate.render.words import fit, outside_gbk


def render_led(content: Content, facts: RenderFacts, channel: Channel) -> Rendered:
    """Title, text, seconds on the screen and the end of its time there, counted from the item's creation."""
    parts = open_parts(content, facts, channel)
    most = limit(channel, "text")

    def text_with(summary: str) -> str:
        return " ".join(parts.filled(summary=summary, title=title).split())

    title = parts.shortened(parts.title, "title", "标题")
    summary, _ = fit(parts.summary(most), lambda candidate: len(text_with(candidate)) <= most, whole_sentences=True)
    text = text_with(summary)
    if len(text) > most:
        parts.note("render.too_long", Severity.BLOCK, "屏幕文字", len(text), limit=most)
    if lost := outside_gbk(title + text):
        parts.note("render.not_in_gbk", Severity.CONFIRM, "屏幕文字", characters="、".join(lost))
    expires = facts.created_at.astimezone(facts.office.timezone) + _time_on_screen(channel)
    fields = {
        "title": title,
        "text": text,
        "seconds": str(channel.settings.get("seconds", limit(channel, "seconds"))),
        "expires_at": expires.isoformat(),
    }
    return parts.rendered(fields, "")


def _time_on_screen(channel: Channel) -> timedelta:
    """The account's setting `expires_after`, else the default number of days."""
    setting = channel.settings.get("expires_after")
    return setting if isinstance(setting, timedelta) else timedelta(days=limit(channel, "days"))
