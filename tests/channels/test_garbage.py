"""Any bytes from any platform at any step: always an outcome, never an exception."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.channels.drivers import open_driver
from syndicate.model.channel import ChannelKind, Token
from syndicate.model.delivery import (
    Absent,
    Accepted,
    Action,
    CannotTell,
    Delivered,
    Found,
    Job,
    NeedsPerson,
    Receipt,
    Refused,
    Step,
    TryLater,
    Unsure,
)
from tests.channels.office import NOON, Desk, image, picture, renditions
from tests.channels.rogue import RogueServer

OUTCOMES = (Delivered, Accepted, TryLater, Refused, NeedsPerson, Unsure)
KINDS = [ChannelKind.WEIBO, ChannelKind.WECHAT, ChannelKind.APP, ChannelKind.LED, ChannelKind.WORDPRESS]
STEPS = {
    ChannelKind.WEIBO: ["share", "destroy"],
    ChannelKind.WECHAT: ["images", "cover", "draft", "submit", "poll", "delete"],
    ChannelKind.APP: ["put", "delete"],
    ChannelKind.LED: ["acknowledge"],
    ChannelKind.WORDPRESS: ["look", "create", "write", "trash"],
}
FINDABLE = {"share", "draft", "submit", "put", "delete", "create", "write"}
NAMES = [
    "errcode", "error_code", "media_id", "publish_id", "publish_status", "article_id", "article_detail", "item", "url",
    "access_token", "expires_in", "id", "idstr", "mid", "user", "statuses", "revision", "seq", "showing", "news_item",
    "content", "title", "text", "slug", "status", "raw", "link", "source_url", "code", "permalink_template", "created_at", "total_count", "base_resp",
]  # fmt: skip
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=20)
    | st.sampled_from(["0", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
bodies = (
    st.binary(max_size=200)
    | values.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(st.sampled_from(NAMES), values, max_size=6).map(lambda value: json.dumps(value).encode())
)
replies = st.tuples(
    st.sampled_from([100, 200, 201, 204, 301, 400, 403, 404, 408, 409, 410, 422, 429, 500, 503, 599]), bodies
)


@pytest.fixture(scope="module")
def server() -> Iterator[RogueServer]:
    with RogueServer() as rogue:
        yield rogue


def job_for(desk: Desk, kind: ChannelKind, address: str, step: str) -> Job:
    sha = desk.files.add(picture())
    desk.vault.tokens[kind.value] = Token("token-of-the-sample", NOON.replace(year=2030))
    action = Action.RETRACT if step in ("delete", "destroy", "trash") else Action.PUBLISH
    notes = {"prepared_at": NOON.isoformat(), "media_id": "m", "publish_id": "p", "thumb_media_id": "t", "seq": "5"}
    notes |= {"written_at": NOON.isoformat(), "submit_unsure_at": NOON.replace(year=2020).isoformat()}
    notes |= {"post": "123", f"media:{sha}": '["5", "https://www.example.com/a.png"]'}
    held = (Receipt("123", f"{address}/s/1", NOON),) if step != "put" else ()
    return desk.job(
        desk.channel(kind, address), renditions(kind.value, image(sha)), action=action, notes=notes, held=held
    )


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_reply_to_any_step_is_an_outcome(
    kind: ChannelKind, server: RogueServer, tmp_path: Path, data: st.DataObject
) -> None:
    desk = Desk(tmp_path)
    status, body = data.draw(replies)
    server.answer(status, body)
    name = data.draw(st.sampled_from(STEPS[kind]))
    job = job_for(desk, kind, server.address, name)
    driver = open_driver(job.channel, desk.hands)
    result = driver.perform(Step(name, name not in FINDABLE), job)
    assert isinstance(result.outcome, OUTCOMES)
    assert all(isinstance(value, str) for value in result.notes.values())
    assert len(result.reply.encode()) <= 2000
    if hasattr(result.outcome, "why"):
        assert str(result.outcome.why)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_reply_to_any_look_is_an_answer(
    kind: ChannelKind, server: RogueServer, tmp_path: Path, data: st.DataObject
) -> None:
    desk = Desk(tmp_path)
    status, body = data.draw(replies)
    server.answer(status, body)
    name = data.draw(st.sampled_from([step for step in STEPS[kind] if step in FINDABLE] or STEPS[kind]))
    job = job_for(desk, kind, server.address, name)
    driver = open_driver(job.channel, desk.hands)
    assert isinstance(driver.find(Step(name, False), job).answer, Found | Absent | CannotTell)
    driver.read_back(Receipt("123", f"{server.address}/s/1", NOON), job)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=300) | st.binary(max_size=100).map(lambda b: b"HTTP/1.1 200 OK\r\n" + b))
def test_bytes_that_are_no_http_are_an_outcome_too(
    kind: ChannelKind, server: RogueServer, tmp_path: Path, raw: bytes
) -> None:
    desk = Desk(tmp_path)
    server.reply = raw
    name = STEPS[kind][0] if kind is not ChannelKind.WECHAT else "draft"
    job = job_for(desk, kind, server.address, name)
    outcome = open_driver(job.channel, desk.hands).perform(Step(name, False), job).outcome
    assert isinstance(outcome, OUTCOMES)
