"""Role × verb × state over HTTP, every cell: the desk does exactly what the rules of review allow, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import transaction

from syndicate.flow import items as item_flow
from syndicate.flow.decide import Vote, decide
from syndicate.flow.withdraw import withdraw
from syndicate.model.item import ItemState
from syndicate.model.review import Actor, ItemAction, Verdict, WithdrawalKind
from syndicate.records import items
from syndicate.records.models.audit import AuditEvent
from syndicate.review.rules import allowed_actions
from tests.desk.conftest import LogIn
from tests.desk.office import ADMIN, EDITOR, PUBLISHER, REVIEWER, SYNC, Office
from tests.desk.test_permissions import _seen

ROLES = (EDITOR, REVIEWER, PUBLISHER, ADMIN)
SOMEBODY = Actor("另一位（样例）", EDITOR.role, "desk")


def _returned(office: Office) -> int:
    number = office.submitted(actor=SOMEBODY)
    decide(office.workspace, REVIEWER, number, Vote(Verdict.RETURN, 1, "理由"))
    return number


def _second_level(office: Office) -> int:
    number = office.submitted(actor=SOMEBODY)
    decide(office.workspace, Actor("另一位审核（样例）", REVIEWER.role, "desk"), number, Vote(Verdict.APPROVE, 1))
    return number


def _withdrawn(office: Office) -> int:
    number = office.published()
    withdraw(office.workspace, PUBLISHER, number, WithdrawalKind.ERROR, "理由")
    return number


def _discarded(office: Office) -> int:
    number = office.draft(actor=SOMEBODY)
    item_flow.discard(office.workspace, SOMEBODY, number, "理由")
    return number


STATES: dict[str, tuple[Callable[[Office], int], ItemState]] = {
    "draft": (lambda office: office.draft(actor=SOMEBODY), ItemState.DRAFT),
    "first level": (lambda office: office.submitted(actor=SYNC), ItemState.SUBMITTED),
    "last level": (_second_level, ItemState.SUBMITTED),
    "returned": (_returned, ItemState.RETURNED),
    "approved": (lambda office: office.approved(undo=10), ItemState.APPROVED),
    "published": (lambda office: office.published(), ItemState.PUBLISHED),
    "withdrawn": (_withdrawn, ItemState.WITHDRAWN),
    "discarded": (_discarded, ItemState.DISCARDED),
}
VERBS: dict[str, frozenset[ItemAction]] = {
    "submit": frozenset({ItemAction.SUBMIT}),
    "edit": frozenset({ItemAction.EDIT}),
    "approve": frozenset({ItemAction.APPROVE, ItemAction.APPROVE_LAST}),
    "return": frozenset({ItemAction.RETURN}),
    "discard": frozenset({ItemAction.DISCARD}),
    "undo": frozenset({ItemAction.UNDO}),
    "amend": frozenset({ItemAction.AMEND}),
    "withdraw": frozenset({ItemAction.WITHDRAW}),
}


def form_for(office: Office, number: int, verb: str) -> dict[str, str]:
    item = items.get(number)
    common = {"reason": "理由", "kind": "error", "level": str(item.level or 1), "seen": "x"}
    if verb == "approve":
        return common | _seen(office, number)
    written = {"title": "样例标题", "body": "<p>样例正文</p>", "form": "html", "source_name": "样例"}
    return common | written | {"version": str(item.version)}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("actor", ROLES, ids=lambda actor: actor.role)
def test_the_desk_does_what_the_rules_allow_and_nothing_else(
    office: Office, log_in: LogIn, actor: Actor, state: str
) -> None:
    make, expected = STATES[state]
    number = make(office)
    item, client = items.get(number), log_in(actor)
    assert item.state is expected
    allowed = allowed_actions(item_flow.situation(item), actor)
    wrong = {}
    for verb, actions in VERBS.items():
        form, before = form_for(office, number, verb), AuditEvent.objects.count()
        with transaction.atomic():  # every verb meets the same item
            status = client.post(f"/items/{number}/{verb}", form).status_code
            changed = AuditEvent.objects.count() > before or items.get(number) != item
            transaction.set_rollback(True)
        if (status == 302, changed) != (bool(allowed & actions),) * 2 or (not changed and status not in (403, 409)):
            wrong[verb] = (status, changed)
    assert wrong == {}


@pytest.mark.parametrize("verb", VERBS)
def test_no_address_that_changes_something_answers_to_get(office: Office, log_in: LogIn, verb: str) -> None:
    number = office.submitted(actor=SYNC)
    before = AuditEvent.objects.count()
    status = log_in(PUBLISHER).get(f"/items/{number}/{verb}").status_code
    assert status == (200 if verb == "edit" else 405)
    assert AuditEvent.objects.count() == before
