"""Words for people: what happened and what to do, with roles, states and actions, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.translation import get_language, gettext

from syndicate.errors import (
    ConfigurationError,
    Conflict,
    FetchLater,
    InputError,
    Message,
    NotAllowed,
    NotFound,
    StorageError,
    SyndicateError,
    UsageError,
    Wording,
    wordings,
)

_STATUS: tuple[tuple[type[SyndicateError], int], ...] = (
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (InputError, 400),
    (UsageError, 400),
    (ConfigurationError, 400),
    (FetchLater, 502),
    (StorageError, 503),
)
_SPOKEN = {"role": "word.role_", "roles": "word.role_", "state": "word.item_", "action": "desk.verb_"}
"""Slots of messages that hold names of the code, and where the words for them stand."""


@dataclass(frozen=True)
class Told:
    """What happened and what to do next, ready to be shown."""

    what: str
    action: str


def told(message: Message) -> Told:
    """A message in the language of the page, with the code's own names put into words.

    Where its next action is a command, the desk has a row of its own that names the button instead.
    """
    values = {slot: _spoken(slot, value) for slot, value in message.values.items()}
    spoken = Message(message.key, values)
    here = f"desk.do_{message.key}"
    action = said(Message(here, values)) if here in wordings() else next_action(spoken)
    return Told(said(spoken), action)


def in_english() -> bool:
    """Whether the page is read in English; Chinese otherwise."""
    return get_language() == "en"


def said(message: Message) -> str:
    """What happened, in the language of the page."""
    return message.en if in_english() else message.zh


def next_action(message: Message) -> str:
    """What to do next, in the language of the page; nothing where there is nothing to do."""
    action = message.action_en if in_english() else message.action_zh
    return "" if action == "—" else action


def listed(words: Iterable[str]) -> str:
    """Several words in a row."""
    return (", " if in_english() else "、").join(words)


def _spoken(slot: str, value: object) -> object:
    prefix = _SPOKEN.get(slot)
    if prefix is None or not isinstance(value, str):
        return value
    return listed(_word(prefix, name) for name in value.split("、"))


def _word(prefix: str, name: str) -> str:
    keys = (prefix + name, "word.delivery_" + name) if prefix == "word.item_" else (prefix + name,)
    return next((_of(wordings()[key]) for key in keys if key in wordings()), name)


def word(group: str, value: object) -> str:
    """The word for a value of the house in the language of the page; the value itself where there is none.

    A group is one of `word.tsv` or `desk.tsv`, or names its table itself: `feedback.kind`.
    """
    text = value.value if isinstance(value, StrEnum) else str(value)
    for key in (f"word.{group}_{text}", f"desk.{group}_{text}", f"{group}_{text}"):
        if key in wordings():
            return _of(wordings()[key])
    return text


def _of(row: Wording) -> str:
    return row.en if in_english() else row.zh


def status_of(error: SyndicateError) -> int:
    """The HTTP status for an error, by what the caller must do next."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def span(length: timedelta) -> str:
    """A length of time as people say it: minutes up to an hour, hours up to two days, then days."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < 60:
        return gettext("{count} 分钟").format(count=minutes)
    if minutes < 48 * 60:
        return gettext("{count} 小时").format(count=minutes // 60)
    return gettext("{count} 天").format(count=minutes // (24 * 60))


@dataclass(frozen=True)
class Countdown:
    """How long until a deadline, and whether it is near (within two hours) or over."""

    text: str
    state: str


def countdown(deadline: datetime, now: datetime) -> Countdown:
    """The time left until a deadline, or how long it has been over."""
    if now > deadline:
        return Countdown(gettext("超时 {length}").format(length=span(now - deadline)), "over")
    left = deadline - now
    text = gettext("剩 {length}").format(length=span(left))
    return Countdown(text, "near" if left <= timedelta(hours=2) else "far")
