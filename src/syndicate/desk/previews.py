"""The channels' versions as they will look: what stands around each, and its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext

from syndicate.desk.wording import word
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel, ChannelKind, Rendition
from syndicate.render.adapting import Adaptable
from syndicate.render.limits import limit
from syndicate.text.weibo_length import weibo_length

SCREEN = (960, 480)
"""Pixels of a screen whose account does not say its own."""


@dataclass(frozen=True)
class Preview:
    """One channel's version. `length` and `most` count what the platform counts; 0 where nobody needs to count."""

    channel: Channel
    short: str
    rendition: Rendition
    fields: Mapping[str, str]
    length: int
    most: int
    unit: str
    width: int
    height: int
    words: tuple[Words, ...] = ()
    """What of it may be worded differently by this person now; empty: nothing."""
    is_adapted: bool = False


@dataclass(frozen=True)
class Words:
    """A field that may be worded differently: as it stands, whether somebody wrote it, and its limit."""

    field: Adaptable
    text: str
    is_adapted: bool
    length: int
    most: int


def preview_of(
    workspace: Workspace, rendition: Rendition, fields: tuple[Adaptable, ...], adapted: Mapping[str, str]
) -> Preview:
    """What the page shows about one rendition; `fields` are those that may be worded differently, `adapted` those that are."""
    channel = workspace.channel(rendition.channel)
    length, most, unit = _length(channel, rendition)
    width, height = pixels(channel)
    words = tuple(_words(channel, rendition, one, adapted) for one in fields)
    short = word("short", channel.kind)
    return Preview(channel, short, rendition, rendition.fields, length, most, unit, width, height, words, bool(adapted))


def _words(channel: Channel, rendition: Rendition, one: Adaptable, adapted: Mapping[str, str]) -> Words:
    text = rendition.fields.get(one.field, "")
    return Words(one, text, one.field in adapted, one.length(text), limit(channel, one.limit))


def pixels(channel: Channel) -> tuple[int, int]:
    """Width and height of a screen."""
    width, height = channel.settings.get("width", SCREEN[0]), channel.settings.get("height", SCREEN[1])
    return (width, height) if isinstance(width, int) and isinstance(height, int) else SCREEN


def _length(channel: Channel, rendition: Rendition) -> tuple[int, int, str]:
    text = rendition.fields.get("text", "")
    match channel.kind:
        case ChannelKind.WEIBO:
            return weibo_length(text), limit(channel, "status"), gettext("字（微博计法）")
        case ChannelKind.WECHAT:
            return len(rendition.body), limit(channel, "content"), gettext("字符（含标记）")
        case ChannelKind.LED | ChannelKind.MANUAL | ChannelKind.EXTENSION:
            return len(text), limit(channel, "text"), gettext("字")
        case ChannelKind.APP | ChannelKind.WEBSITE | ChannelKind.WORDPRESS:
            return 0, 0, ""
