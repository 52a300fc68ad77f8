"""A target in an S3-compatible store, against moto's server on loopback and servers that misbehave."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from syndicate.channels.calls import CallError, NotDone
from syndicate.channels.target_calls import target_error
from syndicate.channels.target_s3 import S3Hand, headers
from syndicate.model.target import S3Target
from syndicate.site.plan import FolderKeep
from tests.channels.mirrored_site import PAGES, Site
from tests.channels.rogue import RogueServer
from tests.s3_store import ACCESS_KEY, SECRET_KEY, Store, s3_store


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    with s3_store() as running:
        yield running


@dataclass
class Case:
    site: Site
    target: S3Target

    @contextmanager
    def open(self) -> Iterator[S3Hand]:
        with closing(S3Hand(self.target, ACCESS_KEY, SECRET_KEY)) as hand:
            yield hand

    def mirror(self) -> bool:
        with self.open() as hand:
            return self.site.mirror(hand)

    def failure(self) -> CallError:
        with pytest.raises(CallError) as caught:
            self.mirror()
        return caught.value

    def client(self, hand: S3Hand) -> Any:
        return hand._client

    def text(self, path: str) -> str:
        with self.open() as hand:
            answer = self.client(hand).get_object(Bucket=self.target.bucket, Key=f"web/{path}")
            with answer["Body"] as body:
                return str(body.read().decode())


@pytest.fixture
def case(store: Store, tmp_path: Path) -> Case:
    site = Site(tmp_path / "site")
    site.publish(PAGES)
    seconds = timedelta(seconds=20)
    target = S3Target(
        "store", store.endpoint, store.bucket(), "a", "b", prefix="web", path_style=True, time_limit=seconds
    )
    return Case(site, target)


def test_a_site_arrives_changes_and_loses_files(case: Case) -> None:
    case.site.publish({"files/7/a.png": "图"})
    assert case.mirror()
    with case.open() as hand:
        assert hand.names() == {*PAGES, "files/7/a.png"}
    case.site.publish({"index.html": "<h1>新</h1>"})
    case.site.publish({}, keep=FolderKeep("files/7", frozenset()))
    assert case.mirror()
    with case.open() as hand:
        assert hand.names() == set(PAGES)
    assert case.text("index.html") == "<h1>新</h1>"


def test_a_browser_is_told_what_a_page_is_and_to_ask_again(case: Case) -> None:
    case.mirror()
    with case.open() as hand:
        answer = case.client(hand).head_object(Bucket=case.target.bucket, Key="web/index.html")
    assert (answer["ContentType"], answer["CacheControl"]) == ("text/html; charset=utf-8", "no-cache")


@pytest.mark.parametrize(
    ("path", "kind", "kept", "downloaded"),
    [
        ("files/7/abc.png", "image/png", True, False),
        ("files/7/方案.pdf", "application/pdf", True, True),
        ("files/7/a.unknown", "application/octet-stream", True, True),
        ("assets/style.0123.css", "text/css; charset=utf-8", True, False),
        ("assets/mood.css", "text/css; charset=utf-8", False, False),
        ("rss.xml", "application/xml; charset=utf-8", False, False),
    ],
)
def test_files_are_kept_for_long_and_attachments_downloaded(path: str, kind: str, kept: bool, downloaded: bool) -> None:
    told = headers(path)
    assert (told["ContentType"], "immutable" in told["CacheControl"]) == (kind, kept)
    assert (told.get("ContentDisposition") == "attachment") is downloaded


def test_what_was_changed_lost_or_left_there_is_seen(case: Case) -> None:
    case.mirror()
    with case.open() as hand:
        client = case.client(hand)
        client.put_object(Bucket=case.target.bucket, Key="web/index.html", Body=b"x")
        client.delete_object(Bucket=case.target.bucket, Key="web/rss.xml")
        client.put_object(Bucket=case.target.bucket, Key="web/old.html", Body=b"x")
        assert sorted(hand.wrong(case.site.root, sorted(PAGES), ["old.html", "never.html"])) == [
            "index.html",
            "old.html",
            "rss.xml",
        ]


def test_a_bucket_that_is_not_there_needs_a_person(case: Case) -> None:
    case.target = replace(case.target, bucket="no-such-bucket")
    error = case.failure()
    assert (error.code, isinstance(error, NotDone)) == ("no_bucket", False)
    assert "bucket" in error.message.action_zh


def test_a_store_that_is_not_there_is_tried_later(case: Case) -> None:
    case.target = replace(case.target, endpoint="http://127.0.0.1:1")
    error = case.failure()
    assert (error.code, isinstance(error, NotDone)) == ("unreachable", True)


@pytest.mark.parametrize(
    ("status", "code", "ours", "later"),
    [
        (403, "InvalidAccessKeyId", "wrong_key", False),
        (403, "SignatureDoesNotMatch", "wrong_key", False),
        (403, "AccessDenied", "no_rights", False),
        (503, "SlowDown", "busy", True),
        (500, "InternalError", "busy", True),
        (507, "InsufficientStorage", "no_space", True),
        (400, "SomethingNew", "unknown", False),
    ],
)
def test_an_answer_of_the_store_becomes_its_failure(
    case: Case, rogue: RogueServer, status: int, code: str, ours: str, later: bool
) -> None:
    rogue.answer(status, f"<Error><Code>{code}</Code><Message>{SECRET_KEY}</Message></Error>".encode())
    case.target = replace(case.target, endpoint=rogue.address)
    error = case.failure()
    assert (error.code, isinstance(error, NotDone)) == (ours, later)
    assert SECRET_KEY not in f"{error} {error.reply}"


def test_garbage_is_no_success(case: Case, rogue: RogueServer) -> None:
    rogue.answer(200, b"<html>login</html>")
    case.target = replace(case.target, endpoint=rogue.address)
    assert case.failure().message.key == "targets.not_proved"


def test_a_reply_that_breaks_off_is_tried_later(case: Case, rogue: RogueServer) -> None:
    rogue.reply = b""
    case.target = replace(case.target, endpoint=rogue.address)
    assert isinstance(case.failure(), NotDone)


def test_the_machines_own_settings_for_other_stores_are_ignored(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "somebody-elses")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    assert case.mirror()


def test_without_boto3_a_person_is_told_what_to_install() -> None:
    assert "pip install" in target_error("s3", "store", "no module boto3 here").message.action_zh
