"""How each channel's account stands, and which deliveries wait for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F

from syndicate.errors import Message
from syndicate.model.account import AccountState
from syndicate.model.delivery import DeliveryEvent, DeliveryState, WaitReason
from syndicate.records import deliveries, models


@dataclass(frozen=True)
class AccountRecord:
    """How an account stands. `since` None: nothing was ever wrong with it."""

    channel: str
    state: AccountState = AccountState.OK
    since: datetime | None = None
    message: Message | None = None
    code: str = ""
    actor: str = ""
    confirmed_by: str = ""
    ends_at: datetime | None = None
    """When its authorisation ends, as the platform said last."""
    looked_at: datetime | None = None


def get(channel: str) -> AccountRecord:
    """One account."""
    row = models.ChannelAccount.objects.filter(channel=channel).first()
    return _record(row) if row else AccountRecord(channel)


def lock(channel: str, now: datetime) -> AccountRecord:
    """One account, held until the transaction ends."""
    models.ChannelAccount.objects.get_or_create(channel=channel, defaults={"state": AccountState.OK, "since": now})
    return _record(models.ChannelAccount.objects.select_for_update().get(channel=channel))


def everything() -> dict[str, AccountRecord]:
    """All accounts that were ever looked at, by channel."""
    return {row.channel: _record(row) for row in models.ChannelAccount.objects.all()}


def put(record: AccountRecord) -> None:
    """Keep how an account stands now."""
    models.ChannelAccount.objects.filter(channel=record.channel).update(
        state=record.state,
        since=record.since,
        code=record.code[:64],
        actor=record.actor,
        confirmed_by=record.confirmed_by,
        ends_at=record.ends_at,
        looked_at=record.looked_at,
        **deliveries.message_columns(record.message),
    )


def release(channel: str, now: datetime) -> int:
    """Make due what waits for the account; returns how many. Call it in the transaction that frees the account."""
    rows = models.Delivery.objects.filter(
        channel=channel, state=DeliveryState.WAITING, wait_reason=WaitReason.HELD
    ).values_list("id", flat=True)
    waiting = [deliveries.get(number) for number in rows.order_by("id")]
    return sum(1 for one in waiting if deliveries.change(one, DeliveryEvent.RELEASED, {"due_at": now}))


def hasten(
    channel: str, note: str, value: str, change: Callable[[Mapping[str, str]], Mapping[str, str]], now: datetime
) -> int:
    """Make due what waits for an answer and carries this value in its notes; `change` says what its notes become."""
    rows = models.Delivery.objects.filter(channel=channel, state=DeliveryState.ACCEPTED, **{f"notes__{note}": value})
    hastened = 0
    for row in rows:
        still = models.Delivery.objects.filter(id=row.id, version=row.version)
        hastened += still.update(notes=dict(change(row.notes)), due_at=now, version=F("version") + 1)
    return hastened


def waiting(reasons: tuple[WaitReason, ...]) -> dict[tuple[str, WaitReason], int]:
    """How many deliveries of each channel wait for each of the reasons."""
    rows = models.Delivery.objects.filter(state=DeliveryState.WAITING, wait_reason__in=reasons)
    counted = rows.values_list("channel", "wait_reason").annotate(count=Count("id"))
    return {(channel, WaitReason(reason)): count for channel, reason, count in counted}


def _record(row: models.ChannelAccount) -> AccountRecord:
    return AccountRecord(
        row.channel,
        AccountState(row.state),
        row.since,
        Message(row.message_key, row.message_values) if row.message_key else None,
        row.code,
        row.actor,
        row.confirmed_by,
        row.ends_at,
        row.looked_at,
    )
