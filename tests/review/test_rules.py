"""Who may do what: the golden matrix of every cell, and the conditions beyond role and state."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import NotAllowed
from syndicate.model.finding import Finding, Severity
from syndicate.model.item import ItemState
from syndicate.model.review import Actor, ItemAction, Role
from syndicate.review.rules import (
    Request,
    Situation,
    allowed_actions,
    approval_action,
    blocking_rules,
    permit,
)
from tests.review.permissions import matrix

NAMES = st.sampled_from(["送审人", "初审人", "终审人"])
RULES = st.frozensets(st.sampled_from(["word.title", "personal.phone", "form.date"]))
SITUATIONS = st.builds(
    Situation,
    state=st.sampled_from(ItemState),
    level=st.integers(1, 3),
    levels=st.integers(1, 3),
    submitter=NAMES,
    deciders=st.frozensets(NAMES),
    blocking=RULES,
    holds_receipts=st.booleans(),
    sent=st.booleans(),
)
ACTORS = st.builds(Actor, name=NAMES, role=st.sampled_from(Role), via=st.just("desk"))

PUBLISHER = Actor("终审人", Role.PUBLISHER, "desk")
REVIEWER = Actor("初审人", Role.REVIEWER, "desk")
SUBMITTED = Situation(ItemState.SUBMITTED, level=1, levels=1, submitter="送审人")


def _refusal(situation: Situation, request: Request) -> str:
    with pytest.raises(NotAllowed) as caught:
        permit(situation, request)
    return caught.value.message.key


def test_every_cell_of_role_action_and_state_is_as_reviewed() -> None:
    golden = Path(__file__).with_name("permissions.golden.tsv").read_text("utf-8")
    assert matrix() == golden


def test_the_submitter_does_not_approve_his_own_item() -> None:
    own = replace(SUBMITTED, submitter=PUBLISHER.name)
    assert _refusal(own, Request(ItemAction.APPROVE_LAST, PUBLISHER)) == "review.own_item"


def test_the_submitter_may_return_his_own_item() -> None:
    own = replace(SUBMITTED, submitter=PUBLISHER.name)
    assert permit(own, Request(ItemAction.RETURN, PUBLISHER, "自己发现错字")).next is ItemState.RETURNED


def test_who_approved_an_earlier_level_does_not_approve_the_next() -> None:
    second = replace(SUBMITTED, level=2, levels=2, deciders=frozenset({PUBLISHER.name}))
    assert _refusal(second, Request(ItemAction.APPROVE_LAST, PUBLISHER)) == "review.second_level"


def test_somebody_else_approves_the_next_level() -> None:
    second = replace(SUBMITTED, level=2, levels=2, deciders=frozenset({REVIEWER.name}))
    assert permit(second, Request(ItemAction.APPROVE_LAST, PUBLISHER)).next is ItemState.APPROVED


def test_a_reviewer_approves_below_the_last_level() -> None:
    first = replace(SUBMITTED, levels=2)
    assert permit(first, Request(ItemAction.APPROVE, REVIEWER)).next is ItemState.SUBMITTED


def test_a_reviewer_does_not_give_the_last_approval() -> None:
    assert _refusal(SUBMITTED, Request(ItemAction.APPROVE_LAST, REVIEWER)) == "review.role"


def test_the_last_level_cannot_be_passed_as_if_another_followed() -> None:
    assert _refusal(SUBMITTED, Request(ItemAction.APPROVE, REVIEWER)) == "review.state"


def test_an_earlier_level_cannot_be_passed_as_if_it_were_the_last() -> None:
    first = replace(SUBMITTED, levels=2)
    assert _refusal(first, Request(ItemAction.APPROVE_LAST, PUBLISHER)) == "review.state"


@pytest.mark.parametrize("reason", ["", " ", "\n\t\u3000"])
def test_a_return_without_a_reason_is_refused(reason: str) -> None:
    assert _refusal(SUBMITTED, Request(ItemAction.RETURN, REVIEWER, reason)) == "review.reason"


def test_a_withdrawal_without_a_reason_is_refused() -> None:
    published = replace(SUBMITTED, state=ItemState.PUBLISHED)
    assert _refusal(published, Request(ItemAction.WITHDRAW, PUBLISHER)) == "review.reason"


def test_a_draft_that_no_channel_holds_cannot_be_withdrawn() -> None:
    draft = replace(SUBMITTED, state=ItemState.DRAFT)
    assert _refusal(draft, Request(ItemAction.WITHDRAW, PUBLISHER, "写错")) == "review.nothing_published"


def test_an_approval_cannot_be_undone_once_something_was_sent() -> None:
    sent = replace(SUBMITTED, state=ItemState.APPROVED, sent=True)
    assert _refusal(sent, Request(ItemAction.UNDO, PUBLISHER)) == "review.already_sent"


def test_an_open_block_stops_an_approval() -> None:
    blocked = replace(SUBMITTED, blocking=frozenset({"word.title", "form.date"}))
    asked = Request(ItemAction.APPROVE_LAST, PUBLISHER, overrides={"form.date": "原文如此"})
    assert _refusal(blocked, asked) == "review.blocked"


def test_an_open_block_does_not_stop_a_return() -> None:
    blocked = replace(SUBMITTED, blocking=frozenset({"word.title"}))
    assert permit(blocked, Request(ItemAction.RETURN, PUBLISHER, "改正职务")).next is ItemState.RETURNED


def test_a_block_that_is_overridden_with_a_reason_does_not_stop() -> None:
    blocked = replace(SUBMITTED, blocking=frozenset({"word.title"}))
    asked = Request(ItemAction.APPROVE_LAST, PUBLISHER, overrides={"word.title": "引用原文"})
    assert permit(blocked, asked).next is ItemState.APPROVED


def test_an_override_without_a_reason_is_refused() -> None:
    blocked = replace(SUBMITTED, blocking=frozenset({"word.title"}))
    asked = Request(ItemAction.APPROVE_LAST, PUBLISHER, overrides={"word.title": " "})
    assert _refusal(blocked, asked) == "review.override_reason"


def test_an_override_of_a_rule_that_does_not_block_is_refused() -> None:
    asked = Request(ItemAction.APPROVE_LAST, PUBLISHER, overrides={"word.unknown": "提前放行"})
    assert _refusal(SUBMITTED, asked) == "review.nothing_to_override"


def test_a_refusal_of_a_role_names_who_may() -> None:
    with pytest.raises(NotAllowed, match="publisher"):
        permit(SUBMITTED, Request(ItemAction.APPROVE_LAST, REVIEWER))


def test_only_block_findings_block() -> None:
    found = [Finding(severity, severity, 0, 1, "", "") for severity in Severity]
    assert blocking_rules(found) == {"block"}


def test_the_approval_of_the_last_level_is_the_last_one() -> None:
    assert approval_action(replace(SUBMITTED, level=3, levels=3)) is ItemAction.APPROVE_LAST


def test_the_approval_of_an_earlier_level_is_not_the_last_one() -> None:
    assert approval_action(replace(SUBMITTED, level=1, levels=3)) is ItemAction.APPROVE


def test_levels_that_were_reduced_meanwhile_still_end() -> None:
    assert approval_action(replace(SUBMITTED, level=3, levels=2)) is ItemAction.APPROVE_LAST


@given(SITUATIONS, ACTORS)
def test_a_button_is_shown_exactly_for_what_the_rules_permit(situation: Situation, actor: Actor) -> None:
    reasons = dict.fromkeys(situation.blocking, "放行理由")
    permitted = set()
    for action in ItemAction:
        try:
            permit(situation, Request(action, actor, "理由", reasons))
        except NotAllowed:
            continue
        permitted.add(action)
    assert allowed_actions(situation, actor) == permitted


@given(SITUATIONS, ACTORS, st.sampled_from(ItemAction))
def test_nobody_ever_approves_what_he_submitted_or_approved_before(
    situation: Situation, actor: Actor, action: ItemAction
) -> None:
    try:
        transition = permit(situation, Request(action, actor, "理由", dict.fromkeys(situation.blocking, "理由")))
    except NotAllowed:
        return
    approves = transition.action in {ItemAction.APPROVE, ItemAction.APPROVE_LAST}
    assert not approves or actor.name not in {situation.submitter, *situation.deciders}


@given(SITUATIONS, ACTORS, st.sampled_from(ItemAction), RULES)
def test_no_approval_passes_while_a_block_is_open(
    situation: Situation, actor: Actor, action: ItemAction, overridden: frozenset[str]
) -> None:
    try:
        transition = permit(situation, Request(action, actor, "理由", dict.fromkeys(overridden, "理由")))
    except NotAllowed:
        return
    approves = transition.action in {ItemAction.APPROVE, ItemAction.APPROVE_LAST}
    assert not approves or overridden == situation.blocking


def test_the_author_does_not_approve_his_text_whoever_submitted_it() -> None:
    own = replace(SUBMITTED, author=PUBLISHER.name)
    assert _refusal(own, Request(ItemAction.APPROVE_LAST, PUBLISHER)) == "review.own_item"


def test_a_refusal_is_told_in_the_readers_words() -> None:
    with pytest.raises(NotAllowed) as caught:
        permit(SUBMITTED, Request(ItemAction.WITHDRAW, Actor("撰稿人", Role.EDITOR, "desk"), "样例"))
    assert "编辑" in caught.value.message.zh
    assert "撤稿" in caught.value.message.zh
    assert "编辑" not in caught.value.message.en
