"""The push notice: a step of its own after the article, sent once whatever happens to the replies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from syndicate.channels.drivers import open_driver
from syndicate.model.channel import Channel, ChannelKind
from syndicate.model.delivery import Accepted, Action, Delivered, Job, NeedsPerson, Step, StepResult, TryLater
from syndicate.sandbox.faults import Fault, FaultKind
from syndicate.sandbox.settings import AppSettings
from tests.channels.office import Desk, receipt_of, renditions
from tests.channels.rogue import RogueServer

PUSH = Step("push", True)
KEYS = {"push-key": AppSettings().push_app_key, "push-secret": AppSettings().push_master_secret}


def account(desk: Desk, push_base_url: str = "") -> Channel:
    desk.secrets.values |= KEYS
    channel = desk.channel(ChannelKind.APP)
    named = {**channel.secrets, "push_app_key": "push-key", "push_master_secret": "push-secret"}
    return replace(
        channel, secrets=named, settings={"push": "every", "push_base_url": push_base_url or channel.base_url}
    )


def job_of(desk: Desk, **changes: object) -> Job:
    rendition = renditions("app")
    rendition = replace(rendition, fields={**rendition.fields, "push": "yes"})
    return desk.job(account(desk), rendition, **changes)


def pushed(desk: Desk) -> int:
    assert desk.sandbox
    return cast("Mapping[str, int]", desk.sandbox.state("app")["counts"]).get("pushed", 0)


def strike(desk: Desk, kind: FaultKind, endpoint: str, **more: object) -> None:
    desk.strike(Fault("app", kind, endpoint, **{"nth": (1,), "delay": 0.05, **more}))  # type: ignore[arg-type]


def test_readers_are_notified_after_the_article_is_there(desk: Desk) -> None:
    receipt = receipt_of(desk.deliver(job_of(desk)))
    assert desk.steps == ["put", "cid", "push"]
    assert (receipt.remote_id, receipt.details["revision"], receipt.details["push"]) == ("7", "1", "1000000")
    assert pushed(desk) == 1


def test_the_backend_does_not_hear_of_the_notice(desk: Desk) -> None:
    desk.deliver(job_of(desk))
    assert "push" not in desk.visible("app")[0]


def test_without_the_approved_wish_nobody_is_notified(desk: Desk) -> None:
    desk.deliver(desk.job(account(desk)))
    assert (desk.steps, pushed(desk)) == (["put"], 0)


@pytest.mark.parametrize("action", [Action.AMEND, Action.RETRACT])
def test_corrections_and_withdrawals_notify_nobody(desk: Desk, action: Action) -> None:
    desk.deliver(job_of(desk, action=action))
    assert pushed(desk) == 0


@pytest.mark.parametrize("endpoint", ["/articles/*", "/v3/push/cid", "/v3/push"])
@pytest.mark.parametrize(
    "kind",
    [
        FaultKind.TIMEOUT_AFTER_COMMIT,
        FaultKind.RESET_AFTER_COMMIT,
        FaultKind.RESET_BEFORE,
        FaultKind.HTTP_500,
        FaultKind.HTML_200,
    ],
)
def test_whatever_happens_to_a_reply_readers_are_notified_exactly_once(
    desk: Desk, endpoint: str, kind: FaultKind
) -> None:
    strike(desk, kind, endpoint)
    assert receipt_of(desk.deliver(job_of(desk))).details["push"]
    assert pushed(desk) == 1


def test_a_server_error_after_the_fact_is_repeated_with_the_same_cid(desk: Desk) -> None:
    strike(desk, FaultKind.HTTP_500, "/v3/push", commit=True)
    desk.deliver(job_of(desk))
    assert (desk.steps.count("push"), desk.steps.count("cid"), pushed(desk)) == (2, 1, 1)


def test_a_cid_older_than_a_day_is_never_sent_again(desk: Desk) -> None:
    notes = {"stored": "1", "cid": "sandbox-cid-0", "cid_at": (desk.now - timedelta(hours=21)).isoformat()}
    job = job_of(desk, notes=notes)
    result = open_driver(job.channel, desk.hands).perform(PUSH, job)
    assert isinstance(result.outcome, NeedsPerson)
    assert (result.outcome.why.key, pushed(desk)) == ("channels.push_late", 0)


def _answered(desk: Desk, rogue: RogueServer, status: int, body: bytes, headers: str = "") -> StepResult:
    rogue.answer(status, body, headers)
    notes = {"stored": "1", "cid": "c1", "cid_at": desk.now.isoformat()}
    job = desk.job(account(desk, rogue.address), notes=notes)
    return open_driver(job.channel, desk.hands).perform(PUSH, job)


def test_a_refusal_goes_to_a_person_and_gives_the_cid_up(rogue_desk: tuple[Desk, str], rogue: RogueServer) -> None:
    result = _answered(rogue_desk[0], rogue, 401, b'{"error":{"code":1004,"message":"x"}}')
    assert isinstance(result.outcome, NeedsPerson)
    assert (result.code, dict(result.notes)) == ("1004", {"stored": "1"})


def test_an_app_that_nobody_has_installed_needs_no_notice(rogue_desk: tuple[Desk, str], rogue: RogueServer) -> None:
    result = _answered(rogue_desk[0], rogue, 400, b'{"error":{"code":1011,"message":"no target"}}')
    assert isinstance(result.outcome, Delivered)
    assert result.outcome.receipt.details["push"] == "nobody"


def test_too_many_notices_wait_as_long_as_the_service_says(rogue_desk: tuple[Desk, str], rogue: RogueServer) -> None:
    desk = rogue_desk[0]
    result = _answered(desk, rogue, 429, b'{"error":{"code":2002,"message":"x"}}', "Retry-After: 90\r\n")
    assert isinstance(result.outcome, TryLater)
    assert result.outcome.not_before == desk.now + timedelta(seconds=90)


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (200, b""),
        (200, b"<html>login</html>"),
        (200, b'{"msg_id":null}'),
        (502, b"x"),
        (404, b"x"),
        (400, b'{"error":7}'),
    ],
)
def test_an_answer_that_makes_no_sense_is_asked_again_with_the_same_cid(
    rogue_desk: tuple[Desk, str], rogue: RogueServer, status: int, body: bytes
) -> None:
    result = _answered(rogue_desk[0], rogue, status, body)
    assert (isinstance(result.outcome, TryLater), result.notes["cid"]) == (True, "c1")


@pytest.mark.parametrize("body", [b"{}", b'{"cidlist":[]}', b'{"cidlist":"x"}', b'{"cidlist":[{}]}', b"["])
def test_a_list_without_a_cid_is_asked_for_again(rogue_desk: tuple[Desk, str], rogue: RogueServer, body: bytes) -> None:
    desk = rogue_desk[0]
    rogue.answer(200, body)
    job = desk.job(account(desk, rogue.address), notes={"stored": "1"})
    result = open_driver(job.channel, desk.hands).perform(Step("cid", True), job)
    assert isinstance(result.outcome, TryLater)


def test_without_its_keys_a_notice_goes_to_a_person_and_shows_none(desk: Desk) -> None:
    job = job_of(desk, notes={"stored": "1"})
    job = replace(job, channel=desk.channel(ChannelKind.APP))
    result = open_driver(job.channel, desk.hands).perform(Step("cid", True), job)
    assert isinstance(result.outcome, NeedsPerson)


def test_keys_never_stand_in_what_is_kept_of_a_reply(rogue_desk: tuple[Desk, str], rogue: RogueServer) -> None:
    secret = AppSettings().push_master_secret
    result = _answered(rogue_desk[0], rogue, 403, b'{"error":{"code":1,"message":"' + secret.encode() + b'"}}')
    assert secret not in result.reply + str(result.outcome)


def test_an_address_that_is_none_is_tried_later(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    job = desk.job(account(desk, "http://[broken"), notes={"stored": "1"})
    result = open_driver(job.channel, desk.hands).perform(Step("cid", True), job)
    assert isinstance(result.outcome, TryLater)


def test_a_cid_is_committed_before_it_is_used(desk: Desk) -> None:
    job = job_of(desk, notes={"stored": "1"})
    driver = open_driver(job.channel, desk.hands)
    assert driver.next_step(job) == Step("cid", True)
    result = driver.perform(Step("cid", True), job)
    assert isinstance(result.outcome, Accepted)
    assert driver.next_step(replace(job, notes=result.notes)) == PUSH
    assert pushed(desk) == 0
