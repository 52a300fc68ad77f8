"""Reading a channel's settings: they are validated when the configuration is loaded, here they get their types."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from syndicate.errors import NotFound
from syndicate.model.channel import Channel
from syndicate.model.hands import Hands
from syndicate.model.screen import DisplayHours


def text(channel: Channel, key: str, default: str = "") -> str:
    """A setting that is a text."""
    value = channel.settings.get(key, default)
    return value if isinstance(value, str) else default


def texts(channel: Channel, key: str) -> tuple[str, ...]:
    """A setting that is a list of texts."""
    value = channel.settings.get(key, ())
    return tuple(str(one) for one in value) if isinstance(value, list | tuple) else ()


def number(channel: Channel, key: str, default: int) -> int:
    """A setting that is a whole number."""
    value = channel.settings.get(key, default)
    return value if isinstance(value, int) else default


def duration(channel: Channel, key: str, default: timedelta) -> timedelta:
    """A setting that is a time span."""
    value = channel.settings.get(key, default)
    return value if isinstance(value, timedelta) else default


def display_hours(channel: Channel) -> tuple[DisplayHours, ...]:
    """When a screen is to be on; empty: always."""
    hours = channel.settings.get("display_hours", ())
    return tuple(one for one in hours if isinstance(one, DisplayHours)) if isinstance(hours, tuple) else ()


def required(channel: Channel, key: str) -> str:
    """A setting without which the channel cannot work. Raises `NotFound` (`channels.setting_missing`)."""
    value = text(channel, key)
    if not value:
        raise NotFound("channels.setting_missing", channel=channel.title, id=channel.id, setting=key)
    return value


def secret(channel: Channel, hands: Hands, purpose: str) -> str:
    """The secret that the channel uses for `purpose`. Raises `NotFound`, never showing a value."""
    name = channel.secrets.get(purpose, "")
    if not name:
        raise NotFound("channels.secret_unnamed", channel=channel.title, id=channel.id, purpose=purpose)
    return hands.secrets.get(name)


def folder_below(home: Path, relative: str) -> Path:
    """A path of the office, from a setting. Raises `NotFound` (`channels.outside_home`) when it leaves the office."""
    path = (home / relative).resolve()
    if not path.is_relative_to(home.resolve()):
        raise NotFound("channels.outside_home", path=relative)
    return path
