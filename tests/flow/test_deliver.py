"""Deliveries against the sandbox: nothing lost, nothing sent twice, every trouble ends with a person who is told."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from syndicate.model.delivery import Action, DeliveryEvent, DeliveryState, WaitReason
from syndicate.model.item import ItemState
from syndicate.records import audit, deliveries, items, models, receipts
from syndicate.records.connection import close_connections
from syndicate.records.values import DeliveryRecord
from syndicate.sandbox.faults import Fault, FaultKind
from tests.databases import on_both
from tests.flow.office import CONTENT, Desk
from tests.records.samples import tried

MINUTE = timedelta(minutes=1)
LOST = Fault("weibo", FaultKind.RESET_AFTER_COMMIT, "*share*", nth=(1,))


def _crash(desk: Desk, delivery: DeliveryRecord, step: str, *, repeatable: bool) -> DeliveryRecord:
    """What the ledger holds when a worker dies right after it wrote its step down."""
    claim = {"step": step, "step_repeatable": repeatable, "lease_owner": "dead", "lease_until": desk.now + 5 * MINUTE}
    first = {"attempts_made": delivery.attempts_made + 1, "first_attempt_at": desk.now}
    claimed = deliveries.change(delivery, DeliveryEvent.CLAIMED, {**claim, **first})
    assert claimed is not None
    tried(claimed, step, desk.now, worker="dead")
    return claimed


def _set(delivery: DeliveryRecord, **values: object) -> None:
    models.Delivery.objects.filter(id=delivery.id).update(**values)


def _tries(delivery: DeliveryRecord) -> list[tuple[str, str, str]]:
    return [(one.kind, one.step, one.outcome) for one in deliveries.attempts(delivery.id)]


@on_both
def test_everything_that_has_an_interface_is_delivered(desk: Desk) -> None:
    item = desk.approved("website", "weibo", "wechat", "app", "led")
    desk.settle()
    assert set(desk.states(item).values()) == {DeliveryState.DELIVERED}


def test_a_channel_without_an_interface_becomes_a_task(desk: Desk) -> None:
    item = desk.approved("hall")
    desk.settle()
    task = desk.delivery(item, "hall")
    assert (task.state, task.message and task.message.key) == (DeliveryState.NEEDS_PERSON, "channels.manual_publish")


def test_a_delivery_that_is_not_due_is_left_alone(desk: Desk) -> None:
    item = desk.approved("led", undo=MINUTE)
    assert desk.step(desk.delivery(item, "led").id) is False


def test_a_finished_delivery_is_left_alone(desk: Desk) -> None:
    item = desk.approved("led")
    desk.run()
    assert desk.step(desk.delivery(item, "led").id) is False


@on_both
def test_the_website_comes_first_and_releases_who_waits(desk: Desk) -> None:
    item = desk.approved("website", "weibo")
    desk.step(desk.delivery(item, "website").id)
    assert desk.states(item) == {"website": DeliveryState.DELIVERED, "weibo": DeliveryState.DUE}


def test_the_first_channel_makes_the_item_published_and_fixes_the_time(desk: Desk) -> None:
    item = desk.approved("led", "weibo")
    desk.step(desk.delivery(item, "led").id)
    first = desk.item(item).first_published_at
    desk.wait(MINUTE)
    desk.run()
    assert (desk.item(item).state, desk.item(item).first_published_at) == (ItemState.PUBLISHED, first)


def test_a_correction_keeps_the_first_publication_time(desk: Desk) -> None:
    item = desk.approved("led")
    desk.run()
    first = desk.item(item).first_published_at
    desk.wait(MINUTE)
    desk.corrected(item, "改正后的标题")
    desk.run()
    assert desk.item(item).first_published_at == first


def test_proof_of_what_the_public_sees_is_kept(desk: Desk) -> None:
    item = desk.approved("website")
    desk.run()
    assert len(receipts.held(item, "website")[0].proof_sha256) == 64


def _block_the_website(desk: Desk) -> None:
    """Its folder cannot be made: a file is in the way."""
    (desk.home / "var" / "site").write_text("a file in the way", "utf-8")


def test_a_website_that_is_late_makes_its_waiters_a_persons_task(desk: Desk) -> None:
    _block_the_website(desk)
    item = desk.approved("website", "weibo")
    desk.settle(31 * MINUTE)
    waiter = desk.delivery(item, "weibo")
    assert (waiter.state, waiter.wait_reason, waiter.message and waiter.message.key) == (
        DeliveryState.NEEDS_PERSON,
        WaitReason.WEBSITE,
        "ledger.website_late",
    )


def test_an_overdue_waiter_goes_on_by_itself_when_the_website_is_there_after_all(desk: Desk) -> None:
    _block_the_website(desk)
    item = desk.approved("website", "weibo")
    desk.settle(31 * MINUTE)
    (desk.home / "var" / "site").unlink()
    desk.settle(20 * MINUTE)
    assert desk.states(item) == {"website": DeliveryState.DELIVERED, "weibo": DeliveryState.DELIVERED}


def test_one_channel_that_is_down_stops_no_other(desk: Desk) -> None:
    desk.strike(Fault("app", FaultKind.RESET_BEFORE))
    item = desk.approved("app", "led", "wechat")
    desk.settle(5 * MINUTE)
    states = desk.states(item)
    assert (states["led"], states["wechat"]) == (DeliveryState.DELIVERED, DeliveryState.DELIVERED)


@on_both
def test_a_lost_reply_is_looked_for_and_not_sent_again(desk: Desk) -> None:
    desk.strike(LOST)
    item = desk.approved("weibo")
    desk.settle()
    delivery = desk.delivery(item, "weibo")
    assert (delivery.state, desk.counts("weibo")["posted"]) == (DeliveryState.DELIVERED, 1)
    assert _tries(delivery)[-2:] == [("send", "share", "unsure"), ("look", "share", "found")]


def test_a_lost_call_is_sent_again_after_its_absence_is_proved(desk: Desk) -> None:
    desk.strike(replace(LOST, kind=FaultKind.RESET_BEFORE))
    item = desk.approved("weibo")
    desk.settle()
    assert (desk.states(item), len(desk.visible("weibo"))) == ({"weibo": DeliveryState.DELIVERED}, 1)


def test_a_platform_that_never_answers_becomes_a_persons_task(desk: Desk) -> None:
    desk.strike(Fault("app", FaultKind.RESET_BEFORE))
    item = desk.approved("app")
    desk.settle(timedelta(hours=3))
    assert desk.states(item) == {"app": DeliveryState.NEEDS_PERSON}


def test_the_platforms_retry_after_is_respected(desk: Desk) -> None:
    desk.strike(Fault("app", FaultKind.HTTP_500, status=503, retry_after=600))
    item = desk.approved("app")
    desk.run()
    delivery = desk.delivery(item, "app")
    assert (delivery.state, delivery.due_at - desk.now) == (DeliveryState.DUE, 10 * MINUTE)


def test_retries_end_with_a_person_who_is_told_why(desk: Desk) -> None:
    desk.strike(Fault("app", FaultKind.HTTP_500, status=503, retry_after=60))
    item = desk.approved("app")
    desk.settle(timedelta(hours=2))
    delivery = desk.delivery(item, "app")
    assert delivery.message is not None
    assert (delivery.state, delivery.message.key) == (DeliveryState.NEEDS_PERSON, "ledger.gave_up")
    assert "平台要求稍后再试" in delivery.message.zh


def test_a_refusal_is_final_and_says_why(desk: Desk) -> None:
    desk.strike(Fault("app", FaultKind.HTTP_500, status=422))
    item = desk.approved("app")
    desk.settle()
    refused = desk.delivery(item, "app")
    assert (refused.state, refused.attempts_made, bool(refused.message)) == (DeliveryState.REFUSED, 1, True)


@on_both
def test_a_worker_that_died_in_a_call_is_looked_after_and_nothing_is_sent_twice(desk: Desk) -> None:
    item = desk.approved("weibo")
    desk.step(desk.delivery(item, "weibo").id)
    prepared = desk.delivery(item, "weibo")
    job = _job(desk, prepared)
    driver = desk.workspace.driver("weibo")
    claimed = _crash(desk, prepared, "share", repeatable=False)
    driver.perform(driver.next_step(job), job)
    desk.wait(6 * MINUTE)
    desk.settle()
    assert (desk.delivery(item, "weibo").state, desk.counts("weibo")["posted"]) == (DeliveryState.DELIVERED, 1)
    assert _tries(claimed)[1:] == [("send", "share", "lease_lost"), ("look", "share", "found")]


def _job(desk: Desk, delivery: DeliveryRecord) -> object:
    from syndicate.flow.jobs import job_for

    return job_for(desk.workspace, delivery, desk.workspace.channel(delivery.channel))


def test_a_worker_that_died_before_its_call_is_looked_after_and_then_it_is_sent(desk: Desk) -> None:
    item = desk.approved("weibo")
    desk.step(desk.delivery(item, "weibo").id)
    _crash(desk, desk.delivery(item, "weibo"), "share", repeatable=False)
    desk.wait(6 * MINUTE)
    desk.settle()
    assert (desk.states(item), desk.counts("weibo")["posted"]) == ({"weibo": DeliveryState.DELIVERED}, 1)


def test_a_worker_that_died_in_a_repeatable_step_is_followed_by_another(desk: Desk) -> None:
    item = desk.approved("led")
    claimed = _crash(desk, desk.delivery(item, "led"), "write", repeatable=True)
    desk.wait(6 * MINUTE)
    desk.settle()
    assert [outcome for _, _, outcome in _tries(claimed)] == ["lease_lost_repeatable", "delivered"]


def test_before_the_lease_is_over_nobody_takes_a_call_over(desk: Desk) -> None:
    item = desk.approved("led")
    claimed = _crash(desk, desk.delivery(item, "led"), "write", repeatable=True)
    desk.wait(4 * MINUTE)
    assert desk.step(claimed.id) is False


def test_a_look_whose_worker_died_is_made_again(desk: Desk) -> None:
    desk.strike(LOST)
    item = desk.approved("weibo")
    desk.run()
    unsure = desk.delivery(item, "weibo")
    lease = {"lease_owner": "dead", "lease_until": desk.now + 5 * MINUTE, "due_at": unsure.due_at}
    looking = deliveries.change(unsure, DeliveryEvent.LOOKING, lease)
    assert looking is not None
    tried(looking, "share", desk.now, kind="look", worker="dead")
    desk.wait(6 * MINUTE)
    desk.settle()
    assert _tries(unsure)[-2:] == [("look", "share", "lease_lost"), ("look", "share", "found")]


@on_both
def test_an_outcome_that_comes_after_its_lease_was_lost_changes_nothing(desk: Desk) -> None:
    item = desk.approved("app")
    delivery = desk.delivery(item, "app")
    desk.strike(Fault("app", FaultKind.SLOW, delay=1.0))
    slow = threading.Thread(target=_step_and_close, args=(desk, delivery.id))
    slow.start()
    while not desk.sandbox.faults.hits("app"):
        threading.Event().wait(0.01)
    desk.wait(6 * MINUTE)
    desk.step(delivery.id, "second")
    slow.join(10)
    (late,) = deliveries.attempts(delivery.id)
    assert (late.outcome, late.applied, desk.states(item)) == ("delivered", False, {"app": DeliveryState.UNSURE})


@on_both
def test_after_a_late_outcome_the_look_finds_it_and_nothing_is_sent_twice(desk: Desk) -> None:
    test_an_outcome_that_comes_after_its_lease_was_lost_changes_nothing(desk)
    desk.strike()
    desk.settle()
    assert (deliveries.counts(), desk.counts("app")["stored"]) == ({("app", DeliveryState.DELIVERED): 1}, 1)


def _step_and_close(desk: Desk, delivery: int) -> None:
    desk.step(delivery, "first")
    close_connections()


@on_both
def test_of_two_workers_only_one_makes_the_call(desk: Desk) -> None:
    from tests.records.samples import together

    item = desk.approved("app")
    delivery = desk.delivery(item, "app").id
    together(lambda: desk.step(delivery, "one"), lambda: desk.step(delivery, "two"))
    assert (len(deliveries.attempts(delivery)), desk.counts("app")) == (1, {"stored": 1})


def test_what_expired_before_it_was_sent_is_not_sent(desk: Desk) -> None:
    item = desk.approved("led", "app", undo=MINUTE, expires_at=desk.now + MINUTE)
    desk.settle()
    assert set(desk.states(item).values()) == {DeliveryState.EXPIRED}
    assert desk.visible("app") == []


def test_what_expires_between_two_steps_goes_no_further(desk: Desk) -> None:
    item = desk.approved("wechat", expires_at=desk.now + MINUTE)
    for _ in range(2):  # cover, draft
        desk.step(desk.delivery(item, "wechat").id)
    desk.wait(2 * MINUTE)
    desk.settle()
    assert (desk.states(item), desk.visible("wechat")) == ({"wechat": DeliveryState.EXPIRED}, [])


def test_what_was_submitted_before_it_expired_is_followed_to_its_end(desk: Desk) -> None:
    item = desk.approved("wechat", expires_at=desk.now + MINUTE)
    for _ in range(3):  # cover, draft, submit
        desk.step(desk.delivery(item, "wechat").id)
    desk.wait(2 * MINUTE)
    desk.settle()
    assert (desk.states(item), len(receipts.held(item))) == ({"wechat": DeliveryState.DELIVERED}, 1)


def test_what_a_channel_cannot_do_becomes_a_task_with_the_address(desk: Desk) -> None:
    item = desk.approved("weibo")
    desk.settle()
    desk.corrected(item, "改正后的标题")
    desk.settle()
    task = desk.delivery(item, "weibo")
    assert (task.state, task.message and task.message.key) == (DeliveryState.NEEDS_PERSON, "ledger.unsupported")
    assert receipts.held(item, "weibo")[0].receipt.url in str(task.message)


@on_both
def test_a_correction_replaces_what_the_channel_held(desk: Desk) -> None:
    item = desk.approved("app", "led", "website")
    desk.settle()
    desk.corrected(item, "改正后的标题")
    desk.settle()
    assert len(receipts.held(item)) == 3
    assert [article["title"] for article in desk.visible("app")] == ["改正后的标题"]
    assert "改正后的标题" in desk.page(item)


def test_an_outdated_text_is_not_sent_once_its_correction_is_approved(desk: Desk) -> None:
    desk.strike(Fault("weibo", FaultKind.HTTP_500, status=503, endpoint="*share*", nth=(1,)))
    item = desk.approved("weibo", "led")
    desk.run()
    desk.corrected(item, "改正后的标题")
    desk.settle()
    (post,) = desk.visible("weibo")
    assert "改正后的标题" in str(post["text"])


def test_a_mistake_of_a_driver_in_a_repeatable_step_is_tried_again_and_ends_with_a_person(desk: Desk) -> None:
    item = desk.approved("led")
    _set(desk.delivery(item, "led"), notes={"seq": "not a number"})
    desk.settle(timedelta(hours=2))
    broken = desk.delivery(item, "led")
    assert broken.message is not None
    assert (broken.state, broken.message.key) == (DeliveryState.NEEDS_PERSON, "ledger.gave_up")
    assert "渠道程序出错" in broken.message.zh


def test_a_mistake_of_a_driver_in_a_look_never_leads_to_a_second_call(desk: Desk) -> None:
    item = desk.approved("wechat")
    desk.step(desk.delivery(item, "wechat").id)
    desk.step(desk.delivery(item, "wechat").id)
    drafted = desk.delivery(item, "wechat")
    _crash(desk, drafted, "submit", repeatable=False)
    _set(drafted, notes={**drafted.notes, "submit_unsure_at": "no time"})
    desk.wait(6 * MINUTE)
    desk.settle()
    assert desk.states(item) == {"wechat": DeliveryState.NEEDS_PERSON}
    assert desk.counts("wechat").get("submitted", 0) == 0


def test_a_driver_that_cannot_name_its_step_is_a_persons_task_and_nothing_is_called(desk: Desk) -> None:
    item = desk.approved("wechat")
    desk.settle()
    desk.corrected(item, "改正后的标题")
    _set(desk.delivery(item, "wechat"), notes={"thumb_media_id": "x", "media_id": "y", "deleted": 5})
    desk.settle()
    broken = desk.delivery(item, "wechat")
    assert (broken.state, broken.message and broken.message.key, broken.attempts_made) == (
        DeliveryState.NEEDS_PERSON,
        "ledger.cannot_start",
        0,
    )


def _states_of_a_missing_channel() -> dict[str, dict[str, object]]:
    past = datetime.fromisoformat("2026-11-26T00:00:00+08:00")
    return {
        "due": {},
        "accepted": {"state": DeliveryState.ACCEPTED},
        "unsure": {"state": DeliveryState.UNSURE, "maybe_sent": True},
        "sending": {"state": DeliveryState.SENDING, "step_repeatable": False, "lease_until": past},
        "waiting": {"state": DeliveryState.WAITING, "wait_reason": WaitReason.WEBSITE},
    }


@on_both
@pytest.mark.parametrize("state", _states_of_a_missing_channel())
def test_a_channel_that_the_configuration_no_longer_has_becomes_a_persons_task(desk: Desk, state: str) -> None:
    item = desk.approved("app")
    _set(desk.delivery(item, "app"), **_states_of_a_missing_channel()[state])
    desk.without("app")
    desk.run()
    stranded = desk.delivery(item, "app")
    assert (stranded.state, stranded.message and stranded.message.key) == (
        DeliveryState.NEEDS_PERSON,
        "ledger.no_channel",
    )


def test_a_worker_that_died_calling_a_channel_that_is_gone_may_have_sent(desk: Desk) -> None:
    item = desk.approved("app")
    _set(desk.delivery(item, "app"), **_states_of_a_missing_channel()["sending"])
    desk.without("app")
    desk.run()
    assert desk.delivery(item, "app").maybe_sent


def test_asking_in_vain_does_not_forget_that_the_article_was_submitted(desk: Desk) -> None:
    item = desk.approved("wechat")
    for _ in range(3):  # cover, draft, submit
        desk.step(desk.delivery(item, "wechat").id)
    desk.strike(Fault("wechat", FaultKind.RESET_BEFORE))
    desk.settle(timedelta(hours=3))
    stuck = desk.delivery(item, "wechat")
    assert (stuck.state, stuck.maybe_sent) == (DeliveryState.NEEDS_PERSON, True)


def test_a_missing_secret_is_a_persons_task_that_names_it_and_shows_nothing(desk: Desk) -> None:
    (desk.home / "var" / "secrets" / "app-signing-key").unlink()
    item = desk.approved("app")
    desk.settle()
    task = desk.delivery(item, "app")
    assert task.state is DeliveryState.NEEDS_PERSON
    assert "app-signing-key" in str(task.message)


def test_a_picture_that_is_lost_stops_no_article(desk: Desk) -> None:
    body = f'<p>城区三条道路恢复通行。</p><p><img src="file:{"a" * 64}" alt="样例"></p>'
    item = desk.approved("website", "wechat", content=replace(CONTENT, body=body))
    desk.settle()
    assert set(desk.states(item).values()) == {DeliveryState.DELIVERED}


def test_every_end_of_a_delivery_is_in_the_audit(desk: Desk) -> None:
    item = desk.approved("led", "hall")
    desk.settle()
    last = [audit.of_subject(f"delivery:{row.id}")[-1].action for row in deliveries.of_item(item)]
    assert last == ["delivery.needs_person", "delivery.delivered"]


@on_both
def test_no_secret_is_in_what_the_ledger_keeps(desk: Desk) -> None:
    from tests.flow.office import SECRETS

    desk.approved("weibo", "wechat", "app")
    desk.settle()
    kept = json.dumps(
        [
            [one.reply, one.code, str(one.message)]
            for row in deliveries.listed([], limit=10)
            for one in deliveries.attempts(row.id)
        ]
    )
    assert [name for name, value in SECRETS.items() if value in kept] == []


def test_the_receipt_of_a_retraction_is_not_held(desk: Desk) -> None:
    from syndicate.flow.withdraw import withdraw
    from syndicate.model.review import WithdrawalKind
    from tests.flow.office import PUBLISHER

    item = desk.approved("led")
    desk.run()
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "写错")
    desk.run()
    assert (desk.delivery(item, "led").action, receipts.held(item)) == (Action.RETRACT, ())
    assert items.get(item).state is ItemState.WITHDRAWN


@pytest.fixture
def two_posts(desk: Desk) -> tuple[int, int]:
    """Two approved posts, the first of which is made while its reply is lost."""
    desk.strike(LOST)
    other = replace(CONTENT, title="图书馆延长开放时间", body="<p>图书馆周末延长开放时间。</p>")
    return desk.approved("weibo"), desk.approved("weibo", content=other)


def test_while_one_outcome_on_weibo_is_unknown_no_other_post_is_sent(desk: Desk, two_posts: tuple[int, int]) -> None:
    desk.run()
    assert [desk.states(item)["weibo"] for item in two_posts] == [DeliveryState.UNSURE, DeliveryState.DUE]


def test_after_the_look_the_other_post_follows(desk: Desk, two_posts: tuple[int, int]) -> None:
    desk.settle()
    assert {desk.states(item)["weibo"] for item in two_posts} == {DeliveryState.DELIVERED}
