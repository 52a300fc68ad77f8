"""The drill platforms against recorded samples: field names and types of WeChat, signature vectors, the feed schema."""

from __future__ import annotations

import json
import tarfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

from syndicate.channels.wechat_callback import pushed_event
from syndicate.channels.wechat_client import Account, OfficialAccountClient
from syndicate.sandbox.app_feed import feed_reply, page_of
from syndicate.sandbox.app_store import Stored
from syndicate.sandbox.exchange import Request
from syndicate.sandbox.signatures import signature_fault
from tests.sandbox.conftest import running, shared, wechat  # noqa: F401 — fixtures

DATA = Path(__file__).resolve().parents[2].parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="recorded samples: ../shared/data is not there")
SKIT = "skit/api/"


@pytest.fixture(scope="module")
def samples():
    """Path in the archive → JSON document; many files begin with a byte order mark."""
    with tarfile.open(DATA / "wechat" / "wechat_samples.tar.gz") as archive:
        members = [member for member in archive.getmembers() if member.name.endswith(".json")]
        return {
            member.name.removeprefix("./"): json.loads(archive.extractfile(member).read().decode("utf-8-sig"))
            for member in members
            if member.name.removeprefix("./").startswith(("skit/api/Cgibin", "wechatpy/fixtures/t"))
            or member.name.endswith(("media_uploadimg.json", "message_mass_get.json"))
        }


def misfits(sample, reply, place="reply"):
    """Where a reply lacks a field of the sample or has another type there."""
    if isinstance(sample, dict) and isinstance(reply, dict):
        missing = [f"{place}.{name} is missing" for name in sample if name not in reply]
        inner = [misfits(sample[name], reply[name], f"{place}.{name}") for name in sample if name in reply]
        return missing + [found for one in inner for found in one]
    if isinstance(sample, list) and isinstance(reply, list):
        return misfits(sample[0], reply[0], f"{place}[0]") if sample and reply else []
    return [] if type(sample) is type(reply) else [f"{place} is {type(reply).__name__}, not {type(sample).__name__}"]


def replies(wechat):  # noqa: F811
    """One reply of every call that has a recorded sample."""
    article = wechat.article()
    media_id = wechat.add(article)["media_id"]
    page = {"offset": 0, "count": 1, "no_content": 0}
    found = {
        "Cgibin/CgibinTokenResponse": wechat.get_token(),
        "CgibinMaterial/CgibinMaterialAddMaterialResponse": wechat.upload(
            "/cgi-bin/material/add_material", type="image"
        ),
        "CgibinMedia/CgibinMediaUploadImageResponse": wechat.upload("/cgi-bin/media/uploadimg"),
        "CgibinDraft/CgibinDraftAddResponse": wechat.add(article),
        "CgibinDraft/CgibinDraftGetResponse": wechat.post("/cgi-bin/draft/get", {"media_id": media_id}),
        "CgibinDraft/CgibinDraftBatchGetResponse": wechat.post("/cgi-bin/draft/batchget", page),
        "CgibinDraft/CgibinDraftCountResponse": wechat.running.http.get(
            wechat.url("/cgi-bin/draft/count"), params={"access_token": wechat.token}
        ).json(),
        "CgibinFreePublish/CgibinFreePublishSubmitResponse": wechat.post(
            "/cgi-bin/freepublish/submit", {"media_id": media_id}
        ),
        "CgibinOpenApi/CgibinOpenApiQuotaGetResponse": wechat.post(
            "/cgi-bin/openapi/quota/get", {"cgi_path": "/cgi-bin/draft/add"}
        ),
    }
    done = wechat.published()
    article_id = {"article_id": done["article_id"]}
    news = {"filter": {"is_to_all": True}, "msgtype": "mpnews", "mpnews": {"media_id": wechat.draft()}}
    sent = wechat.post("/cgi-bin/message/mass/sendall", news)
    return found | {
        "CgibinFreePublish/CgibinFreePublishGetResponse": done,
        "CgibinFreePublish/CgibinFreePublishGetArticleResponse": wechat.post(
            "/cgi-bin/freepublish/getarticle", article_id
        ),
        "CgibinFreePublish/CgibinFreePublishBatchGetResponse": wechat.post("/cgi-bin/freepublish/batchget", page),
        "CgibinMessageMass/CgibinMessageMassSendAllResponse": sent,
        "CgibinMessageMass/CgibinMessageMassGetResponse": wechat.post(
            "/cgi-bin/message/mass/get", {"msg_id": sent["msg_id"]}
        ),
    }


def test_every_reply_has_the_fields_and_types_of_the_recorded_sample(samples, wechat):  # noqa: F811
    found = {name: misfits(samples[f"{SKIT}{name}.json"], reply) for name, reply in replies(wechat).items()}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_token_and_upload_have_the_shape_of_the_second_set_of_samples(samples, wechat):  # noqa: F811
    assert misfits(samples["wechatpy/fixtures/token.json"], wechat.get_token()) == []
    assert misfits(samples["wechatpy/fixtures/media_uploadimg.json"], wechat.upload("/cgi-bin/media/uploadimg")) == []


