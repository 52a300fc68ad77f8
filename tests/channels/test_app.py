"""The app driver against the sandbox's backend and against servers that misbehave."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from syndicate.channels.app import _headers
from syndicate.channels.drivers import open_driver
from syndicate.model.channel import ChannelKind
from syndicate.model.delivery import (
    Absent,
    Action,
    CannotTell,
    Delivered,
    FindResult,
    Found,
    NeedsPerson,
    Refused,
    Step,
    StepResult,
    TryLater,
    Unsure,
)
from syndicate.sandbox.faults import Fault, FaultKind
from tests.channels.office import Desk, image, picture, receipt_of, renditions
from tests.channels.rogue import RogueServer

PUT, DELETE = Step("put", False), Step("delete", False)


def app_fault(kind: FaultKind, **more: object) -> Fault:
    return Fault("app", kind, "*", **{"nth": (1,), "delay": 0.05, **more})  # type: ignore[arg-type]


def publish(desk: Desk, **changes: object) -> StepResult | FindResult:
    return desk.deliver(desk.job(desk.channel(ChannelKind.APP), **changes))


def outcome(result: StepResult | FindResult) -> object:
    return result.outcome if isinstance(result, StepResult) else result.answer


def test_an_article_is_put_with_its_revision_and_text(desk: Desk) -> None:
    assert isinstance(outcome(publish(desk)), Delivered)
    shown = desk.visible("app")[0]
    assert (shown["id"], shown["revision"], shown["body_html"]) == ("7", 1, "<p>城区三条道路今日恢复通行。</p>")


def test_pictures_lead_to_our_website(desk: Desk) -> None:
    sha = desk.files.add(picture())
    publish(desk, rendition=renditions("app", image(sha), body=f'<img src="file:{sha}">'))
    address = f"https://www.example.com/files/7/{sha}.png"
    assert desk.visible("app")[0]["body_html"] == f'<img src="{address}">'


def test_a_picture_of_a_type_that_is_never_published_is_left_out(desk: Desk) -> None:
    sha = "a" * 64
    publish(
        desk,
        rendition=renditions("app", image(sha, media_type="image/svg+xml"), body=f'<p>字</p><img src="file:{sha}">'),
    )
    assert desk.visible("app")[0]["body_html"] == "<p>字</p>"


@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.TIMEOUT_AFTER_COMMIT,
        FaultKind.RESET_AFTER_COMMIT,
        FaultKind.HTML_200,
        FaultKind.EMPTY_JSON,
        FaultKind.HTTP_500,
    ],
)
def test_a_lost_or_meaningless_reply_is_looked_up_and_leaves_one_article(desk: Desk, kind: FaultKind) -> None:
    desk.strike(app_fault(kind))
    assert receipt_of(publish(desk)).remote_id == "7"
    assert desk.steps[:2] == ["put", "find put"]
    assert len(desk.visible("app")) == 1


def test_repeating_the_same_delivery_gives_the_same_result(desk: Desk) -> None:
    publish(desk)
    assert isinstance(outcome(publish(desk)), Delivered)


def test_an_amendment_puts_a_higher_revision(desk: Desk) -> None:
    receipt = receipt_of(publish(desk))
    publish(desk, action=Action.AMEND, revision=2, key="7-app-amend", held=(receipt,))
    assert desk.visible("app")[0]["revision"] == 2


def test_an_older_revision_than_the_backends_goes_to_a_person(desk: Desk) -> None:
    publish(desk, revision=3)
    assert isinstance(outcome(publish(desk, key="other")), NeedsPerson)


def test_a_retraction_deletes_the_article(desk: Desk) -> None:
    receipt = receipt_of(publish(desk))
    assert isinstance(outcome(publish(desk, action=Action.RETRACT, key="r", held=(receipt,))), Delivered)
    assert desk.visible("app") == []


def test_a_retraction_of_what_is_gone_or_never_was_is_delivered(desk: Desk) -> None:
    assert isinstance(outcome(publish(desk, action=Action.RETRACT, key="r")), Delivered)
    publish(desk)
    publish(desk, action=Action.RETRACT, key="r1")
    assert isinstance(outcome(publish(desk, action=Action.RETRACT, key="r2")), Delivered)


def test_a_retraction_whose_reply_was_lost_is_found(desk: Desk) -> None:
    publish(desk)
    desk.strike(app_fault(FaultKind.RESET_AFTER_COMMIT))
    assert receipt_of(publish(desk, action=Action.RETRACT, key="r"))
    assert desk.visible("app") == []


def test_a_retraction_that_did_not_happen_is_absent(desk: Desk) -> None:
    publish(desk)
    job = desk.job(desk.channel(ChannelKind.APP), action=Action.RETRACT)
    assert isinstance(open_driver(job.channel, desk.hands).find(DELETE, job).answer, Absent)


def test_a_newer_revision_found_goes_to_a_person(desk: Desk) -> None:
    publish(desk, revision=3)
    job = desk.job(desk.channel(ChannelKind.APP))
    answer = open_driver(job.channel, desk.hands).find(PUT, job).answer
    assert isinstance(answer, CannotTell)
    assert not answer.ask_again


def test_an_older_revision_found_means_that_ours_is_absent(desk: Desk) -> None:
    publish(desk)
    job = desk.job(desk.channel(ChannelKind.APP), revision=2)
    assert isinstance(open_driver(job.channel, desk.hands).find(PUT, job).answer, Absent)


def test_what_the_backend_shows_has_a_hash_and_none_after_deletion(desk: Desk) -> None:
    receipt = receipt_of(publish(desk))
    job = desk.job(desk.channel(ChannelKind.APP))
    driver = open_driver(job.channel, desk.hands)
    proof = driver.read_back(receipt, job)
    assert proof
    assert proof.sha256
    publish(desk, action=Action.RETRACT, key="r")
    gone = driver.read_back(receipt, job)
    assert gone
    assert gone.sha256 is None


def test_a_wrong_key_needs_a_person(desk: Desk) -> None:
    desk.secrets.values["app-signing-key"] = "whsec_" + base64.b64encode(b"another key of sufficient length").decode()
    assert isinstance(outcome(publish(desk)), NeedsPerson)


@pytest.mark.parametrize("key", ["", "whsec_", "whsec_!"])
def test_a_malformed_or_missing_key_needs_a_person(desk: Desk, key: str) -> None:
    desk.secrets.values["app-signing-key"] = key
    assert isinstance(outcome(publish(desk)), NeedsPerson)


def test_the_signature_is_made_for_the_moment_in_utc(desk: Desk) -> None:
    headers = _headers(
        desk.secrets.values["app-signing-key"], desk.job(desk.channel(ChannelKind.APP), key="a.b"), b"{}"
    )
    assert headers["webhook-timestamp"] == str(int(desk.now.timestamp()))
    assert headers["webhook-id"] == "a-b"


def test_a_server_that_is_not_there_is_tried_later(desk: Desk) -> None:
    job = desk.job(desk.channel(ChannelKind.APP, "http://127.0.0.1:1"))
    assert isinstance(open_driver(job.channel, desk.hands).perform(PUT, job).outcome, TryLater)


@pytest.fixture
def answered(rogue: RogueServer, tmp_path: Path) -> Callable[[int, bytes, str], StepResult]:
    desk = Desk(tmp_path)

    def put(status: int, body: bytes, headers: str) -> StepResult:
        rogue.answer(status, body, headers)
        job = desk.job(desk.channel(ChannelKind.APP, rogue.address))
        return open_driver(job.channel, desk.hands).perform(PUT, job)

    return put


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (204, "", Delivered),
        (202, "", Unsure),
        (302, "", NeedsPerson),
        (400, "", Refused),
        (401, "", NeedsPerson),
        (404, "", NeedsPerson),
        (408, "", TryLater),
        (409, "", TryLater),
        (410, "", NeedsPerson),
        (413, "", Refused),
        (422, "", Refused),
        (429, "Retry-After: 60\r\n", TryLater),
        (503, "Retry-After: 60\r\n", TryLater),
        (503, "", Unsure),
        (500, "", Unsure),
    ],
)
def test_a_status_becomes_its_outcome(
    answered: Callable[[int, bytes, str], StepResult], status: int, headers: str, kind: type
) -> None:
    assert isinstance(answered(status, b"", headers).outcome, kind)


def test_retry_after_is_honoured(answered: Callable[[int, bytes, str], StepResult]) -> None:
    outcome = answered(429, b"", "Retry-After: 60\r\n").outcome
    assert isinstance(outcome, TryLater)
    assert outcome.not_before
    assert outcome.not_before.minute == 1


def test_a_success_for_another_article_is_unsure(answered: Callable[[int, bytes, str], StepResult]) -> None:
    assert isinstance(answered(200, b'{"id":"8","revision":1}', "").outcome, Unsure)


def test_the_key_appears_in_nothing_that_is_kept(desk: Desk) -> None:
    desk.strike(app_fault(FaultKind.HTTP_500))
    publish(desk)
    assert desk.secrets.values["app-signing-key"] not in json.dumps([repr(result) for _, result in desk.log])


def test_an_address_that_is_none_is_tried_later(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    job = desk.job(desk.channel(ChannelKind.APP, "http://[broken"))
    assert isinstance(open_driver(job.channel, desk.hands).perform(PUT, job).outcome, TryLater)


def test_found_is_only_said_for_our_revision(desk: Desk) -> None:
    publish(desk)
    job = desk.job(desk.channel(ChannelKind.APP))
    assert isinstance(open_driver(job.channel, desk.hands).find(PUT, job).answer, Found)


@pytest.mark.parametrize("action", [Action.PUBLISH, Action.RETRACT])
def test_a_request_that_something_repeats_on_the_way_is_delivered_once(desk: Desk, action: Action) -> None:
    publish(desk)
    desk.strike(Fault("app", FaultKind.DUPLICATE, "*"))
    changes = {"action": action, "revision": 2, "key": f"again-{action}"}
    assert isinstance(outcome(publish(desk, **changes)), Delivered)
    counts = desk.sandbox.state("app")["counts"]  # type: ignore[union-attr]
    assert counts == ({"stored": 2, "replaced": 1} if action is Action.PUBLISH else {"stored": 1, "deleted": 1})
