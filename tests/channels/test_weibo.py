"""The Weibo driver against the sandbox."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from syndicate.channels.drivers import open_driver
from syndicate.channels.weibo_client import PictureFile, WeiboClient
from syndicate.model.channel import ChannelKind, Rendition, Token
from syndicate.model.delivery import (
    Absent,
    Action,
    CannotTell,
    Delivered,
    FindResult,
    NeedsPerson,
    Receipt,
    Refused,
    Step,
    StepResult,
    TryLater,
    Unsure,
)
from syndicate.sandbox.faults import Fault, FaultKind
from tests.channels.office import PAGE, Desk, image, picture, receipt_of, renditions

SHARE, DESTROY = "/2/statuses/share.json", "/2/statuses/destroy.json"
SHARE_STEP = Step("share", False)


def weibo_fault(kind: FaultKind, endpoint: str = SHARE, **more: object) -> Fault:
    return Fault("weibo", kind, endpoint, **{"nth": (1,), "delay": 0.05, **more})  # type: ignore[arg-type]


def publish(desk: Desk, **changes: object) -> StepResult | FindResult:
    return desk.deliver(desk.job(desk.channel(ChannelKind.WEIBO), **changes))


def outcome(result: StepResult | FindResult) -> object:
    return result.outcome if isinstance(result, StepResult) else result.answer


def other_posts(desk: Desk, count: int) -> None:
    assert desk.addresses
    token = desk.secrets.values["weibo-access-token"]
    with WeiboClient(access_token=token, base_url=desk.addresses.weibo) as client:
        for number in range(count):
            client.statuses.share(f"另一条样例微博之{'一二三四五六七八'[number]} {PAGE}", "203.0.113.10")


def test_a_post_is_prepared_and_shared(desk: Desk) -> None:
    assert isinstance(outcome(publish(desk)), Delivered)
    assert desk.steps == ["prepare", "share"]


def test_the_receipt_holds_the_public_address(desk: Desk) -> None:
    receipt = receipt_of(publish(desk))
    assert receipt.url == desk.visible("weibo")[0]["url"]


def test_a_picture_goes_with_the_post(desk: Desk) -> None:
    sha = desk.files.add(picture())
    publish(desk, rendition=renditions("weibo", image(sha)))
    assert desk.visible("weibo")[0]["picture"] is True


def test_a_broken_picture_is_left_out_and_the_text_goes_out(desk: Desk) -> None:
    sha = desk.files.add(b"GIF89a but not really")
    publish(desk, rendition=renditions("weibo", image(sha)))
    assert desk.log[0][1].notes[f"left_out:{sha}"] == "not_a_picture"
    assert desk.visible("weibo")[0]["picture"] is False


def test_a_picture_whose_file_is_gone_is_left_out(desk: Desk) -> None:
    publish(desk, rendition=renditions("weibo", image("0" * 64)))
    assert desk.visible("weibo")[0]["picture"] is False


@pytest.mark.parametrize("kind", [FaultKind.TIMEOUT_AFTER_COMMIT, FaultKind.RESET_AFTER_COMMIT])
def test_a_post_whose_reply_was_lost_is_found_on_the_timeline(desk: Desk, kind: FaultKind) -> None:
    desk.strike(weibo_fault(kind))
    receipt = receipt_of(publish(desk))
    assert receipt.url == desk.visible("weibo")[0]["url"]
    assert desk.steps == ["prepare", "share", "find share"]


@pytest.mark.parametrize("kind", [FaultKind.HTML_200, FaultKind.EMPTY_JSON, FaultKind.HTTP_500])
def test_a_meaningless_reply_that_did_commit_ends_in_one_post(desk: Desk, kind: FaultKind) -> None:
    desk.strike(weibo_fault(kind, commit=True))
    assert receipt_of(publish(desk))
    assert len(desk.visible("weibo")) == 1


def test_a_post_that_never_happened_is_absent_and_shared_again(desk: Desk) -> None:
    desk.strike(weibo_fault(FaultKind.RESET_BEFORE))
    publish(desk)
    assert desk.steps == ["prepare", "share", "find share", "share"]


def test_five_newer_posts_hide_it_and_a_person_must_look(desk: Desk) -> None:
    desk.strike(weibo_fault(FaultKind.RESET_AFTER_COMMIT))
    channel = desk.channel(ChannelKind.WEIBO)
    driver, job = open_driver(channel, desk.hands), desk.job(channel)
    notes = driver.perform(Step("prepare", True), job).notes
    job = desk.job(channel, notes=notes)
    assert isinstance(driver.perform(SHARE_STEP, job).outcome, Unsure)
    other_posts(desk, 5)
    answer = driver.find(SHARE_STEP, job).answer
    assert isinstance(answer, CannotTell)
    assert not answer.ask_again


def test_four_newer_posts_prove_absence(desk: Desk) -> None:
    other_posts(desk, 4)
    job = desk.job(desk.channel(ChannelKind.WEIBO), notes={"prepared_at": desk.now.isoformat()})
    assert isinstance(open_driver(job.channel, desk.hands).find(SHARE_STEP, job).answer, Absent)


def test_five_posts_from_before_the_attempt_prove_absence(desk: Desk) -> None:
    other_posts(desk, 5)
    desk.wait(timedelta(hours=1))
    job = desk.job(desk.channel(ChannelKind.WEIBO), notes={"prepared_at": desk.now.isoformat()})
    assert isinstance(open_driver(job.channel, desk.hands).find(SHARE_STEP, job).answer, Absent)


def test_a_post_that_only_looks_alike_goes_to_a_person(desk: Desk) -> None:
    publish(desk)
    rendition = Rendition("weibo", {"text": f"【样例】城区三条道路今日恢复通行，请绕行 {PAGE}", "link": PAGE}, "")
    job = desk.job(desk.channel(ChannelKind.WEIBO), rendition, notes={"prepared_at": desk.now.isoformat()})
    answer = open_driver(job.channel, desk.hands).find(SHARE_STEP, job).answer
    assert isinstance(answer, CannotTell)
    assert not answer.ask_again


def test_a_post_that_is_held_already_is_not_taken_for_the_new_one(desk: Desk) -> None:
    receipt = receipt_of(publish(desk))
    notes = {"prepared_at": desk.now.isoformat()}
    job = desk.job(desk.channel(ChannelKind.WEIBO), held=(receipt,), notes=notes)
    assert isinstance(open_driver(job.channel, desk.hands).find(SHARE_STEP, job).answer, Absent)


def test_a_repeat_that_weibo_refuses_is_reconciled_with_the_post_that_is_there(desk: Desk) -> None:
    first = receipt_of(publish(desk))
    again = receipt_of(publish(desk))
    assert again.remote_id == first.remote_id
    assert "20019" in [getattr(result, "code", "") for _, result in desk.log]


def test_published_with_a_lagging_timeline_is_found_later(desk: Desk) -> None:
    desk.strike(weibo_fault(FaultKind.CODE, code=20032, commit=True))
    assert receipt_of(publish(desk))
    assert len(desk.visible("weibo")) == 1


@pytest.mark.parametrize("code", ["20032", "20019", "20017", "20111"])
def test_where_weibo_says_that_it_exists_absence_is_never_concluded(desk: Desk, code: str) -> None:
    notes = {"prepared_at": desk.now.isoformat(), "reconcile": code}
    job = desk.job(desk.channel(ChannelKind.WEIBO), notes=notes)
    answer = open_driver(job.channel, desk.hands).find(SHARE_STEP, job).answer
    assert isinstance(answer, CannotTell)
    assert answer.ask_again


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (10001, TryLater),
        (20016, TryLater),
        (10023, TryLater),
        (20031, TryLater),
        (21327, TryLater),
        (20012, Refused),
    ],
)
def test_a_code_on_share_becomes_its_outcome(desk: Desk, code: int, kind: type) -> None:
    desk.strike(weibo_fault(FaultKind.CODE, code=code))
    job = desk.job(desk.channel(ChannelKind.WEIBO), notes={"prepared_at": desk.now.isoformat()})
    assert isinstance(open_driver(job.channel, desk.hands).perform(SHARE_STEP, job).outcome, kind)


def test_too_many_posts_wait_for_the_next_hour(desk: Desk) -> None:
    desk.strike(weibo_fault(FaultKind.CODE, code=20016))
    job = desk.job(desk.channel(ChannelKind.WEIBO), notes={"prepared_at": desk.now.isoformat()})
    result = open_driver(job.channel, desk.hands).perform(SHARE_STEP, job)
    assert isinstance(result.outcome, TryLater)
    assert str(result.outcome.not_before) == "2026-11-26 13:00:30+08:00"


def test_an_unknown_code_goes_to_a_person(rogue_desk: tuple[Desk, str]) -> None:
    desk, address = rogue_desk
    job = desk.job(desk.channel(ChannelKind.WEIBO, address), notes={"prepared_at": desk.now.isoformat()})
    assert isinstance(open_driver(job.channel, desk.hands).perform(SHARE_STEP, job).outcome, NeedsPerson)


def test_an_ended_authorisation_is_known_without_a_call(desk: Desk) -> None:
    desk.vault.tokens["weibo"] = Token("old", desk.now)
    result = publish(desk)
    assert isinstance(outcome(result), TryLater)
    assert isinstance(result, StepResult)
    assert result.code == "token_ended"
    assert desk.calls.taken == []


def test_a_token_of_the_vault_goes_before_the_secret(desk: Desk) -> None:
    desk.vault.tokens["weibo"] = Token(desk.secrets.values.pop("weibo-access-token"), desk.now + timedelta(days=1))
    assert isinstance(outcome(publish(desk)), Delivered)


def test_a_missing_operator_address_needs_a_person(desk: Desk) -> None:
    job = desk.job(desk.channel(ChannelKind.WEIBO, rip=""))
    assert isinstance(outcome(desk.deliver(job)), NeedsPerson)


def test_a_server_that_is_not_there_is_tried_later(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WEIBO, "http://127.0.0.1:1")
    job = desk.job(channel, notes={"prepared_at": desk.now.isoformat()})
    assert isinstance(open_driver(channel, desk.hands).perform(SHARE_STEP, job).outcome, TryLater)


def test_a_retraction_destroys_every_post_that_is_held_one_call_each(desk: Desk) -> None:
    first = receipt_of(publish(desk))
    other_posts(desk, 1)
    held = (first, Receipt(str(desk.visible("weibo")[1]["id"]), "", desk.now))
    desk.log.clear()
    assert isinstance(outcome(publish(desk, action=Action.RETRACT, held=held)), Delivered)
    assert desk.steps == ["destroy", "destroy"]
    assert desk.visible("weibo") == []


def test_a_retraction_of_what_is_gone_already_is_delivered(desk: Desk) -> None:
    held = (Receipt("12345", "", desk.now),)
    assert isinstance(outcome(publish(desk, action=Action.RETRACT, held=held)), Delivered)


def test_a_retraction_never_waits_for_a_quota(desk: Desk) -> None:
    desk.strike(weibo_fault(FaultKind.CODE, DESTROY, code=10023))
    held = (Receipt("12345", "", desk.now),)
    assert isinstance(outcome(publish(desk, action=Action.RETRACT, held=held)), NeedsPerson)


def test_weibo_posts_cannot_be_amended(desk: Desk) -> None:
    assert open_driver(desk.channel(ChannelKind.WEIBO), desk.hands).actions == {Action.PUBLISH, Action.RETRACT}


def test_what_the_timeline_shows_has_a_hash_and_none_after_deletion(desk: Desk) -> None:
    receipt = receipt_of(publish(desk))
    job = desk.job(desk.channel(ChannelKind.WEIBO))
    driver = open_driver(job.channel, desk.hands)
    proof = driver.read_back(receipt, job)
    assert proof
    assert proof.sha256
    publish(desk, action=Action.RETRACT, held=(receipt,))
    gone = driver.read_back(receipt, job)
    assert gone
    assert gone.sha256 is None


def test_a_post_behind_five_newer_ones_cannot_be_read_back(desk: Desk) -> None:
    receipt = receipt_of(publish(desk))
    other_posts(desk, 5)
    job = desk.job(desk.channel(ChannelKind.WEIBO))
    assert open_driver(job.channel, desk.hands).read_back(receipt, job) is None


def test_numbers_that_come_as_texts_change_nothing(desk: Desk) -> None:
    desk.strike(Fault("weibo", FaultKind.STRING_NUMBERS))
    assert receipt_of(publish(desk)).url == desk.visible("weibo")[0]["url"]


def test_the_token_appears_in_nothing_that_is_kept(desk: Desk) -> None:
    desk.strike(weibo_fault(FaultKind.CODE, code=21332), weibo_fault(FaultKind.HTML_200))
    publish(desk)
    kept = json.dumps([repr(result) for _, result in desk.log], ensure_ascii=False)
    assert desk.secrets.values["weibo-access-token"] not in kept


def test_the_client_works_without_the_rest_of_the_package(desk: Desk) -> None:
    assert desk.addresses
    token = desk.secrets.values["weibo-access-token"]
    with WeiboClient(access_token=token, base_url=desk.addresses.weibo) as client:
        shared = PictureFile("a.png", picture(), "image/png")
        post = client.statuses.share(f"样例 {PAGE}", "203.0.113.10", shared)
        assert client.statuses.user_timeline().posts[0].id == post.id
        assert client.account.rate_limit_status().user_limit == 100
        assert client.oauth2.get_token_info().expires_in > timedelta(days=365)
        assert client.statuses.destroy(post.id).id == post.id


def test_a_post_that_something_repeats_on_the_way_is_found_and_stands_once(desk: Desk) -> None:
    desk.strike(weibo_fault(FaultKind.DUPLICATE))
    assert receipt_of(publish(desk))
    assert len(desk.visible("weibo")) == 1
