"""静默期: nothing new goes out on any channel, for a national mourning or by the office's own decision; 紧急: what goes first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from syndicate.errors import Conflict, Message, NotAllowed, UsageError
from syndicate.flow.workspace import Workspace
from syndicate.model.delivery import DeliveryEvent, DeliveryState, WaitReason
from syndicate.model.item import ItemState
from syndicate.model.review import Actor, ItemAction, Role
from syndicate.records import audit, deliveries, items, silence
from syndicate.records.connection import one_at_a_time, one_transaction
from syndicate.records.values import DeliveryRecord, ItemRecord, SilenceExceptionRecord, SilenceRecord
from syndicate.records.waking import wake
from syndicate.review.rules import Request, permit, wrong_role

_MAY_SILENCE = frozenset({Role.PUBLISHER, Role.ADMIN})
_MAY_EXCEPT = frozenset({Role.PUBLISHER})
_ENDED = (ItemState.WITHDRAWN, ItemState.DISCARDED)
SHOWN = 20


@dataclass(frozen=True)
class SilencePage:
    """The silent period in force, the newest ones with their exceptions, and how many deliveries wait."""

    in_force: SilenceRecord | None
    periods: tuple[tuple[SilenceRecord, tuple[SilenceExceptionRecord, ...]], ...]
    waiting: int


def silence_page(workspace: Workspace) -> SilencePage:
    """Whether it is silent now, and what was before."""
    periods = silence.listed(SHOWN)
    exceptions = silence.exceptions([period.id for period in periods])
    return SilencePage(
        silence.in_force(workspace.now()),
        tuple((period, tuple(one for one in exceptions if one.silence == period.id)) for period in periods),
        len(deliveries.waiting_for(WaitReason.SILENCE)),
    )


def begin(workspace: Workspace, actor: Actor, reason: str, until: datetime | None) -> SilenceRecord:
    """Start a silent period; calls under way are finished, taking down goes on.

    Raises NotAllowed (role, no reason), UsageError for an end that has passed, Conflict while another one is in force.
    """
    _permit(actor, "silence", reason)
    now = workspace.now()
    if until is not None and until <= now:
        raise UsageError("silence.past", until=f"{until:%Y-%m-%d %H:%M}")
    with one_transaction():
        one_at_a_time("silence")
        if silence.in_force(now):
            raise Conflict("silence.already")
        number = silence.begin(reason.strip(), actor.name, until, now)
        facts = {"reason": reason.strip(), "until": until.isoformat() if until else ""}
        audit.append(actor, "silence.begun", f"silence:{number}", facts, now)
    return SilenceRecord(number, now, until, actor.name, reason.strip(), None, "")


def end(workspace: Workspace, actor: Actor, reason: str) -> SilenceRecord:
    """End the silent period; what waited for it goes out. Raises NotAllowed, or Conflict when none is in force."""
    _permit(actor, "silence", reason)
    now = workspace.now()
    with one_transaction():
        one_at_a_time("silence")
        period = _present(now)
        silence.end(period.id, actor.name, now)
        audit.append(actor, "silence.ended", f"silence:{period.id}", {"reason": reason.strip()}, now)
    wake(workspace.home)
    return period


def except_item(workspace: Workspace, actor: Actor, item_id: int, reason: str) -> SilenceRecord:
    """Let one item out in spite of the silent period in force; approved or not, it still goes through its review.

    Raises NotAllowed (role, no reason, the item is withdrawn or set aside), Conflict when no period is in force.
    """
    if actor.role not in _MAY_EXCEPT:
        raise wrong_role("silence_except", actor.role, _MAY_EXCEPT)
    _need_reason("silence_except", reason)
    now = workspace.now()
    with one_transaction():
        period = _present(now)
        if items.lock(item_id).state in _ENDED:
            raise NotAllowed("silence.item_ended", item=item_id)
        silence.except_item(SilenceExceptionRecord(period.id, item_id, actor.name, reason.strip(), now))
        facts = {"reason": reason.strip(), "silence": period.id}
        audit.append(actor, "silence.excepted", f"item:{item_id}", facts, now)
        _release(deliveries.of_item(item_id), WaitReason.SILENCE, now)
    wake(workspace.home)
    return period


def set_urgent(workspace: Workspace, actor: Actor, item_id: int, urgent: bool, reason: str) -> ItemRecord:
    """Mark an item as urgent (it goes first and does not wait for a channel's hours), or take that back.

    Raises NotAllowed as the table of item actions says.
    """
    action = ItemAction.URGENT if urgent else ItemAction.NOT_URGENT
    now = workspace.now()
    with one_transaction():
        item = items.lock(item_id)
        # Checking and rendering come with it; a worker that only asks whether it is silent needs neither.
        from syndicate.flow.items import situation

        transition = permit(situation(item), Request(action, actor, reason))
        if item.urgent is urgent:
            raise Conflict("silence.urgent_already" if urgent else "silence.not_urgent", item=item_id)
        changed = items.change(item, {"urgent": urgent})
        audit.append(actor, transition.audit, f"item:{item_id}", {"reason": reason.strip()}, now)
        if urgent:
            _release(deliveries.of_item(item_id), WaitReason.WINDOW, now)
    wake(workspace.home)
    return changed


def ask_windows_again(workspace: Workspace) -> None:
    """The channels' hours may have changed: whatever waits for them is judged anew."""
    with one_transaction():
        _release(deliveries.waiting_for(WaitReason.WINDOW), WaitReason.WINDOW, workspace.now())


def _present(now: datetime) -> SilenceRecord:
    period = silence.in_force(now)
    if period is None:
        raise Conflict("silence.none")
    return period


def _release(rows: Iterable[DeliveryRecord], reason: WaitReason, now: datetime) -> None:
    for row in rows:
        if row.state is DeliveryState.WAITING and row.wait_reason is reason:
            deliveries.change(row, DeliveryEvent.RELEASED, {"due_at": now})


def _permit(actor: Actor, verb: str, reason: str) -> None:
    if actor.role not in _MAY_SILENCE:
        raise wrong_role(verb, actor.role, _MAY_SILENCE)
    _need_reason(verb, reason)


def _need_reason(verb: str, reason: str) -> None:
    if not reason.strip():
        raise NotAllowed("review.reason", action=Message(f"word.verb_{verb}"))