def test_recorded_requests_are_understood(samples, wechat):  # noqa: F811
    request = samples[f"{SKIT}CgibinDraft/CgibinDraftAddRequest.json"]
    request["articles"][0]["thumb_media_id"] = wechat.cover()
    media_id = wechat.post("/cgi-bin/draft/add", request)["media_id"]
    change = samples[f"{SKIT}CgibinDraft/CgibinDraftUpdateRequest.json"]
    change["media_id"], change["articles"]["thumb_media_id"] = media_id, wechat.cover()
    assert wechat.post("/cgi-bin/draft/update", change)["errcode"] == 0
    mass = samples[f"{SKIT}CgibinMessageMass/CgibinMessageMassSendAllRequest.json"]
    mass["mpnews"]["media_id"] = media_id
    assert wechat.post("/cgi-bin/message/mass/sendall", mass)["errcode"] == 0


def test_the_verifier_agrees_with_every_published_vector():
    vectors = json.loads((DATA / "webhooks" / "standard_webhooks_vectors.json").read_text("utf-8"))
    wrong = []
    for case in vectors["verify_cases"]:
        secrets = [case["secret"]] if case["secret"].removeprefix("whsec_") else []
        now = datetime.fromtimestamp(case["now"], UTC)
        fault = signature_fault(case["headers"], case["payload"].encode(), secrets, now)
        if (fault == "") is not case["valid"]:
            wrong.append(case["name"])
    assert wrong == []


def test_the_feed_obeys_the_schema_of_json_feed_1_1():
    schema = json.loads((DATA / "jsonfeed" / "schema-v1.1.json").read_text("utf-8"))
    now = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
    file = {"name": "样例.pdf", "media_type": "application/pdf", "url": "http://gov.example/1.pdf"}
    document = {"title": "样例", "body_html": "<p>样例</p>", "files": [file]}
    entries = [(str(number), Stored(1, document, now, now)) for number in range(20)]
    request = Request("GET", "/feed.json", "/feed.json", {}, {})
    feed = json.loads(feed_reply(request, page_of(request), entries, True, "样例", "http://127.0.0.1:1").body)
    jsonschema.validate(feed, schema)
    assert feed["next_url"]


@pytest.mark.parametrize(
    ("sample", "name", "publish_id", "message_id"),
    [
        ("FreePublishJobFinishEvent", "FREEPUBLISHJOBFINISH", "2247503051", ""),
        ("MassSendJobFinishEvent", "MASSSENDJOBFINISH", "", "1000001625"),
    ],
)
def test_recorded_events_are_read(sample, name, publish_id, message_id):
    with tarfile.open(DATA / "wechat" / "wechat_samples.tar.gz") as archive:
        found = next(one for one in archive.getmembers() if one.name.endswith(f"MpJob/{sample}.xml"))
        event = pushed_event(archive.extractfile(found).read())
    assert (event.name, event.publish_id, event.message_id) == (name, publish_id, message_id)
    assert event.sender


class Recording(OfficialAccountClient):
    """The real client, whose calls are written down instead of sent."""

    def call(self, endpoint, payload):
        self.sent = payload
        return {
            "errcode": 0,
            "media_id": "m",
            "publish_id": "1",
            "publish_status": 0,
            "msg_id": 1,
            "msg_status": "x",
            "item": [],
        }


OPTIONAL = {"no_content", "clientmsgid", "send_ignore_reprint"}
"""Documented fields that the samples leave out."""
CALLS = {
    "CgibinDraft/CgibinDraftUpdateRequest": lambda client: client.update_draft("m", {"title": "t"}),
    "CgibinDraft/CgibinDraftDeleteRequest": lambda client: client.delete_draft("m"),
    "CgibinDraft/CgibinDraftBatchGetRequest": lambda client: client.drafts(0),
    "CgibinFreePublish/CgibinFreePublishSubmitRequest": lambda client: client.submit("m"),
    "CgibinFreePublish/CgibinFreePublishGetRequest": lambda client: client.publication("1"),
    "CgibinFreePublish/CgibinFreePublishBatchGetRequest": lambda client: client.publications(0),
    "CgibinFreePublish/CgibinFreePublishDeleteRequest": lambda client: client.delete_article("a"),
    "CgibinMessageMass/CgibinMessageMassSendAllRequest": lambda client: client.send_to_all("m", "k"),
    "CgibinMessageMass/CgibinMessageMassGetRequest": lambda client: client.push_status("1"),
    "CgibinMessageMass/CgibinMessageMassDeleteRequest": lambda client: client.delete_push("1", 1),
}


@pytest.mark.parametrize("name", CALLS)
def test_our_client_sends_fields_of_the_recorded_request(samples, name):
    client = Recording(Account("wechat", "wx", "s"), None, datetime(2026, 11, 26, tzinfo=UTC), timedelta(seconds=1))
    CALLS[name](client)
    known = samples[f"{SKIT}{name}.json"]
    assert set(client.sent) - set(known) <= OPTIONAL
