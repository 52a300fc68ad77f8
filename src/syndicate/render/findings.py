"""Findings about a rendition: what a channel's limits did to the text."""

from __future__ import annotations

from syndicate.errors import Message
from syndicate.model.channel import Channel
from syndicate.model.finding import Finding, Severity


def finding(rule: str, severity: Severity, channel: Channel, place: str, length: int = 0, **values: object) -> Finding:
    """A finding on `rendition:<channel>`; `place` is a field in Chinese, `length` the code points it speaks about.

    `rule` is also the key of its wording. The words themselves are not repeated: they might be personal data.
    """
    message = Message(rule, {"place": place, "channel": channel.title, **values})
    return Finding(
        rule=rule,
        severity=severity,
        start=0,
        end=length,
        text="",
        message=message.zh,
        suggestion=message.action_zh,
        basis=f"channels/{channel.id}.yaml limits",
        place=place,
        part=f"rendition:{channel.id}",
        message_en=message.en,
    )
