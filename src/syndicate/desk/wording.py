"""Words for people: what happened and what to do, with roles, states and actions in Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from syndicate.errors import (
    Conflict,
    FetchLater,
    InputError,
    Message,
    NotAllowed,
    NotFound,
    StorageError,
    SyndicateError,
    UsageError,
    wordings,
)

_STATUS: tuple[tuple[type[SyndicateError], int], ...] = (
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (InputError, 400),
    (UsageError, 400),
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
    """A message in Chinese, with the code's own names put into words.

    Where its next action is a command, the desk has a row of its own that names the button instead.
    """
    values = {slot: _spoken(slot, value) for slot, value in message.values.items()}
    spoken = Message(message.key, values)
    here = f"desk.do_{message.key}"
    action = Message(here, values).zh if here in wordings() else spoken.action_zh
    return Told(spoken.zh, "" if action == "—" else action)


def _spoken(slot: str, value: object) -> object:
    prefix = _SPOKEN.get(slot)
    if prefix is None or not isinstance(value, str):
        return value
    return "、".join(_word(prefix, name) for name in value.split("、"))


def _word(prefix: str, name: str) -> str:
    keys = (prefix + name, "word.delivery_" + name) if prefix == "word.item_" else (prefix + name,)
    return next((wordings()[key].zh for key in keys if key in wordings()), name)


def word(group: str, value: object) -> str:
    """The Chinese word for a value of the house; the value itself where there is none."""
    text = value.value if isinstance(value, StrEnum) else str(value)
    for key in (f"word.{group}_{text}", f"desk.{group}_{text}"):
        if key in wordings():
            return wordings()[key].zh
    return text


def status_of(error: SyndicateError) -> int:
    """The HTTP status for an error, by what the caller must do next."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def span(length: timedelta) -> str:
    """A length of time as people say it: minutes up to an hour, hours up to two days, then days."""
    minutes = max(0, int(length.total_seconds() // 60))
    if minutes < 60:
        return f"{minutes} 分钟"
    if minutes < 48 * 60:
        return f"{minutes // 60} 小时"
    return f"{minutes // (24 * 60)} 天"


@dataclass(frozen=True)
class Countdown:
    """How long until a deadline, and whether it is near (within two hours) or over."""

    text: str
    state: str


def countdown(deadline: datetime, now: datetime) -> Countdown:
    """The time left until a deadline, or how long it has been over."""
    if now > deadline:
        return Countdown(f"超时 {span(now - deadline)}", "over")
    left = deadline - now
    return Countdown(f"剩 {span(left)}", "near" if left <= timedelta(hours=2) else "far")
