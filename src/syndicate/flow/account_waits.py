"""Whether a delivery must wait for its channel's account. Pure."""

from __future__ import annotations

from syndicate.errors import Message
from syndicate.model.account import AccountState
from syndicate.model.delivery import Action
from syndicate.records.accounts import AccountRecord
from syndicate.records.values import DeliveryRecord

REFUSING = frozenset({AccountState.REFUSED, AccountState.NO_PERMISSION})
"""The platform refuses."""
BLOCKED = REFUSING | {AccountState.HELD}


def waits_for_account(delivery: DeliveryRecord, account: AccountRecord) -> Message | None:
    """Why a delivery must wait. Taking down never does: what the platform refuses is a person's task."""
    if account.state not in BLOCKED or delivery.action is Action.RETRACT:
        return None
    return account.message or Message("account.blocked", {"channel": account.channel})
