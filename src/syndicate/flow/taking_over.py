"""接管: the copy of an office becomes the living one. What the former one sent after the copy was made is unknown here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from syndicate.errors import Message
from syndicate.flow.settling import entry
from syndicate.model.delivery import Action, DeliveryEvent, DeliveryState
from syndicate.model.review import Actor
from syndicate.records import audit, deliveries, seat
from syndicate.records.connection import one_transaction

_OPEN = (
    DeliveryState.WAITING,
    DeliveryState.DUE,
    DeliveryState.SENDING,
    DeliveryState.ACCEPTED,
    DeliveryState.UNSURE,
)


@dataclass(frozen=True)
class TakenOver:
    """Whether the office has changed its place, and how many deliveries a person must look at before they go on."""

    taken_over: bool
    to_look_at: int


def take_over(home: Path, actor: Actor, now: datetime) -> TakenOver:
    """This copy is the living office from now on; nothing changes where it was already.

    Whatever was still to be published or corrected may have been sent by the former office meanwhile, so a person
    looks first. Taking down goes on by itself: doing that twice does no harm.
    """
    with one_transaction():
        if not seat.take_over(home, now):
            return TakenOver(taken_over=False, to_look_at=0)
        doubtful = _doubtful(actor, now)
        audit.append(actor, "office.taken_over", "office", {"to_look_at": doubtful}, now)
        return TakenOver(taken_over=True, to_look_at=doubtful)


def _doubtful(actor: Actor, now: datetime) -> int:
    still_open = deliveries.listed(_OPEN, deliveries.count(_OPEN))
    rows = [one for one in still_open if one.action is not Action.RETRACT]
    event = DeliveryEvent.TAKEN_OVER
    changes = {
        "maybe_sent": True,
        "lease_owner": "",
        "lease_until": None,
        "outcome": event,
        **deliveries.message_columns(Message("ledger.from_copy")),
    }
    deliveries.move([deliveries.Move(one, event, changes) for one in rows])
    for one in rows:
        deliveries.close_open_attempts(one.id, event, now)
    audit.append_all([written for one in rows for written in entry(actor, one, event)], now)
    return len(rows)
