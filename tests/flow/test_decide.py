"""Approvals: bound to what was seen, checked again at the gate, written with their deliveries or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.errors import Conflict, NotAllowed
from syndicate.flow import items as item_flow
from syndicate.flow.decide import Vote, current_hash, decide, undo
from syndicate.flow.items import Placement
from syndicate.model.delivery import Action, DeliveryState, WaitReason
from syndicate.model.item import ItemKind, ItemState
from syndicate.model.review import ItemAction, Verdict
from syndicate.records import audit, deliveries, findings, items, reviews
from syndicate.review.rules import allowed_actions
from tests.databases import on_both
from tests.flow.office import CONTENT, EDITOR, PUBLISHER, REVIEWER, SECOND, Desk
from tests.records.samples import kinds, together

BLOCKED = replace(CONTENT, body="<p>这里写了禁用词甲，还有另一词。</p>")
SECONDS = timedelta(seconds=1)


def _in_review(desk: Desk, content=CONTENT) -> int:
    """An item of the column with two levels, submitted."""
    item = item_flow.create(desk.workspace, EDITOR, Placement("policy", ("app", "led")), content)
    item_flow.submit(desk.workspace, EDITOR, item)
    return item


def _void(item: int) -> list[bool]:
    return [d.void for revision in items.revisions(item) for d in reviews.decisions(revision.id)]


def _audited(item: int) -> list[str]:
    return [event.action for event in audit.of_subject(f"item:{item}")]


@on_both
def test_the_last_approval_creates_one_delivery_for_each_channel(desk: Desk) -> None:
    item = desk.approved()
    channels = [row.channel for row in deliveries.of_item(item)]
    assert sorted(channels) == ["app", "hall", "led", "website", "wechat", "weibo"]


def test_an_item_for_some_channels_goes_to_these_only(desk: Desk) -> None:
    assert set(desk.states(desk.approved("app", "led"))) == {"app", "led"}


def test_an_approval_below_the_last_level_creates_no_delivery(desk: Desk) -> None:
    item = _in_review(desk)
    desk.approve(item, REVIEWER)
    assert (desk.item(item).level, deliveries.of_item(item)) == (2, ())


@on_both
def test_a_delivery_that_cannot_be_created_takes_the_whole_approval_back(desk: Desk) -> None:
    item = desk.submitted("app", "led")
    revision = items.latest_revision(item).id
    rendition = reviews.renditions(revision)[0].id
    # The channel is under way, so the approval wants an amendment; and that very duty exists already.
    for action, state in ((Action.PUBLISH, DeliveryState.SENDING), (Action.AMEND, DeliveryState.DELIVERED)):
        deliveries.create(deliveries.Duty(item, revision, rendition, "led", action, state, None, desk.now), desk.now)
    with pytest.raises(Conflict):
        desk.approve(item)
    assert (desk.item(item).state, _void(item), _audited(item)[-1]) == (ItemState.SUBMITTED, [], "item.submitted")
    assert {row.channel for row in deliveries.of_item(item)} == {"led"}


def test_channels_that_link_to_our_page_wait_for_the_website(desk: Desk) -> None:
    waiting = desk.delivery(desk.approved("website", "weibo"), "weibo")
    assert (waiting.state, waiting.wait_reason) == (DeliveryState.WAITING, WaitReason.WEBSITE)


def test_without_the_website_nobody_waits_for_it(desk: Desk) -> None:
    assert desk.states(desk.approved("weibo")) == {"weibo": DeliveryState.DUE}


def test_approving_twice_is_refused(desk: Desk) -> None:
    item = desk.approved("led")
    with pytest.raises(NotAllowed):
        desk.approve(item, SECOND)


@on_both
def test_of_two_approvals_at_once_one_wins_and_there_is_one_set_of_deliveries(desk: Desk) -> None:
    item = desk.submitted("app", "led")
    results = together(lambda: desk.approve(item, PUBLISHER), lambda: desk.approve(item, SECOND))
    assert len(deliveries.of_item(item)) == 2
    # The one that loses may have looked before the other decided, or after.
    assert kinds(results) in (["Conflict", "Decided"], ["Decided", "NotAllowed"])


def test_the_submitter_cannot_approve(desk: Desk) -> None:
    item = desk.draft("led")
    item_flow.submit(desk.workspace, PUBLISHER, item)
    with pytest.raises(NotAllowed, match="送审人"):
        desk.approve(item, PUBLISHER)


def test_one_person_cannot_approve_two_levels(desk: Desk) -> None:
    item = _in_review(desk)
    desk.approve(item, PUBLISHER)
    with pytest.raises(NotAllowed, match="前一级"):
        desk.approve(item, PUBLISHER)


def test_a_vote_for_another_level_is_refused(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match="第 1 级"):
        decide(desk.workspace, PUBLISHER, _in_review(desk), Vote(Verdict.APPROVE, 2))


def test_a_return_needs_a_reason_and_voids_earlier_approvals(desk: Desk) -> None:
    item = _in_review(desk)
    desk.approve(item, REVIEWER)
    decide(desk.workspace, PUBLISHER, item, Vote(Verdict.RETURN, 2, "标题不准确"))
    assert (desk.item(item).state, _void(item)) == (ItemState.RETURNED, [True, False])


def test_what_was_shown_is_what_is_approved(desk: Desk) -> None:
    item = desk.submitted("led")
    seen = current_hash(desk.workspace, desk.item(item), items.latest_revision(item))
    desk.approve(item, seen=seen)
    (decision,) = reviews.decisions(items.latest_revision(item).id)
    assert decision.approval_hash == seen


def test_an_approval_of_something_else_than_was_shown_is_a_conflict(desk: Desk) -> None:
    item = desk.submitted("led")
    with pytest.raises(Conflict):
        desk.approve(item, seen="0" * 64)


def test_what_is_sent_is_the_rendition_that_was_approved(desk: Desk) -> None:
    item = desk.approved("led", undo=10 * SECONDS)
    approved = desk.delivery(item, "led").rendition
    template = desk.home / "content" / "templates" / "led.j2"
    template.write_text("改过的模板 {{ title }}", "utf-8")
    desk.reload()
    desk.settle()
    assert desk.delivery(item, "led").rendition == approved
    assert "改过的模板" not in reviews.rendition(approved).fields["text"]


def test_a_template_that_changed_between_two_levels_voids_the_first_approval(desk: Desk) -> None:
    item = _in_review(desk)
    desk.approve(item, REVIEWER)
    template = desk.home / "content" / "templates" / "led.j2"
    template.write_text("改过的模板 {{ title }}", "utf-8")
    desk.reload()
    with pytest.raises(Conflict):
        desk.approve(item)
    assert (desk.item(item).level, _void(item)) == (1, [True])


def test_an_edit_voids_every_approval_and_starts_the_review_again(desk: Desk) -> None:
    item = _in_review(desk)
    desk.approve(item, REVIEWER)
    item_flow.edit(desk.workspace, EDITOR, desk.item(item), replace(CONTENT, title="改过的标题"))
    assert (desk.item(item).state, desk.item(item).level, _void(item)) == (ItemState.DRAFT, 1, [True])


@on_both
def test_an_edit_of_what_somebody_changed_meanwhile_is_a_conflict(desk: Desk) -> None:
    item = desk.draft("led")
    seen = desk.item(item)
    item_flow.edit(desk.workspace, EDITOR, seen, replace(CONTENT, title="第一个标题"))
    with pytest.raises(Conflict):
        item_flow.edit(desk.workspace, REVIEWER, seen, replace(CONTENT, title="第二个标题"))


def test_a_block_stops_the_approval(desk: Desk) -> None:
    with pytest.raises(NotAllowed, match=r"sample\.block"):
        desk.approve(desk.submitted("led", content=BLOCKED))


def test_an_override_with_a_reason_is_kept_with_the_decision(desk: Desk) -> None:
    item = desk.submitted("led", content=BLOCKED)
    desk.approve(item, overrides={"sample.block": "引用文件原文"})
    (decision,) = reviews.decisions(items.latest_revision(item).id)
    assert decision.overrides == {"sample.block": "引用文件原文"}


@on_both
def test_a_rule_that_came_between_two_levels_sends_the_item_back(desk: Desk) -> None:
    item = _in_review(desk)
    desk.approve(item, REVIEWER)
    desk.add_rule("new.block", "恢复通行")
    decided = desk.approve(item)
    assert {finding.rule for finding in decided.sent_back} == {"new.block"}
    assert (desk.item(item).state, deliveries.of_item(item)) == (ItemState.RETURNED, ())


def test_what_the_gate_found_is_there_for_the_editor(desk: Desk) -> None:
    item = desk.submitted("led")
    desk.add_rule("new.block", "恢复通行")
    desk.approve(item)
    stored = findings.of_revision(items.latest_revision(item).id)
    assert ("new.block" in {finding.rule for finding in stored}, _audited(item)[-1]) == (True, "item.sent_back")


def test_an_override_does_not_cover_what_its_rule_found_later(desk: Desk) -> None:
    item = desk.submitted("led", content=BLOCKED)
    path = desk.home / "content" / "rules" / "sample.yaml"
    path.write_text(path.read_text("utf-8").replace("pattern: 禁用词[甲乙]", "pattern: 禁用词[甲乙]|另一词"), "utf-8")
    desk.reload()
    decided = desk.approve(item, overrides={"sample.block": "引用文件原文"})
    assert {finding.text for finding in decided.sent_back} == {"另一词"}


def test_an_undo_cancels_what_waits_and_the_item_is_in_review_again(desk: Desk) -> None:
    item = desk.approved("led", "app", undo=10 * SECONDS)
    undo(desk.workspace, PUBLISHER, item)
    assert (desk.item(item).state, set(desk.states(item).values())) == (
        ItemState.SUBMITTED,
        {DeliveryState.CANCELLED},
    )


def test_nothing_is_sent_before_the_undo_is_over(desk: Desk) -> None:
    item = desk.approved("led", undo=10 * SECONDS)
    desk.run()
    assert desk.delivery(item, "led").attempts_made == 0


def test_after_the_undo_is_over_it_is_sent(desk: Desk) -> None:
    item = desk.approved("led", undo=10 * SECONDS)
    desk.wait(10 * SECONDS)
    desk.run()
    assert desk.states(item) == {"led": DeliveryState.DELIVERED}


@on_both
def test_an_approval_that_was_undone_can_be_given_again(desk: Desk) -> None:
    item = desk.approved("led", "app", undo=10 * SECONDS)
    undo(desk.workspace, PUBLISHER, item)
    desk.approve(item)
    desk.settle()
    assert set(desk.states(item).values()) == {DeliveryState.DELIVERED}


def test_what_was_sent_cannot_be_undone(desk: Desk) -> None:
    item = desk.approved("led")
    desk.run()
    with pytest.raises(NotAllowed):
        undo(desk.workspace, PUBLISHER, item)


@on_both
def test_an_undo_and_a_worker_at_once_never_both_win(desk: Desk) -> None:
    for _ in range(5):
        item = desk.approved("led", undo=SECONDS)
        desk.wait(2 * SECONDS)
        undone, _ = together(lambda item=item: undo(desk.workspace, PUBLISHER, item), desk.run)
        expected = DeliveryState.DELIVERED if isinstance(undone, NotAllowed | Conflict) else DeliveryState.CANCELLED
        assert desk.states(item) == {"led": expected}


def test_a_correction_is_an_amendment_where_the_channel_holds_the_item(desk: Desk) -> None:
    item = desk.approved("app")
    desk.run()
    desk.corrected(item, "改正后的标题")
    assert desk.delivery(item, "app").action is Action.AMEND


def test_a_correction_of_what_may_still_arrive_is_an_amendment(desk: Desk) -> None:
    item = desk.approved("wechat", "led")
    desk.step(desk.delivery(item, "led").id)
    desk.step(desk.delivery(item, "wechat").id)  # the cover: repeatable, accepted
    desk.corrected(item, "改正后的标题")
    assert desk.delivery(item, "wechat").action is Action.AMEND


def test_a_correction_cancels_what_waited(desk: Desk) -> None:
    item = desk.approved("led", "weibo", "website")
    desk.step(desk.delivery(item, "led").id)
    desk.corrected(item, "改正后的标题")
    first = next(row.state for row in deliveries.of_item(item) if row.channel == "weibo")
    assert first is DeliveryState.CANCELLED


def test_a_reprint_is_not_corrected_by_an_edit(desk: Desk) -> None:
    item = desk.draft("led", content=replace(CONTENT, kind=ItemKind.REPRINT))
    with pytest.raises(NotAllowed):
        item_flow.edit(desk.workspace, EDITOR, desk.item(item), CONTENT)


def test_a_reprint_is_not_corrected_by_an_amendment(desk: Desk) -> None:
    item = desk.approved("led", content=replace(CONTENT, kind=ItemKind.REPRINT))
    desk.run()
    with pytest.raises(NotAllowed):
        item_flow.amend(desk.workspace, EDITOR, item, "改正", replace(CONTENT, kind=ItemKind.REPRINT, title="改过"))


def test_a_reprint_may_be_published_again_as_it_is(desk: Desk) -> None:
    item = desk.approved("led", content=replace(CONTENT, kind=ItemKind.REPRINT))
    desk.run()
    item_flow.amend(desk.workspace, EDITOR, item, "重新发布")
    assert desk.item(item).state is ItemState.DRAFT


def test_a_discarded_item_needs_a_reason_and_keeps_it(desk: Desk) -> None:
    item = desk.draft("led")
    item_flow.discard(desk.workspace, EDITOR, item, "内容重复")
    event = audit.of_subject(f"item:{item}")[-1]
    assert (event.action, event.data["reason"]) == ("item.discarded", "内容重复")


def test_what_a_channel_holds_cannot_be_discarded(desk: Desk) -> None:
    item = desk.approved("led")
    desk.run()
    item_flow.amend(desk.workspace, EDITOR, item, "改正")
    with pytest.raises(Conflict):
        item_flow.discard(desk.workspace, EDITOR, item, "不用了")


def test_a_submission_checks_with_the_rules_of_that_moment(desk: Desk) -> None:
    item = desk.draft("led")
    desk.add_rule("new.block", "恢复通行")
    item_flow.submit(desk.workspace, EDITOR, item)
    found = findings.of_revision(items.latest_revision(item).id)
    assert "new.block" in {finding.rule for finding in found}


def test_the_buttons_of_a_fresh_submission_are_those_of_its_reviewers(desk: Desk) -> None:
    item = desk.submitted("led")
    allowed = allowed_actions(item_flow.situation(desk.item(item)), PUBLISHER)
    assert {ItemAction.APPROVE_LAST, ItemAction.RETURN} <= allowed


@on_both
def test_the_audit_of_a_whole_review_is_an_unbroken_chain(desk: Desk) -> None:
    item = _in_review(desk)
    desk.approve(item, REVIEWER)
    desk.approve(item)
    desk.settle()
    assert audit.verify().broken is None
    assert _audited(item) == [
        "item.created",
        "item.submitted",
        "item.approved",
        "item.approved_last",
        "item.published",
    ]
