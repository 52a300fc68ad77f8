"""Filters for templates."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import timezone

from syndicate.desk import wording

register = template.Library()


@register.filter
def word(value: object, group: str) -> str:
    """`{{ item.state|word:"item" }}`: the Chinese word for a state, a role, a severity …"""
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
def until(value: datetime, now: datetime) -> str:
    """How much time has passed from `value` to `now`."""
    return wording.span(now - value)


@register.filter
def length_of(value: timedelta) -> str:
    """A length of time."""
    return wording.span(value)
