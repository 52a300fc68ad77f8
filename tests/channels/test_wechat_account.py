"""What an official account remembers, counts and hands to people, and its mass message; against the sandbox."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from syndicate.channels.drivers import open_driver
from syndicate.channels.wechat_articles import articles, draft_article
from syndicate.channels.wechat_polling import with_hint
from syndicate.channels.wechat_push import push_status
from syndicate.model.account import AccountLook, AccountProbe
from syndicate.model.channel import ChannelKind, Rendition, WeChatMode
from syndicate.model.delivery import (
    Accepted,
    Action,
    Delivered,
    Job,
    NeedsPerson,
    Outcome,
    Receipt,
    Step,
    StepResult,
    TryLater,
    WaitReason,
)
from syndicate.sandbox.faults import Fault, FaultKind
from tests.channels.office import NOON, Desk, image, picture, receipt_of, renditions

UPLOAD, UPDATE, DELETE_DRAFT = "/cgi-bin/media/uploadimg", "/cgi-bin/draft/update", "/cgi-bin/draft/delete"
GET, LIST, SEND = "/cgi-bin/freepublish/get", "/cgi-bin/freepublish/batchget", "/cgi-bin/message/mass/sendall"
RUNNING = 1


def fault(kind: FaultKind, endpoint: str, **more: object) -> Fault:
    return Fault("wechat", kind, endpoint, **{"nth": (1,), "delay": 0.05, **more})  # type: ignore[arg-type]


def step_by_step(desk: Desk, job: Job, until: str) -> Job:
    """The job before the step `until`."""
    driver = open_driver(job.channel, desk.hands)
    while driver.next_step(job).name != until:
        result = driver.perform(driver.next_step(job), job)
        assert isinstance(result.outcome, Accepted), result
        job = replace(job, notes=result.notes)
    return job


def drafts(desk: Desk) -> list[object]:
    assert desk.sandbox
    return list(desk.sandbox.state("wechat")["drafts"])  # type: ignore[call-overload]


def calls(desk: Desk, name: str) -> int:
    return desk.calls.taken.count(name)


def test_the_same_picture_is_uploaded_once_for_all_articles(desk: Desk) -> None:
    sha = desk.files.add(picture())
    rendition = renditions("wechat", image(sha), body=f'<p>图</p><img src="file:{sha}" alt="路">')
    for item in (7, 8):
        desk.deliver(desk.job(desk.channel(ChannelKind.WECHAT), rendition, item=item))
    assert calls(desk, "media/uploadimg") == 1
    assert len(desk.visible("wechat")) == 2


def test_another_server_under_the_same_channel_knows_nothing_of_earlier_pictures(desk: Desk) -> None:
    sha = desk.files.add(picture())
    desk.notes.put("wechat", f"000000000000:image:{sha}", "http://127.0.0.1/old", desk.now)
    rendition = renditions("wechat", image(sha), body=f'<p>图</p><img src="file:{sha}" alt="路">')
    desk.deliver(desk.job(desk.channel(ChannelKind.WECHAT), rendition))
    assert calls(desk, "media/uploadimg") == 1


def test_a_correction_before_submission_changes_the_draft_that_is_there(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    step_by_step(desk, desk.job(channel), "submit")
    fields = {**renditions("wechat").fields, "title": "样例：改正后的标题"}
    later = desk.job(channel, replace(renditions("wechat"), fields=fields), revision=2)
    step_by_step(desk, later, "submit")
    assert [one["titles"] for one in drafts(desk)] == [["样例：改正后的标题"]]  # type: ignore[index]


def test_a_draft_that_somebody_threw_away_is_made_again(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    step_by_step(desk, desk.job(channel), "submit")
    desk.strike(fault(FaultKind.CODE, UPDATE, code=40007))
    step_by_step(desk, desk.job(channel, revision=2), "submit")
    assert calls(desk, "draft/add") == 2


def test_a_draft_that_was_submitted_is_never_changed(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    desk.deliver(desk.job(channel))
    step_by_step(desk, desk.job(channel, revision=2, action=Action.AMEND), "submit")
    assert calls(desk, "draft/update") == 0


def test_a_withdrawal_after_a_refused_submission_throws_the_draft_away(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    job = step_by_step(desk, desk.job(channel), "submit")
    desk.strike(fault(FaultKind.CODE, "/cgi-bin/freepublish/submit", code=53503))
    open_driver(channel, desk.hands).perform(Step("submit", False), job)
    desk.deliver(desk.job(channel, action=Action.RETRACT))
    assert drafts(desk) == []


def test_a_correction_after_a_lost_submission_reply_makes_one_new_draft(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    desk.strike(fault(FaultKind.TIMEOUT_AFTER_COMMIT, "/cgi-bin/freepublish/submit"))
    held = (receipt_of(desk.deliver(desk.job(channel))),)
    desk.deliver(desk.job(channel, revision=2, action=Action.AMEND, held=held))
    assert calls(desk, "draft/add") == 2
    assert len(desk.visible("wechat")) == 1


def test_a_lost_reply_to_a_changed_draft_is_found_and_not_doubled(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    step_by_step(desk, desk.job(channel), "submit")
    desk.strike(fault(FaultKind.TIMEOUT_AFTER_COMMIT, UPDATE))
    desk.deliver(desk.job(channel, revision=2))
    assert calls(desk, "draft/add") == 1
    assert len(desk.visible("wechat")) == 1


def test_a_withdrawal_throws_the_items_draft_away(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    step_by_step(desk, desk.job(channel), "submit")
    desk.deliver(desk.job(channel, action=Action.RETRACT))
    assert drafts(desk) == []


def test_a_withdrawal_goes_on_when_the_draft_is_gone_already(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    step_by_step(desk, desk.job(channel), "submit")
    desk.strike(fault(FaultKind.CODE, DELETE_DRAFT, code=40007))
    result = desk.deliver(desk.job(channel, action=Action.RETRACT))
    assert isinstance(result, StepResult)
    assert isinstance(result.outcome, Delivered)


def test_an_account_that_may_not_publish_hands_its_draft_to_a_person(desk: Desk) -> None:
    result = desk.deliver(desk.job(desk.channel(ChannelKind.WECHAT, mode=WeChatMode.DRAFT)))
    assert isinstance(result, StepResult)
    assert isinstance(result.outcome, NeedsPerson)
    assert "草稿箱" in result.outcome.why.zh
    assert desk.steps == ["cover", "draft", "hand_over"]
    assert len(drafts(desk)) == 1
    assert calls(desk, "freepublish/submit") == 0


def test_a_handed_over_draft_that_is_gone_is_made_again(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT, mode=WeChatMode.DRAFT)
    job = step_by_step(desk, desk.job(channel), "hand_over")
    desk.strike(fault(FaultKind.CODE, "/cgi-bin/draft/get", code=40007))
    result = open_driver(channel, desk.hands).perform(Step("hand_over", True), job)
    assert open_driver(channel, desk.hands).next_step(replace(job, notes=result.notes)).name == "draft"


def test_what_was_published_by_hand_is_taken_down_by_hand(desk: Desk) -> None:
    held = (Receipt("https://mp.weixin.qq.com/s/sample", "https://mp.weixin.qq.com/s/sample", NOON),)
    job = desk.job(desk.channel(ChannelKind.WECHAT), action=Action.RETRACT, held=held)
    result = desk.deliver(job)
    assert isinstance(result, StepResult)
    assert isinstance(result.outcome, NeedsPerson)
    assert "mp.weixin.qq.com/s/sample" in result.outcome.why.zh


def submitted(desk: Desk, count: int) -> list[Job]:
    """Jobs whose publication never ends, all at the end of the ladder of questions."""
    desk.strike(fault(FaultKind.PUBLISH_STATUS, "/cgi-bin/freepublish/submit", nth=(), status=RUNNING))
    channel, jobs = desk.channel(ChannelKind.WECHAT), []
    for item in range(count):
        job = desk.job(channel, item=100 + item, key=f"{item}")
        job = step_by_step(desk, job, "submit")
        notes = open_driver(channel, desk.hands).perform(Step("submit", False), job).notes
        jobs.append(replace(job, notes={**notes, "polls": "4"}))
    return jobs


def test_what_is_still_pending_shares_one_list_every_twenty_minutes(desk: Desk) -> None:
    jobs = submitted(desk, 3)
    driver = open_driver(jobs[0].channel, desk.hands)
    for at in (NOON.replace(hour=13), NOON.replace(hour=13, minute=20)):
        desk.time[0] = at
        for index, job in enumerate(jobs):
            result = driver.perform(Step("poll", True), replace(job, now=desk.now))
            assert isinstance(result.outcome, Accepted)
            assert result.outcome.ask_again_at == at + timedelta(minutes=20)
            jobs[index] = replace(job, notes=result.notes)
            desk.wait(timedelta(seconds=3))
    assert calls(desk, "freepublish/batchget") == 2
    assert calls(desk, "freepublish/get") == 0


def test_a_day_of_waiting_for_twenty_articles_stays_within_the_quotas(desk: Desk) -> None:
    jobs = submitted(desk, 20)
    driver = open_driver(jobs[0].channel, desk.hands)
    due: list[datetime] = [desk.now] * len(jobs)
    end = desk.now + timedelta(hours=24)
    while desk.now < end:
        for index, job in enumerate(jobs):
            if due[index] <= desk.now:
                result = driver.perform(Step("poll", True), replace(job, now=desk.now))
                assert isinstance(result.outcome, Accepted)
                jobs[index], due[index] = replace(job, notes=result.notes), result.outcome.ask_again_at
        desk.wait(min(due) - desk.now)
    assert calls(desk, "freepublish/batchget") <= 80
    assert calls(desk, "freepublish/get") <= 80


def test_a_publication_that_fails_late_is_found_out_within_six_hours(desk: Desk) -> None:
    job = submitted(desk, 1)[0]
    desk.strike()
    driver = open_driver(job.channel, desk.hands)
    desk.strike(fault(FaultKind.CODE, GET, nth=(), code=53502))
    begun = desk.now
    for _ in range(40):
        result = driver.perform(Step("poll", True), replace(job, now=desk.now))
        if not isinstance(result.outcome, Accepted):
            break
        job = replace(job, notes=result.notes)
        desk.time[0] = result.outcome.ask_again_at
    assert isinstance(result.outcome, NeedsPerson)
    assert desk.now - begun <= timedelta(hours=6)


def test_a_callbacks_hint_makes_the_next_question_a_direct_one(desk: Desk) -> None:
    job = submitted(desk, 1)[0]
    hinted = replace(job, notes=with_hint(job.notes))
    result = open_driver(job.channel, desk.hands).perform(Step("poll", True), hinted)
    assert calls(desk, "freepublish/get") == 1
    assert "hinted" not in result.notes


def test_a_used_up_question_becomes_a_look_at_the_list(desk: Desk) -> None:
    job = submitted(desk, 1)[0]
    desk.calls.spent["freepublish/get"] = desk.now + timedelta(hours=5)
    result = open_driver(job.channel, desk.hands).perform(Step("poll", True), replace(job, notes=with_hint(job.notes)))
    assert isinstance(result.outcome, Accepted)
    assert calls(desk, "freepublish/batchget") == 1


def test_a_used_up_submission_waits_without_a_call(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    job = step_by_step(desk, desk.job(channel), "submit")
    until = desk.calls.spent["freepublish/submit"] = desk.now + timedelta(hours=5)
    outcome = open_driver(channel, desk.hands).perform(Step("submit", False), job).outcome
    assert isinstance(outcome, TryLater)
    assert (outcome.not_before, outcome.wait) == (until, WaitReason.QUOTA)


def test_a_used_up_deletion_is_a_persons_task(desk: Desk) -> None:
    desk.calls.spent["freepublish/delete"] = desk.now + timedelta(hours=5)
    held = (Receipt("a", "", NOON),)
    job = desk.job(desk.channel(ChannelKind.WECHAT), action=Action.RETRACT, held=held)
    assert isinstance(open_driver(job.channel, desk.hands).perform(Step("delete", True), job).outcome, NeedsPerson)


def test_looks_use_what_is_kept_for_them(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    job = step_by_step(desk, desk.job(channel), "draft")
    desk.calls.spent["draft/batchget"] = desk.now + timedelta(hours=5)
    open_driver(channel, desk.hands).find(Step("draft", False), job)
    assert desk.calls.looks == ["draft/batchget"]


def test_a_probe_of_a_working_account_finds_nothing_wrong(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    driver = open_driver(channel, desk.hands)
    assert isinstance(driver, AccountProbe)
    assert driver.probe(channel, desk.now) == AccountLook(True)


def test_a_probe_tells_the_platforms_code(desk: Desk) -> None:
    desk.secrets.values["wechat-app-secret"] = "wrong"
    channel = desk.channel(ChannelKind.WECHAT)
    driver = open_driver(channel, desk.hands)
    assert isinstance(driver, AccountProbe)
    assert driver.probe(channel, desk.now) == AccountLook(True, "40125")


def bundle(*titles: str) -> Rendition:
    """A bundle of articles as the renderer makes it."""
    listed = [{"fields": {**renditions("wechat").fields, "title": title}, "body": "<p>样例</p>"} for title in titles]
    return Rendition("wechat", {"bundle": "1", "title": titles[0]}, json.dumps(listed, ensure_ascii=False))


def pushed(desk: Desk, **changes: object) -> StepResult:
    job = desk.job(desk.channel(ChannelKind.WECHAT), bundle("样例一", "样例二", "样例三"), **changes)
    result = desk.deliver(job)
    assert isinstance(result, StepResult)
    return result


def test_a_bundle_goes_to_everybody_in_one_message_at_the_set_hour(desk: Desk) -> None:
    pushed(desk)
    assert desk.steps == ["cover"] * 3 + ["draft", "push", "push", "push_status"]
    assert [one["title"] for one in desk.visible("wechat")] == ["样例一", "样例二", "样例三"]
    assert desk.now.date() == NOON.date() + timedelta(days=1)
    assert desk.now.hour == 9


def test_a_push_whose_reply_was_lost_is_not_sent_twice(desk: Desk) -> None:
    desk.strike(fault(FaultKind.TIMEOUT_AFTER_COMMIT, SEND))
    receipt = receipt_of(pushed(desk))
    assert receipt.details["message_id"] == receipt.remote_id
    assert len(desk.visible("wechat")) == 3


def test_one_article_of_a_push_can_be_deleted(desk: Desk) -> None:
    message_id = receipt_of(pushed(desk)).remote_id
    held = (Receipt(f"{message_id}:2", "", NOON, {"message_id": message_id, "index": "2"}),)
    desk.deliver(desk.job(desk.channel(ChannelKind.WECHAT), action=Action.RETRACT, held=held))
    assert [one["title"] for one in desk.visible("wechat")] == ["样例一", "样例三"]


def test_a_day_without_a_push_left_waits_for_the_next(desk: Desk) -> None:
    pushed(desk)
    desk.calls.spent["message/mass/sendall"] = desk.now + timedelta(hours=15)
    job = desk.job(desk.channel(ChannelKind.WECHAT, push_at="10:00"), bundle("样例四"), key="other", item=9)
    job = step_by_step(desk, job, "push")
    outcome = (
        open_driver(job.channel, desk.hands)
        .perform(Step("push", True), replace(job, now=desk.now, notes={**job.notes, "push_at": desk.now.isoformat()}))
        .outcome
    )
    assert isinstance(outcome, TryLater)
    assert outcome.wait is WaitReason.QUOTA


class Says:
    """A platform that answers with one status."""

    def __init__(self, status: str) -> None:
        self.status = status

    def push_status(self, message_id: str) -> str:
        return self.status


def push_status_of(desk: Desk, status: str) -> Outcome:
    job = desk.job(desk.channel(ChannelKind.WECHAT), notes={"message_id": "1"})
    return push_status(Says(status), job)[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("status", ["SEND_FAIL", "DELETE", "SOMETHING_NEW"])
def test_a_push_that_failed_is_a_persons_task(desk: Desk, status: str) -> None:
    assert isinstance(push_status_of(desk, status), NeedsPerson)


def test_a_push_that_is_still_going_out_is_asked_about_again(desk: Desk) -> None:
    assert push_status_of(desk, "SENDING") == Accepted(desk.now + timedelta(minutes=1))


def test_a_used_up_day_pushes_at_the_next_days_hour_and_not_at_midnight(desk: Desk) -> None:
    job = step_by_step(desk, desk.job(desk.channel(ChannelKind.WECHAT), bundle("样例一"), key="k"), "push")
    job = replace(job, now=NOON, notes={**job.notes, "push_at": NOON.isoformat()})
    desk.calls.spent["message/mass/sendall"] = NOON.replace(hour=0) + timedelta(days=1)
    result = open_driver(job.channel, desk.hands).perform(Step("push", True), job)
    assert isinstance(result.outcome, TryLater)
    assert result.outcome.not_before == NOON.replace(hour=9) + timedelta(days=1)
    assert result.notes["push_at"] == result.outcome.not_before.isoformat()


@pytest.mark.parametrize(
    ("size", "wide", "square"),
    [
        ((470, 200), "0.000000_0.000000_1.000000_1.000000", "0.287234_0.000000_0.712766_1.000000"),
        ((100, 100), "0.000000_0.287234_1.000000_0.712766", "0.000000_0.000000_1.000000_1.000000"),
    ],
)
def test_the_middle_of_a_cover_is_shown_in_lists(desk: Desk, size: tuple[int, int], wide: str, square: str) -> None:
    sha = desk.files.add(picture("JPEG", size=size))
    job = desk.job(desk.channel(ChannelKind.WECHAT), renditions("wechat", image(sha, "cover", "image/jpeg")))
    job = step_by_step(desk, job, "draft")
    assert (job.notes["pic_crop_235_1"], job.notes["pic_crop_1_1"]) == (wide, square)
    sent = draft_article(articles(job)[0], job)
    assert (sent["pic_crop_235_1"], sent["pic_crop_1_1"]) == (wide, square)


def test_every_article_of_a_bundle_has_the_crop_of_its_own_cover(desk: Desk) -> None:
    job = step_by_step(desk, desk.job(desk.channel(ChannelKind.WECHAT), bundle("样例一", "样例二")), "draft")
    assert {"pic_crop_1_1", "pic_crop_1_1:1"} <= set(job.notes)
