"""The platforms' error codes as data (`codes/*.tsv`), and the one place where a failed call becomes an outcome."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from syndicate.channels.calls import CallError, NotDone, PlatformError, QuotaSpent, Unanswered, retry_time
from syndicate.errors import InputError, Message, SyndicateError
from syndicate.errors import NotFound as NameNotFound
from syndicate.model.account import AccountEvent
from syndicate.model.delivery import NeedsPerson, Outcome, Refused, Step, TryLater, Unsure, WaitReason


class CodeClass(StrEnum):
    """What a code means for us."""

    RETRY = "retry"
    """Busy; the ladder decides."""
    RETRY_MINUTE = "retry_minute"
    """Too fast; not within a minute."""
    QUOTA_HOUR = "quota_hour"
    QUOTA_DAY = "quota_day"
    REFRESH = "refresh"
    """The token; the client has renewed it once already when this reaches a driver."""
    HUMAN = "human"
    EDIT = "edit"
    RECONCILE = "reconcile"
    """Outcome unknown or done before: look at the platform."""
    DONE = "done"
    """Done before, surely: counts as success where the step knows it."""
    NOT_FOUND = "not_found"
    """What the call names is not there; for a deletion that is success."""


@dataclass(frozen=True, slots=True)
class Code:
    """One row: the code, its class, what it says of the account, what it means, what to do, and where that is written."""

    code: str
    kind: CodeClass
    account: AccountEvent | None
    zh: str
    en: str
    action_zh: str
    action_en: str
    basis: str


PLATFORMS = ("wechat", "weibo")
"""The platforms with codes of their own."""


@cache
def codes(platform: str) -> Mapping[str, Code]:
    """The table of a platform, by code."""
    text = files("syndicate.channels").joinpath("codes", f"{platform}.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    table = {
        row["code"]: Code(
            row["code"],
            CodeClass(row["class"]),
            AccountEvent(row["account"]) if row.get("account") else None,
            row["zh"],
            row["en"],
            row["action_zh"],
            row["action_en"],
            row["basis"],
        )
        for row in rows
    }
    return MappingProxyType(table)


def code_message(platform: str, code: str) -> Message:
    """What a code says, for people."""
    row = codes(platform).get(code)
    if row is None:
        return Message("channels.code_unknown", {"platform": platform, "code": code})
    values = {"zh": row.zh, "en": row.en, "action_zh": row.action_zh, "action_en": row.action_en}
    return Message("channels.code", {"platform": platform, "code": code, **values})


def code_class(platform: str, code: str) -> CodeClass:
    """The class of a code; unknown ones go to a person."""
    row = codes(platform).get(code)
    return row.kind if row else CodeClass.HUMAN


def account_event(platform: str, code: str) -> AccountEvent | None:
    """What a code says of the account as a whole; None where it says nothing, as unknown codes do."""
    row = codes(platform).get(code) if platform in PLATFORMS else None
    return row.account if row else None


def outcome_of(error: SyndicateError, step: Step, platform: str, now: datetime) -> Outcome:
    """The outcome of a step whose call failed.

    Errors that are no call errors come from our own side before the call: a missing secret or file needs a person,
    a database or disk that is away is waited for.
    """
    match error:
        case PlatformError():
            return _code_outcome(platform, error.code, step, now)
        case QuotaSpent():
            return TryLater(error.message, error.until, WaitReason.QUOTA)
        case Unanswered():
            return TryLater(error.message) if step.repeatable else Unsure(error.message)
        case NotDone():
            return TryLater(error.message, retry_time(error.retry_after, now))
        case CallError() | NameNotFound() | InputError():
            return NeedsPerson(error.message)
        case _:
            return TryLater(error.message)


def _code_outcome(platform: str, code: str, step: Step, now: datetime) -> Outcome:
    why = code_message(platform, code)
    if account_event(platform, code):
        return TryLater(why, wait=WaitReason.HELD)
    match code_class(platform, code):
        case CodeClass.RETRY:
            return TryLater(why)
        case CodeClass.RETRY_MINUTE:
            return TryLater(why, now + timedelta(minutes=1))
        case CodeClass.QUOTA_HOUR:
            return TryLater(why, next_hour(now), WaitReason.QUOTA)
        case CodeClass.QUOTA_DAY:
            return TryLater(why, next_day(now), WaitReason.QUOTA)
        case CodeClass.EDIT:
            return Refused(why)
        case CodeClass.RECONCILE | CodeClass.DONE:
            return TryLater(why) if step.repeatable else Unsure(why)
        case CodeClass.REFRESH | CodeClass.HUMAN | CodeClass.NOT_FOUND:
            return NeedsPerson(why)


def next_hour(now: datetime) -> datetime:
    """Half a minute into the next full hour."""
    return now.replace(minute=0, second=30, microsecond=0) + timedelta(hours=1)


def next_day(now: datetime) -> datetime:
    """Five minutes into the next day of `now`'s own time zone (Beijing); the platforms' reset hour is unconfirmed."""
    return now.replace(hour=0, minute=5, second=0, microsecond=0) + timedelta(days=1)


def without_wait(outcome: Outcome, now: datetime) -> Outcome:
    """The outcome of taking something down: nobody waits for a quota or an account then, a person does it by hand."""
    if not isinstance(outcome, TryLater):
        return outcome
    long = outcome.not_before is not None and outcome.not_before - now > timedelta(minutes=5)
    return NeedsPerson(outcome.why) if outcome.wait or long else outcome
