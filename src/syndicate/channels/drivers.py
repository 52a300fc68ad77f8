"""Opening the driver of a channel; a kind's libraries are loaded only where an account of that kind is used."""

from __future__ import annotations

from syndicate.model.channel import Channel, ChannelKind
from syndicate.model.delivery import Driver
from syndicate.model.hands import Hands


def open_driver(channel: Channel, hands: Hands) -> Driver:
    """The driver for this account. Give its connections back with `close()`."""
    match channel.kind:
        case ChannelKind.WEIBO:
            from syndicate.channels.weibo import WeiboDriver

            return WeiboDriver(hands)
        case ChannelKind.WECHAT:
            from syndicate.channels.wechat import WeChatDriver

            return WeChatDriver(hands)
        case ChannelKind.APP:
            from syndicate.channels.app import AppDriver

            return AppDriver(hands)
        case ChannelKind.LED:
            from syndicate.channels.led import LedDriver

            return LedDriver(hands)
        case ChannelKind.MANUAL:
            from syndicate.channels.manual import ManualDriver

            return ManualDriver()
        case ChannelKind.WORDPRESS:
            from syndicate.channels.wordpress import WordPressDriver

            return WordPressDriver(channel, hands)
        case ChannelKind.WEBSITE:
            from syndicate.channels.website import WebsiteDriver

            return WebsiteDriver(channel, hands)
        case ChannelKind.EXTENSION:
            from syndicate.channels.extension import open_extension

            return open_extension(channel, hands)
