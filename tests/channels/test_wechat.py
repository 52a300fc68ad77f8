"""The WeChat driver against the sandbox: every step, every look, every kind of trouble."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.channels.drivers import open_driver
from syndicate.model.channel import ChannelKind, Token
from syndicate.model.delivery import (
    Absent,
    Accepted,
    Action,
    CannotTell,
    Delivered,
    FindResult,
    Found,
    NeedsPerson,
    Receipt,
    Refused,
    Step,
    StepResult,
    TryLater,
    Unsure,
    WaitReason,
)
from syndicate.sandbox.faults import Fault, FaultKind
from tests.channels.office import Desk, image, picture, receipt_of, renditions

UPLOAD, COVER = "/cgi-bin/media/uploadimg", "/cgi-bin/material/add_material"
DRAFT, SUBMIT, GET = "/cgi-bin/draft/add", "/cgi-bin/freepublish/submit", "/cgi-bin/freepublish/get"
DELETE = "/cgi-bin/freepublish/delete"
LOST = [FaultKind.TIMEOUT_AFTER_COMMIT, FaultKind.RESET_AFTER_COMMIT]


def wechat_fault(kind: FaultKind, endpoint: str, **more: object) -> Fault:
    return Fault("wechat", kind, endpoint, **{"nth": (1,), "delay": 0.05, **more})  # type: ignore[arg-type]


def publish(desk: Desk, **changes: object) -> StepResult | FindResult:
    return desk.deliver(desk.job(desk.channel(ChannelKind.WECHAT), **changes))


def test_an_article_goes_through_cover_draft_submit_and_poll(desk: Desk) -> None:
    publish(desk)
    assert desk.steps == ["cover", "draft", "submit", "poll"]


def test_a_published_article_has_a_receipt_with_its_public_address(desk: Desk) -> None:
    receipt = receipt_of(publish(desk))
    assert receipt.url == desk.visible("wechat")[0]["url"]


def test_pictures_are_replaced_by_the_platforms_addresses(desk: Desk) -> None:
    sha = desk.files.add(picture())
    rendition = renditions("wechat", image(sha), body=f'<p>图</p><img src="file:{sha}" alt="路">')
    receipt = receipt_of(publish(desk, rendition=rendition))
    assert receipt.remote_id
    assert desk.log[0][1].notes[f"image:{sha}"].startswith("http")


@pytest.mark.parametrize("data", [b"", b"not a picture", picture()[:40]])
def test_a_broken_picture_is_left_out_and_noted_and_the_article_still_appears(desk: Desk, data: bytes) -> None:
    sha = desk.files.add(data)
    rendition = renditions("wechat", image(sha), body=f'<p>字</p><img alt="a > b" src="file:{sha}"><p>尾</p>')
    publish(desk, rendition=rendition)
    assert desk.log[-1][1].notes[f"left_out:{sha}"] == "not_a_picture"
    assert len(desk.visible("wechat")) == 1


def test_a_picture_whose_file_is_gone_is_left_out(desk: Desk) -> None:
    publish(desk, rendition=renditions("wechat", image("0" * 64), body=f'<p>字</p><img src="file:{"0" * 64}">'))
    assert desk.log[-1][1].notes[f"left_out:{'0' * 64}"] == "no_file"


def test_a_picture_that_the_platform_refuses_is_left_out_with_its_code(desk: Desk) -> None:
    sha = desk.files.add(picture())
    desk.strike(wechat_fault(FaultKind.CODE, UPLOAD, code=40137))
    publish(desk, rendition=renditions("wechat", image(sha), body=f'<p>字</p><img src="file:{sha}">'))
    assert desk.log[-1][1].notes[f"left_out:{sha}"] == "40137"


def test_a_picture_that_never_gets_an_answer_is_left_out_after_five_tries(desk: Desk) -> None:
    sha = desk.files.add(picture())
    desk.strike(wechat_fault(FaultKind.HTTP_500, UPLOAD, nth=()))
    publish(desk, rendition=renditions("wechat", image(sha), body=f'<p>字</p><img src="file:{sha}">'))
    assert desk.steps[:6] == ["images"] * 5 + ["cover"]


def test_a_gif_becomes_a_jpeg_for_the_text(desk: Desk) -> None:
    sha = desk.files.add(picture("GIF"))
    publish(desk, rendition=renditions("wechat", image(sha), body=f'<p>字</p><img src="file:{sha}">'))
    assert f"image:{sha}" in desk.log[-1][1].notes


def test_the_cover_file_of_the_rendition_is_used(desk: Desk) -> None:
    sha = desk.files.add(picture("JPEG"))
    result = publish(desk, rendition=renditions("wechat", image(sha, "cover", "image/jpeg")))
    assert receipt_of(result).details["thumb_media_id"]


def test_a_refused_cover_is_replaced_by_a_drawn_one(desk: Desk) -> None:
    sha = desk.files.add(picture())
    desk.strike(wechat_fault(FaultKind.CODE, COVER, code=40009))
    publish(desk, rendition=renditions("wechat", image(sha, "cover")))
    assert desk.steps[:3] == ["cover", "cover", "draft"]


def test_the_default_cover_is_read_below_the_office_only(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT, default_cover="../../etc/passwd")
    assert isinstance(desk.deliver(desk.job(channel)), StepResult)


def test_the_default_cover_of_the_account_is_used(desk: Desk) -> None:
    (desk.home / "cover.png").write_bytes(picture())
    assert receipt_of(desk.deliver(desk.job(desk.channel(ChannelKind.WECHAT, default_cover="cover.png"))))


@pytest.mark.parametrize("kind", LOST)
def test_a_draft_whose_reply_was_lost_is_found_and_not_added_again(desk: Desk, kind: FaultKind) -> None:
    desk.strike(wechat_fault(kind, DRAFT))
    publish(desk)
    assert desk.steps == ["cover", "draft", "find draft", "submit", "poll"]


@pytest.mark.parametrize("kind", [FaultKind.HTML_200, FaultKind.EMPTY_JSON, FaultKind.HTTP_500])
@pytest.mark.parametrize("endpoint", [DRAFT, SUBMIT])
def test_a_meaningless_reply_to_what_cannot_be_repeated_is_unsure(desk: Desk, kind: FaultKind, endpoint: str) -> None:
    desk.strike(wechat_fault(kind, endpoint))
    publish(desk)
    unsure = [name for name, result in desk.log if isinstance(getattr(result, "outcome", None), Unsure)]
    assert unsure == [endpoint.split("/")[-1].replace("add", "draft")]
    assert len(desk.visible("wechat")) == 1


def test_a_draft_that_was_not_added_is_absent_and_added_again(desk: Desk) -> None:
    desk.strike(wechat_fault(FaultKind.RESET_BEFORE, DRAFT))
    publish(desk)
    assert desk.steps == ["cover", "draft", "find draft", "draft", "submit", "poll"]


def test_a_draft_of_an_earlier_revision_with_the_same_title_is_not_taken_for_ours(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    driver = open_driver(channel, desk.hands)
    old = desk.job(channel)
    for _ in range(2):
        old = replace(old, notes=driver.perform(driver.next_step(old), old).notes)
    new = desk.job(channel, revision=2)
    new = replace(new, notes=driver.perform(driver.next_step(new), new).notes)
    assert isinstance(driver.find(Step("draft", False), new).answer, Absent)


@pytest.mark.parametrize("kind", LOST)
def test_a_submission_whose_reply_was_lost_is_found_after_the_publishing_delay(desk: Desk, kind: FaultKind) -> None:
    desk.strike(wechat_fault(kind, SUBMIT))
    result = publish(desk)
    assert receipt_of(result).url == desk.visible("wechat")[0]["url"]
    assert len(desk.visible("wechat")) == 1


def test_before_the_publishing_delay_is_over_the_platform_is_not_even_asked(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT, base_url="http://127.0.0.1:1")
    notes = {"thumb_media_id": "t", "media_id": "m"}
    found = open_driver(channel, desk.hands).find(Step("submit", False), desk.job(channel, notes=notes))
    assert isinstance(found.answer, CannotTell)
    assert found.answer.ask_again
    assert found.notes["submit_unsure_at"] == desk.now.isoformat()


def test_a_submission_that_never_happened_is_absent_and_repeated(desk: Desk) -> None:
    desk.strike(wechat_fault(FaultKind.RESET_BEFORE, SUBMIT))
    publish(desk)
    assert desk.steps[-3:] == ["find submit", "submit", "poll"]
    assert "submit_unsure_at" not in desk.log[-1][1].notes


def test_submitting_a_draft_that_is_gone_is_unsure_and_found_among_the_published(desk: Desk) -> None:
    result = publish(desk)
    assert isinstance(result, StepResult)
    notes = {k: v for k, v in result.notes.items() if k != "publish_id"}
    job = desk.job(desk.channel(ChannelKind.WECHAT), notes=notes)
    assert receipt_of(desk.deliver(job)).remote_id == receipt_of(result).remote_id


def test_a_draft_gone_without_an_article_goes_to_a_person_and_begins_again_after_his_answer(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    driver = open_driver(channel, desk.hands)
    notes = {"thumb_media_id": "t", "media_id": "never", "submit_unsure_at": "2026-11-26T10:00:00+08:00"}
    found = driver.find(Step("submit", False), desk.job(channel, notes=notes))
    assert isinstance(found.answer, CannotTell)
    assert driver.next_step(desk.job(channel, notes=found.notes)) == Step("draft", False)


@pytest.mark.parametrize("code", [40001, 42001, 40014])
@pytest.mark.parametrize("endpoint", [COVER, DRAFT, SUBMIT, GET])
def test_a_token_that_ends_midway_is_renewed_once_and_nobody_notices(desk: Desk, endpoint: str, code: int) -> None:
    desk.strike(wechat_fault(FaultKind.CODE, endpoint, code=code))
    assert receipt_of(publish(desk))
    assert desk.steps == ["cover", "draft", "submit", "poll"]


def test_a_token_that_is_refused_again_after_renewal_waits_for_the_account(desk: Desk) -> None:
    desk.strike(wechat_fault(FaultKind.CODE, DRAFT, nth=(), code=42001))
    result = publish(desk)
    assert isinstance(result, StepResult)
    assert isinstance(result.outcome, TryLater)
    assert result.outcome.wait is WaitReason.HELD


def test_a_token_that_somebody_else_renewed_meanwhile_is_used_and_not_renewed_again(desk: Desk) -> None:
    publish(desk)
    good = desk.vault.tokens["wechat"]
    puts = desk.vault.puts
    desk.vault.tokens["wechat"] = good

    class Late(type(desk.vault)):  # type: ignore[misc]
        """Hands out the stale token first, as if the other process stored its new one right after."""

        stale = True

        def get(self, channel: str) -> Token | None:
            if self.stale:
                self.stale = False
                return Token("stale", good.expires_at)
            return super().get(channel)

    desk.vault = Late(desk.vault.tokens, puts)
    publish(desk, item=8)
    assert desk.vault.puts == puts


def test_a_token_that_is_about_to_end_is_replaced_before_it_is_used(desk: Desk) -> None:
    publish(desk)
    desk.wait(timedelta(hours=3))
    publish(desk, revision=2)
    assert desk.vault.puts == 2


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (45009, TryLater),
        (-1, TryLater),
        (40164, TryLater),
        (48001, TryLater),
        (45003, Refused),
        (53504, NeedsPerson),
    ],
)
def test_a_code_on_submit_becomes_its_outcome(desk: Desk, code: int, kind: type) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    desk.strike(wechat_fault(FaultKind.CODE, SUBMIT, code=code))
    driver = open_driver(channel, desk.hands)
    result = driver.perform(Step("submit", False), desk.job(channel, notes={"media_id": "m"}))
    assert isinstance(result.outcome, kind)


def test_a_used_up_quota_waits_for_the_next_day(desk: Desk) -> None:
    desk.strike(wechat_fault(FaultKind.CODE, DRAFT, code=45009))
    publish(desk)
    later = next(r.outcome for _, r in desk.log if isinstance(getattr(r, "outcome", None), TryLater))
    assert later.not_before.isoformat() == "2026-11-27T00:05:00+08:00"


def test_when_asking_is_used_up_the_list_of_published_articles_is_asked(desk: Desk) -> None:
    desk.strike(wechat_fault(FaultKind.CODE, GET, nth=(), code=45009))
    assert receipt_of(publish(desk)).url


@pytest.mark.parametrize(
    ("status", "kind"), [(2, Refused), (3, NeedsPerson), (4, Refused), (5, NeedsPerson), (6, NeedsPerson)]
)
def test_a_publication_that_failed_becomes_its_outcome(desk: Desk, status: int, kind: type) -> None:
    desk.strike(wechat_fault(FaultKind.PUBLISH_STATUS, SUBMIT, status=status))
    result = publish(desk)
    assert isinstance(result, StepResult)
    assert isinstance(result.outcome, kind)


def test_after_a_rejection_a_retry_begins_with_a_new_draft(desk: Desk) -> None:
    desk.strike(wechat_fault(FaultKind.PUBLISH_STATUS, SUBMIT, status=4))
    result = publish(desk)
    again = publish(desk, notes=result.notes)
    assert receipt_of(again)
    assert desk.steps[-3:] == ["draft", "submit", "poll"]


def test_a_running_publication_is_asked_again_by_the_poll_ladder(desk: Desk) -> None:
    desk.strike(wechat_fault(FaultKind.PUBLISH_STATUS, SUBMIT, status=1))
    channel = desk.channel(ChannelKind.WECHAT)
    driver = open_driver(channel, desk.hands)
    job = desk.job(channel)
    for _ in range(5):
        job = replace(job, notes=(result := driver.perform(driver.next_step(job), job)).notes)
    assert result.outcome == Accepted(job.now + timedelta(minutes=5))


def test_a_publication_that_runs_for_days_goes_to_a_person(desk: Desk) -> None:
    desk.strike(wechat_fault(FaultKind.PUBLISH_STATUS, SUBMIT, status=1))
    with pytest.raises(AssertionError):
        publish(desk)
    desk.wait(timedelta(days=4))
    result = publish(desk, notes=desk.log[-1][1].notes)
    assert isinstance(result, StepResult)
    assert isinstance(result.outcome, NeedsPerson)


def test_a_retraction_deletes_the_article(desk: Desk) -> None:
    receipt = receipt_of(publish(desk))
    result = publish(desk, action=Action.RETRACT, held=(receipt,))
    assert isinstance(result, StepResult)
    assert isinstance(result.outcome, Delivered)
    assert desk.visible("wechat") == []


def test_a_retraction_of_what_is_gone_already_is_delivered(desk: Desk) -> None:
    receipt = receipt_of(publish(desk))
    publish(desk, action=Action.RETRACT, held=(receipt,))
    again = publish(desk, action=Action.RETRACT, held=(receipt,))
    assert isinstance(again, StepResult)
    assert isinstance(again.outcome, Delivered)


def test_a_retraction_takes_down_every_article_that_is_held_one_call_each(desk: Desk) -> None:
    receipts = tuple(receipt_of(publish(desk, revision=n)) for n in (1, 2))
    desk.log.clear()
    publish(desk, action=Action.RETRACT, held=receipts)
    assert desk.steps == ["delete", "delete"]
    assert desk.visible("wechat") == []


def test_a_retraction_never_waits_for_a_quota(desk: Desk) -> None:
    desk.strike(wechat_fault(FaultKind.CODE, DELETE, code=45009))
    result = publish(desk, action=Action.RETRACT, held=(Receipt("a", "", desk.now),))
    assert isinstance(result, StepResult)
    assert isinstance(result.outcome, NeedsPerson)


def test_an_amendment_prepares_the_new_article_before_it_deletes_the_old_one(desk: Desk) -> None:
    receipt = receipt_of(publish(desk))
    desk.log.clear()
    publish(desk, action=Action.AMEND, revision=2, held=(receipt,))
    assert desk.steps == ["cover", "draft", "delete", "submit", "poll"]
    assert len(desk.visible("wechat")) == 1


def test_what_the_public_sees_has_a_stable_hash_and_none_after_deletion(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    receipt = receipt_of(publish(desk))
    driver, job = open_driver(channel, desk.hands), desk.job(channel)
    first, second = driver.read_back(receipt, job), driver.read_back(receipt, job)
    assert first
    assert first == second
    publish(desk, action=Action.RETRACT, held=(receipt,))
    gone = driver.read_back(receipt, job)
    assert gone
    assert gone.sha256 is None


def test_an_address_on_a_foreign_host_is_never_fetched(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    receipt = Receipt("a", "http://169.254.169.254/latest/meta-data", desk.now)
    assert open_driver(channel, desk.hands).read_back(receipt, desk.job(channel)) is None


def test_a_server_that_is_not_there_is_tried_later(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT, base_url="http://127.0.0.1:1")
    result = open_driver(channel, desk.hands).perform(
        Step("draft", False), desk.job(channel, notes={"thumb_media_id": "t"})
    )
    assert isinstance(result.outcome, TryLater)


def test_a_missing_secret_needs_a_person(desk: Desk) -> None:
    desk.secrets.values.clear()
    result = publish(desk)
    assert isinstance(result, StepResult)
    assert isinstance(result.outcome, NeedsPerson)


def test_numbers_that_come_as_texts_change_nothing(desk: Desk) -> None:
    desk.strike(Fault("wechat", FaultKind.STRING_NUMBERS))
    assert receipt_of(publish(desk))


def test_neither_secret_nor_token_appears_in_anything_that_is_kept(desk: Desk) -> None:
    desk.strike(wechat_fault(FaultKind.CODE, DRAFT, code=40013), wechat_fault(FaultKind.HTML_200, SUBMIT))
    publish(desk)
    kept = json.dumps([repr(result) for _, result in desk.log], ensure_ascii=False)
    for token in (*desk.secrets.values.values(), *(token.value for token in desk.vault.tokens.values())):
        if token != desk.secrets.values["wechat-app-id"]:
            assert token not in kept


def test_a_find_on_a_repeatable_step_is_a_question_for_a_person(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    found = open_driver(channel, desk.hands).find(Step("poll", True), desk.job(channel))
    assert found.answer == CannotTell(found.answer.why, ask_again=False)  # type: ignore[union-attr]
    assert not isinstance(found.answer, Found)


def test_a_cover_that_vanished_from_the_material_is_uploaded_again(desk: Desk) -> None:
    desk.strike(wechat_fault(FaultKind.CODE, DRAFT, code=40007))
    publish(desk)
    assert desk.steps == ["cover", "draft", "cover", "draft", "submit", "poll"]


@pytest.mark.parametrize(
    ("endpoint", "step"), [(UPLOAD, "images"), (COVER, "cover"), (DELETE, "delete"), (GET, "poll")]
)
def test_a_code_about_the_account_waits_for_it_at_every_step_and_to_delete_needs_a_person(
    desk: Desk, endpoint: str, step: str
) -> None:
    desk.strike(wechat_fault(FaultKind.CODE, endpoint, code=48001))
    sha = desk.files.add(picture())
    channel = desk.channel(ChannelKind.WECHAT)
    held = (Receipt("a", "", desk.now),)
    job = desk.job(channel, renditions("wechat", image(sha)), held=held, notes={"publish_id": "1"})
    outcome = open_driver(channel, desk.hands).perform(Step(step, True), job).outcome
    if step == "delete":
        assert isinstance(outcome, NeedsPerson)
    else:
        assert isinstance(outcome, TryLater)
        assert outcome.wait is WaitReason.HELD


def test_a_retraction_without_anything_held_is_delivered_without_a_call(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT, base_url="http://127.0.0.1:1")
    result = open_driver(channel, desk.hands).perform(Step("delete", True), desk.job(channel, action=Action.RETRACT))
    assert isinstance(result.outcome, Delivered)


def test_a_look_that_fails_is_repeated_later(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    desk.strike(wechat_fault(FaultKind.CODE, "/cgi-bin/draft/batchget", code=45009))
    job = desk.job(channel, notes={"thumb_media_id": "t"})
    answer = open_driver(channel, desk.hands).find(Step("draft", False), job).answer
    assert isinstance(answer, CannotTell)
    assert answer.ask_again


def test_our_draft_is_found_behind_a_whole_page_of_others(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WECHAT)
    driver = open_driver(channel, desk.hands)
    job = desk.job(channel)
    job = replace(job, notes=driver.perform(driver.next_step(job), job).notes)
    ours = driver.perform(Step("draft", False), job).notes["media_id"]
    other = replace(
        job, item=8, rendition=replace(job.rendition, fields={**job.rendition.fields, "title": "另一篇样例"})
    )
    for number in range(25):
        driver.perform(Step("draft", False), replace(other, item=100 + number))
    found = driver.find(Step("draft", False), job)
    assert found.answer == Found(None)
    assert found.notes["media_id"] == ours
