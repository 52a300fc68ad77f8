"""The bridge to a CMS against the sandbox's WordPress and against servers that misbehave."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest

from syndicate.channels.drivers import open_driver
from syndicate.errors import Message
from syndicate.model.channel import ChannelKind, Rendition, Retraction
from syndicate.model.delivery import (
    Absent,
    Accepted,
    Action,
    CannotTell,
    Delivered,
    FindResult,
    Found,
    Job,
    NeedsPerson,
    Outcome,
    Receipt,
    Refused,
    Step,
    StepResult,
    TryLater,
    Unsure,
)
from syndicate.sandbox.faults import Fault, FaultKind
from syndicate.sandbox.wordpress import WordPress
from tests.channels.office import Desk, image, picture, receipt_of, renditions
from tests.channels.rogue import RogueServer

SLUG = "syndicate-7-202611"
POSTS, POST, MEDIA = "/wp-json/wp/v2/posts", "/wp-json/wp/v2/posts/{id}", "/wp-json/wp/v2/media"
LOST = [
    FaultKind.TIMEOUT_AFTER_COMMIT,
    FaultKind.RESET_AFTER_COMMIT,
    FaultKind.HTML_200,
    FaultKind.EMPTY_JSON,
    FaultKind.HTTP_500,
]
BODY = "<p>城区三条道路今日恢复通行。</p>"


def strike(desk: Desk, kind: FaultKind, endpoint: str, **more: object) -> None:
    """The nth call; of those kinds that leave it open, the effect happens all the same."""
    commit = kind in (FaultKind.HTML_200, FaultKind.EMPTY_JSON, FaultKind.HTTP_500)
    values = {"nth": (1,), "delay": 0.05, "commit": commit, **more}
    desk.strike(Fault("wordpress", kind, endpoint, **values))  # type: ignore[arg-type]


def job(
    desk: Desk, rendition: Rendition | None = None, settings: dict[str, object] | None = None, **more: object
) -> Job:
    return desk.job(desk.channel(ChannelKind.WORDPRESS, **(settings or {})), rendition, **more)


def deliver(desk: Desk, *arguments: object, **more: object) -> StepResult | FindResult:
    return desk.deliver(job(desk, *arguments, **more))  # type: ignore[arg-type]


def outcome(result: StepResult | FindResult) -> Outcome:
    assert isinstance(result, StepResult)
    return result.outcome


def why(result: StepResult | FindResult) -> Message:
    return cast(Message, getattr(outcome(result), "why"))  # noqa: B009  # only some outcomes have one


def state(desk: Desk) -> dict[str, list[dict[str, object]]]:
    assert desk.sandbox
    return cast("dict[str, list[dict[str, object]]]", desk.sandbox.state("wordpress"))


def with_picture(desk: Desk, alt: str = "道路恢复通行现场") -> Rendition:
    sha = desk.files.add(picture())
    return renditions("wordpress", image(sha), body=f'{BODY}<img src="file:{sha}" alt="{alt}">')


def test_an_item_becomes_one_public_post(desk: Desk) -> None:
    receipt = receipt_of(deliver(desk))
    (post,) = desk.visible("wordpress")
    assert (post["slug"], post["status"], post["content"]) == (SLUG, "publish", {"raw": BODY})
    assert (receipt.remote_id, receipt.url) == (
        str(post["id"]),
        f"{desk.channel(ChannelKind.WORDPRESS).base_url}/{SLUG}/",
    )
    assert desk.steps == ["look", "create", "write"]


def test_nobody_sees_a_post_before_it_is_whole(desk: Desk) -> None:
    driver, wanted = open_driver(desk.channel(ChannelKind.WORDPRESS), desk.hands), job(desk)
    for _ in range(2):
        result = driver.perform(driver.next_step(wanted), wanted)
        wanted = replace(wanted, notes=result.notes)
    assert isinstance(result.outcome, Accepted)
    assert (state(desk)["drafts"], desk.visible("wordpress")) == ([SLUG], [])


def test_pictures_are_uploaded_with_their_alternative_text(desk: Desk) -> None:
    deliver(desk, with_picture(desk))
    (post,) = desk.visible("wordpress")
    (file,) = state(desk)["files"]
    assert file["alt"] == "道路恢复通行现场"
    assert f"{file['slug']}.png" in str(post["content"])
    assert "file:" not in str(post["content"])


def test_a_picture_is_uploaded_once_however_often_the_item_is_corrected(desk: Desk) -> None:
    receipt = receipt_of(deliver(desk, with_picture(desk)))
    deliver(desk, with_picture(desk, alt="新说明"), action=Action.AMEND, held=(receipt,))
    assert len(state(desk)["files"]) == 1


@pytest.mark.parametrize("kind", LOST)
@pytest.mark.parametrize("endpoint", [POSTS, POST, MEDIA])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_lost_or_meaningless_reply_leaves_one_post_and_one_file(
    desk: Desk, kind: FaultKind, endpoint: str, nth: int
) -> None:
    strike(desk, kind, endpoint, nth=(nth,))
    assert receipt_of(deliver(desk, with_picture(desk)))
    (post,) = desk.visible("wordpress")
    assert post["slug"] == SLUG
    assert (len(state(desk)["files"]), state(desk)["drafts"], state(desk)["duplicates"]) == (1, [], [])


def test_a_correction_replaces_the_text_at_the_same_address(desk: Desk) -> None:
    receipt = receipt_of(deliver(desk))
    amended = receipt_of(
        deliver(desk, renditions("wordpress", body="<p>更正</p>"), action=Action.AMEND, held=(receipt,))
    )
    (post,) = desk.visible("wordpress")
    assert (post["content"], amended.url, amended.remote_id) == ({"raw": "<p>更正</p>"}, receipt.url, receipt.remote_id)


def test_a_picture_that_a_correction_drops_is_taken_away(desk: Desk) -> None:
    receipt = receipt_of(deliver(desk, with_picture(desk)))
    deliver(desk, action=Action.AMEND, held=(receipt,))
    assert state(desk)["files"] == []


def test_a_post_whose_slug_was_changed_in_the_cms_is_still_ours(desk: Desk) -> None:
    receipt = receipt_of(deliver(desk))
    assert desk.sandbox
    cms = next(one for one in desk.sandbox._platforms if isinstance(one, WordPress))
    cms._posts[int(receipt.remote_id)].slug = "changed-by-hand"
    deliver(desk, renditions("wordpress", body="<p>更正</p>"), action=Action.AMEND, held=(receipt,))
    (post,) = desk.visible("wordpress")
    assert (str(post["id"]), post["slug"]) == (receipt.remote_id, SLUG)


def test_a_withdrawal_puts_the_post_into_the_trash_and_its_files_away(desk: Desk) -> None:
    receipt = receipt_of(deliver(desk, with_picture(desk)))
    assert isinstance(outcome(deliver(desk, action=Action.RETRACT, held=(receipt,))), Delivered)
    assert (desk.visible("wordpress"), state(desk)["files"]) == ([], [])


def test_a_withdrawal_takes_a_draft_away_that_a_broken_publication_left(desk: Desk) -> None:
    driver, wanted = open_driver(desk.channel(ChannelKind.WORDPRESS), desk.hands), job(desk)
    for _ in range(2):
        wanted = replace(wanted, notes=driver.perform(driver.next_step(wanted), wanted).notes)
    deliver(desk, action=Action.RETRACT)
    assert state(desk)["drafts"] == []


@pytest.mark.parametrize("kind", LOST)
def test_a_withdrawal_whose_reply_was_lost_is_done_once_more(desk: Desk, kind: FaultKind) -> None:
    receipt = receipt_of(deliver(desk))
    strike(desk, kind, POST)
    assert isinstance(outcome(deliver(desk, action=Action.RETRACT, held=(receipt,))), Delivered)
    assert desk.visible("wordpress") == []


def test_a_withdrawal_of_what_never_was_is_delivered(desk: Desk) -> None:
    assert isinstance(outcome(deliver(desk, action=Action.RETRACT)), Delivered)


def test_what_was_withdrawn_may_be_published_again(desk: Desk) -> None:
    receipt = receipt_of(deliver(desk))
    deliver(desk, action=Action.RETRACT, held=(receipt,))
    again = receipt_of(deliver(desk, held=()))
    (post,) = desk.visible("wordpress")
    assert (post["slug"], again.url) == (SLUG, receipt.url)


def test_a_notice_stands_in_place_of_the_text_where_the_office_wants_it(desk: Desk) -> None:
    receipt = receipt_of(deliver(desk, with_picture(desk)))
    notice = renditions("wordpress", body='<div data-notice="error"><p>已撤下</p></div>')
    settings = {"retract": Retraction.NOTICE}
    gone = receipt_of(deliver(desk, notice, settings, action=Action.RETRACT, held=(receipt,)))
    (post,) = desk.visible("wordpress")
    assert "已撤下" in str(post["content"])
    assert state(desk)["files"] == []
    proof = open_driver(desk.channel(ChannelKind.WORDPRESS), desk.hands).read_back(gone, job(desk))
    assert proof
    assert proof.sha256 is None


def test_the_public_page_has_a_hash_that_changes_with_its_text_and_none_when_it_is_gone(desk: Desk) -> None:
    receipt = receipt_of(deliver(desk))
    driver = open_driver(desk.channel(ChannelKind.WORDPRESS), desk.hands)
    first = driver.read_back(receipt, job(desk))
    receipt = receipt_of(
        deliver(desk, renditions("wordpress", body="<p>更正</p>"), action=Action.AMEND, held=(receipt,))
    )
    second = driver.read_back(receipt, job(desk))
    deliver(desk, action=Action.RETRACT, held=(receipt,))
    gone = driver.read_back(receipt, job(desk))
    assert first
    assert second
    assert gone
    assert first.sha256
    assert first.sha256 != second.sha256
    assert gone.sha256 is None


def test_a_page_of_another_host_is_never_asked(desk: Desk, rogue: RogueServer) -> None:
    driver = open_driver(desk.channel(ChannelKind.WORDPRESS), desk.hands)
    assert driver.read_back(Receipt("1", f"{rogue.address}/x", desk.now), job(desk)) is None
    assert rogue.asked == 0


def test_the_column_decides_the_category(desk: Desk) -> None:
    deliver(desk, None, {"categories": {"dongtai": 5}})
    assert desk.visible("wordpress")[0]["categories"] == [5]


def test_a_column_without_category_is_said_before_anything_is_made(desk: Desk) -> None:
    told = why(deliver(desk, None, {"categories": {"policy": 5}}))
    assert "dongtai" in told.zh
    assert state(desk)["drafts"] == []


def test_a_category_that_the_cms_does_not_know_needs_a_person(desk: Desk) -> None:
    assert "categories" in why(deliver(desk, None, {"categories": {"dongtai": 99}})).action_zh


def test_an_address_that_is_not_the_configured_one_is_said_while_it_is_a_draft(desk: Desk) -> None:
    wanted = f"{desk.channel(ChannelKind.WORDPRESS).base_url}/archives/{{slug}}.html"
    told = why(deliver(desk, None, {"page_url": wanted}))
    assert "page_url" in told.action_zh
    assert desk.visible("wordpress") == []


def test_a_retry_judges_the_address_again(desk: Desk) -> None:
    base = desk.channel(ChannelKind.WORDPRESS).base_url
    for _ in range(2):
        assert isinstance(outcome(deliver(desk, None, {"page_url": f"{base}/archives/{{slug}}"})), NeedsPerson)
    assert len(state(desk)["drafts"]) == 1
    assert receipt_of(deliver(desk, None, {"page_url": f"{base}/{{slug}}/"})).url == f"{base}/{SLUG}/"


def test_a_correction_is_not_held_back_by_an_address_that_is_public_already(desk: Desk) -> None:
    receipt = receipt_of(deliver(desk))
    amended = {"page_url": f"{desk.channel(ChannelKind.WORDPRESS).base_url}/archives/{{slug}}"}
    assert receipt_of(deliver(desk, None, amended, action=Action.AMEND, held=(receipt,))).url == receipt.url


def test_the_configured_address_is_where_it_stands(desk: Desk) -> None:
    wanted = f"{desk.channel(ChannelKind.WORDPRESS).base_url}/{{slug}}/"
    assert receipt_of(deliver(desk, None, {"page_url": wanted})).url == wanted.replace("{slug}", SLUG)


def test_a_name_that_something_else_has_is_said_while_it_is_a_draft(desk: Desk) -> None:
    assert desk.sandbox
    cms = next(one for one in desk.sandbox._platforms if isinstance(one, WordPress))
    file = open_driver(desk.channel(ChannelKind.WORDPRESS), desk.hands)._client  # type: ignore[attr-defined]
    file.upload(SLUG, "a.png", "image/png", picture(), "")
    assert SLUG in why(deliver(desk)).zh
    assert desk.visible("wordpress") == []
    assert len(cms._posts) == 1


def test_a_user_who_may_not_publish_is_said(desk: Desk) -> None:
    assert desk.sandbox
    cms = next(one for one in desk.sandbox._platforms if isinstance(one, WordPress))
    cms._settings = replace(cms._settings, may_publish=False)
    assert "pending" in why(deliver(desk)).zh


def test_a_wrong_password_needs_a_person_and_is_not_told(desk: Desk) -> None:
    desk.secrets.values["cms-password"] = "wxyz wxyz wxyz"
    result = deliver(desk)
    assert isinstance(outcome(result), NeedsPerson)
    assert "应用密码" in why(result).zh
    assert "wxyz" not in repr(desk.log)


def test_a_password_never_travels_in_the_clear(desk: Desk, rogue: RogueServer) -> None:
    channel = desk.channel(ChannelKind.WORDPRESS, rogue.address.replace("127.0.0.1", "localhost.example"))
    result = open_driver(channel, desk.hands).perform(Step("look", True), desk.job(channel))
    assert isinstance(result.outcome, NeedsPerson)
    assert "https" in result.outcome.why.zh
    assert rogue.asked == 0


def test_a_server_that_is_not_there_is_tried_later(desk: Desk) -> None:
    channel = desk.channel(ChannelKind.WORDPRESS, "http://127.0.0.1:1")
    result = open_driver(channel, desk.hands).perform(Step("create", False), desk.job(channel, notes={"post": "none"}))
    assert isinstance(result.outcome, TryLater)


@pytest.fixture
def answered(rogue: RogueServer, tmp_path: Path) -> Callable[[int, str, str], StepResult]:
    desk = Desk(tmp_path)

    def create(status: int, code: str, headers: str) -> StepResult:
        rogue.answer(status, json.dumps({"code": code, "message": "x"}).encode(), headers)
        wanted = desk.job(desk.channel(ChannelKind.WORDPRESS, rogue.address), notes={"post": "none"})
        return open_driver(wanted.channel, desk.hands).perform(Step("create", False), wanted)

    return create


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "", NeedsPerson),
        (403, "", NeedsPerson),
        (403, "rest_cannot_create", NeedsPerson),
        (404, "rest_no_route", NeedsPerson),
        (404, "", NeedsPerson),
        (409, "", Unsure),
        (413, "", NeedsPerson),
        (400, "rest_invalid_param", Refused),
        (301, "", NeedsPerson),
        (429, "", TryLater),
        (500, "", Unsure),
        (500, "db_insert_error", Unsure),
        (502, "", Unsure),
        (503, "", Unsure),
        (418, "", NeedsPerson),
        (200, "", Unsure),
    ],
)
def test_an_answer_becomes_its_outcome(
    answered: Callable[[int, str, str], StepResult], status: int, code: str, kind: type
) -> None:
    assert isinstance(answered(status, code, "").outcome, kind)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_honoured(answered: Callable[[int, str, str], StepResult], status: int) -> None:
    result = answered(status, "", "Retry-After: 60\r\n").outcome
    assert isinstance(result, TryLater)
    assert result.not_before
    assert result.not_before.minute == 1


def test_a_post_that_somebody_deleted_since_the_look_is_made_again(desk: Desk) -> None:
    driver, wanted = open_driver(desk.channel(ChannelKind.WORDPRESS), desk.hands), job(desk, notes={"post": "404"})
    result = driver.perform(driver.next_step(wanted), wanted)
    assert isinstance(result.outcome, TryLater)
    assert "post" not in result.notes


def test_an_unwritten_post_is_absent_and_a_written_one_found(desk: Desk) -> None:
    receipt_of(deliver(desk))
    (post,) = desk.visible("wordpress")
    driver, wanted = (
        open_driver(desk.channel(ChannelKind.WORDPRESS), desk.hands),
        job(desk, notes={"post": str(post["id"])}),
    )
    write = Step("write", False)
    assert isinstance(driver.find(write, wanted).answer, Found)
    other = replace(wanted, rendition=renditions("wordpress", body="<p>别的</p>"))
    assert isinstance(driver.find(write, other).answer, Absent)
    assert isinstance(driver.find(write, replace(wanted, notes={"post": "404"})).answer, Absent)


def test_a_look_that_is_not_answered_tells_nothing(desk: Desk) -> None:
    strike(desk, FaultKind.RESET_BEFORE, POSTS)
    driver = open_driver(desk.channel(ChannelKind.WORDPRESS), desk.hands)
    assert isinstance(driver.find(Step("create", False), job(desk)).answer, CannotTell)
