"""The stage itself: one revision for one channel."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from syndicate.model.channel import Channel, ChannelKind, Rendered
from syndicate.model.item import Content, ItemKind
from syndicate.render.app import render_app
from syndicate.render.bundle import render_bundle
from syndicate.render.facts import RenderFacts
from syndicate.render.led import render_led
from syndicate.render.manual import render_manual
from syndicate.render.website import render_website
from syndicate.render.wechat import render_wechat
from syndicate.render.weibo import render_weibo
from syndicate.render.wordpress import render_wordpress

_RENDERERS: Mapping[ChannelKind, Callable[[Content, RenderFacts, Channel], Rendered]] = MappingProxyType(
    {
        ChannelKind.WEBSITE: render_website,
        ChannelKind.WORDPRESS: render_wordpress,
        ChannelKind.WEIBO: render_weibo,
        ChannelKind.WECHAT: render_wechat,
        ChannelKind.APP: render_app,
        ChannelKind.LED: render_led,
        ChannelKind.MANUAL: render_manual,
        ChannelKind.EXTENSION: render_manual,
    }
)


def render(content: Content, facts: RenderFacts, channel: Channel) -> Rendered:
    """What `channel` shall carry for this revision, and findings on part `rendition:<channel>`.

    The same input always gives the same hash. Something broken off is a `confirm` finding, something that cannot be
    carried at all a `block` finding. Raises `InputError` for a body that cannot be read and `ConfigurationError` for
    a template that cannot be filled.
    """
    if content.kind is ItemKind.BUNDLE:
        return render_bundle(content, facts, channel)
    return _RENDERERS[channel.kind](content, facts, channel)
