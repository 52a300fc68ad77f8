"""Filters for templates."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import timezone

from syndicate.desk import wording
from syndicate.errors import Message

register = template.Library()


@register.filter
def word(value: object, group: str) -> str:
    """`{{ item.state|word:"item" }}`: the word for a state, a role, a severity …"""
    return wording.word(group, value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """A time as people here write it, in the office's time zone."""
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else "—"


@register.filter
def short_moment(value: datetime | None) -> str:
    """Month, day and minute, for narrow columns."""
    return timezone.localtime(value).strftime("%m-%d %H:%M") if value else "—"


@register.filter
def clock(value: datetime) -> str:
    """The time of the day."""
    return timezone.localtime(value).strftime("%H:%M")


@register.filter
def until(value: datetime, now: datetime) -> str:
    """How much time has passed from `value` to `now`."""
    return wording.span(now - value)


@register.filter
def length_of(value: timedelta) -> str:
    """A length of time."""
    return wording.span(value)


@register.filter
def said(message: Message) -> str:
    """What happened, in the language of the page."""
    return wording.said(message)


@register.filter
def next_action(message: Message) -> str:
    """What to do next, likewise."""
    return wording.next_action(message)
