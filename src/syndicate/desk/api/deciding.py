"""Deciding: approve, return, withdraw, confirm; and a person's answers for deliveries that stopped."""

from __future__ import annotations

from syndicate.desk.api.access import ApiRequest
from syndicate.desk.api.routing import DECIDE, DELIVER, router
from syndicate.desk.api.shapes import (
    Decided,
    DeliveryOut,
    Moved,
    Number,
    Resolution,
    VoteGiven,
    WithdrawalGiven,
    WithdrawalOut,
)
from syndicate.desk.item_page import CHECKS
from syndicate.desk.views.decisions import UNDO
from syndicate.desk.wording import word
from syndicate.errors import InputError, NotFound
from syndicate.flow import resolve as resolving
from syndicate.flow import withdraw as withdrawals
from syndicate.flow.decide import Vote, decide
from syndicate.model.review import Verdict
from syndicate.records import reviews
from syndicate.records.values import DeliveryRecord, ItemRecord, WithdrawalRecord


@router.post(
    "/items/{number}/decisions", auth=DECIDE, tags=["decide"], response=Decided, summary="审核 · Approve or return"
)
def vote(request: ApiRequest, number: Number, given: VoteGiven) -> dict[str, object]:
    """One decision at one level. An approval names what was seen: 409 when that is no longer what would go out."""
    approves = given.verdict is Verdict.APPROVE
    missing = [word("check", name) for name in CHECKS if name not in given.checked]
    if approves and missing:
        raise InputError("desk.checklist", missing="、".join(missing))
    if approves and not given.seen:
        raise InputError("desk.form_outdated")
    decided = decide(
        request.workspace,
        request.actor,
        number,
        Vote(
            given.verdict,
            given.level,
            given.reason.strip(),
            dict(given.overrides) if approves else {},
            seen=given.seen,
            undo=UNDO,
            checked=CHECKS if approves else (),
        ),
    )
    item = decided.item
    moved = {"id": item.id, "state": item.state, "level": item.level, "version": item.version}
    return {**moved, "sent_back": list(decided.sent_back)}


@router.post("/items/{number}/withdrawals", auth=DECIDE, tags=["decide"], response=Moved, summary="撤稿 · Withdraw")
def withdraw(request: ApiRequest, number: Number, given: WithdrawalGiven) -> ItemRecord:
    """Take an item down on every channel at once; it stays listed until a second person has confirmed."""
    return withdrawals.withdraw(request.workspace, request.actor, number, given.kind, given.reason)


@router.post(
    "/items/{number}/withdrawals/{withdrawal}/confirm",
    auth=DECIDE,
    tags=["decide"],
    response=WithdrawalOut,
    summary="确认撤稿 · Confirm a withdrawal",
)
def confirm(request: ApiRequest, number: Number, withdrawal: Number) -> WithdrawalRecord:
    """A second person has looked at a withdrawal."""
    if reviews.withdrawal(withdrawal).item != number:
        raise NotFound("records.no_withdrawal", withdrawal=withdrawal)
    withdrawals.confirm(request.workspace, request.actor, withdrawal)
    return reviews.withdrawal(withdrawal)


@router.post(
    "/deliveries/{number}/retry",
    auth=DELIVER,
    tags=["deliver"],
    response=DeliveryOut,
    summary="重试 · Retry a delivery",
)
def retry(request: ApiRequest, number: Number) -> DeliveryRecord:
    """Make a stopped delivery due again. 403 for one that may be on the channel: resolve it instead."""
    return resolving.retry(request.workspace, request.actor, number)


@router.post(
    "/deliveries/{number}/resolve",
    auth=DELIVER,
    tags=["deliver"],
    response=DeliveryOut,
    summary="人工答复 · Resolve a delivery",
)
def resolve(request: ApiRequest, number: Number, given: Resolution) -> DeliveryRecord:
    """What a person found when he looked at the channel."""
    workspace, actor = request.workspace, request.actor
    if given.answer == "delivered":
        return resolving.resolve_delivered(workspace, actor, number, given.url.strip())
    if given.answer == "absent":
        return resolving.resolve_absent(workspace, actor, number)
    return resolving.cancel(workspace, actor, number)
