"""A ledger with the one mistake that everything here is about: a broken call is repeated without a look."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from syndicate.flow import claiming, policy
from syndicate.flow.policy import Change
from syndicate.model.channel import Ladder
from syndicate.records.values import DeliveryRecord

_after_crash = policy.after_crash


def _blindly(record: DeliveryRecord, ladder: Ladder, now: datetime) -> Change:
    return _after_crash(replace(record, step_repeatable=True), ladder, now)


def repeat_blindly() -> None:
    """From now on this process has it."""
    claiming.after_crash = _blindly


def look_again() -> None:
    """And no longer."""
    claiming.after_crash = _after_crash
