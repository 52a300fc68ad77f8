"""The LED screen's rendition: a line that can be read while walking by."""

from __future__ import annotations

from datetime import datetime, timedelta

from syndicate.model.channel import Channel, Rendered
from syndicate.model.finding import Severity
from syndicate.model.item import SCREEN_FROM, SCREEN_UNTIL, Content
from syndicate.render.facts import RenderFacts
from syndicate.render.limits import limit
from syndicate.render.parts import Parts, open_parts
from syndicate.render.words import fit, outside_gbk


def render_led(content: Content, facts: RenderFacts, channel: Channel) -> Rendered:
    """Title, text, seconds on the screen and the time it is there; something urgent is there alone."""
    parts = open_parts(content, facts, channel)
    title = parts.said("title", "title", "标题", lambda: parts.shortened(parts.title, "title", "标题"))
    text = parts.said("text", "text", "屏幕文字", lambda: _text(parts, title))
    if lost := outside_gbk(title + text):
        parts.note("render.not_in_gbk", Severity.CONFIRM, "屏幕文字", characters="、".join(lost))
    fields = {
        "title": title,
        "text": text,
        "seconds": str(channel.settings.get("seconds", limit(channel, "seconds"))),
        **_times(parts),
        **({"urgent": "yes"} if facts.urgent else {}),
    }
    return parts.rendered(fields, "")


def _text(parts: Parts, title: str) -> str:
    """The account's template with as much of the summary as the screen takes."""
    most = limit(parts.channel, "text")

    def text_with(summary: str) -> str:
        return " ".join(parts.filled(summary=summary, title=title).split())

    summary, _ = fit(parts.summary(most), lambda candidate: len(text_with(candidate)) <= most, whole_sentences=True)
    text = text_with(summary)
    if len(text) > most:
        parts.note("render.too_long", Severity.BLOCK, "屏幕文字", len(text), limit=most)
    return text


def _times(parts: Parts) -> dict[str, str]:
    """From when until when: as the revision says, else from now on for the account's time; never past the item's own end."""
    facts, fields = parts.facts, parts.content.fields
    start, until = (_moment(parts, label) for label in (SCREEN_FROM, SCREEN_UNTIL))
    ends = [until or facts.created_at + _time_on_screen(parts.channel, facts.urgent), facts.expires_at]
    end = min(one for one in ends if one is not None).astimezone(facts.office.timezone)
    if start is not None and start >= end:
        parts.note(
            "render.screen_time", Severity.BLOCK, "上屏时间", value=f"{fields[SCREEN_FROM]}—{end:%Y-%m-%dT%H:%M}"
        )
    return {**({"not_before": start.isoformat()} if start else {}), "expires_at": end.isoformat()}


def _moment(parts: Parts, label: str) -> datetime | None:
    """A time of the revision in the office's zone; one that cannot be read blocks."""
    value = parts.content.fields.get(label, "").strip()
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        parts.note("render.screen_time", Severity.BLOCK, "上屏时间", value=value[:40])
        return None
    zone = parts.facts.office.timezone
    return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)


def _time_on_screen(channel: Channel, urgent: bool) -> timedelta:
    """The account's setting `expires_after`, else the default number of days; hours for what is there alone."""
    if urgent:
        return timedelta(hours=limit(channel, "urgent_hours"))
    setting = channel.settings.get("expires_after")
    return setting if isinstance(setting, timedelta) else timedelta(days=limit(channel, "days"))
