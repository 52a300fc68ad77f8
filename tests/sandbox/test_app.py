"""The app backend: signature, idempotency, revisions, feed."""

from __future__ import annotations

import json
import threading
from datetime import UTC

import pytest
from standardwebhooks.webhooks import Webhook

from syndicate.sandbox.faults import Fault, FaultKind
from syndicate.sandbox.idempotency import read_key
from syndicate.sandbox.settings import AppSettings, Settings


class Office:
    """Sends signed states to the backend."""

    def __init__(self, running):
        self.running = running
        self.secret = running.settings.app.webhook_secrets[0]

    def send(self, method, article="7", document=None, key="key-1", **headers):
        body = b"" if document is None else json.dumps(document, ensure_ascii=False).encode()
        now = self.running.clock.now().astimezone(UTC)
        signed = {
            "webhook-id": key,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self.secret).sign(key, now, body.decode()),
            "Idempotency-Key": f'"{key}"',
        }
        given = {name: value for name, value in (signed | headers).items() if value is not None}
        url = f"{self.running.addresses.app}/articles/{article}"
        return self.running.http.request(method, url, content=body, headers=given)

    def put(self, revision=1, title="样例标题", key=None, article="7", **more):
        document = {"revision": revision, "title": title, "body_html": "<p>样例</p>"}
        return self.send("PUT", article, document, key or f"{article}-{revision}", **more)

    def get(self, path="/articles/7", **headers):
        return self.running.http.get(f"{self.running.addresses.app}{path}", headers=headers)


@pytest.fixture
def office(running):
    return Office(running)


def effects(running, kind):
    return [effect for effect in running.state("app")["effects"] if effect["kind"] == kind]


def test_a_state_is_stored_and_can_be_read_back(office):
    assert office.put().status_code == 201
    reply = office.get().json()
    assert (reply["id"], reply["revision"], reply["title"]) == ("7", 1, "样例标题")


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_refused(office, running, name):
    assert office.put(**{name: None}).status_code == 401
    assert running.state("app")["visible"] == []


def test_a_wrong_signature_is_refused(office):
    office.secret = "whsec_" + "b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldA=="
    assert office.put().status_code == 401


def test_a_changed_body_is_refused(office):
    signature = office.put().request.headers["webhook-signature"]
    assert office.put(title="其他", key="7-1", **{"webhook-signature": signature}).status_code == 401


@pytest.mark.parametrize(("seconds", "status"), [(300, 201), (301, 401), (-300, 201), (-301, 401)])
def test_the_tolerance_is_five_minutes_by_the_sandbox_s_clock(office, running, seconds, status):
    now = running.clock.now().astimezone(UTC)
    stamp = int(now.timestamp()) - seconds
    body = {"revision": 1, "title": "样例"}
    signature = Webhook(office.secret).sign("k", now.fromtimestamp(stamp, UTC), json.dumps(body, ensure_ascii=False))
    headers = {"webhook-timestamp": str(stamp), "webhook-signature": signature}
    assert office.send("PUT", document=body, key="k", **headers).status_code == status


def test_both_secrets_of_a_rotation_are_accepted(start):
    second = "whsec_c2Vjb25kLXNhbXBsZS1zZWNyZXQtMDAwMg=="
    running = start(Settings(app=AppSettings((AppSettings().webhook_secrets[0], second))))
    office = Office(running)
    assert office.put().status_code == 201
    office.secret = second
    assert office.put(2).status_code == 200


@pytest.mark.parametrize("header", [None, "", '"unfinished', '"a" "b"'])
def test_a_missing_or_malformed_key_is_refused(office, header):
    assert office.put(**{"Idempotency-Key": header}).status_code == 400


def test_the_key_is_the_webhook_id(office):
    assert office.put(**{"Idempotency-Key": '"another"'}).status_code == 400


@pytest.mark.parametrize(("header", "key"), [('"a b"', None), ('"a-1"', "a-1"), ("a-1", "a-1"), ('"a\\"b"', None)])
def test_how_a_key_is_written(header, key):
    assert read_key(header) == key


def test_a_repeat_gets_the_same_result_and_has_no_effect(office, running):
    first, again = office.put(), office.put()
    assert (again.status_code, again.content) == (201, first.content)
    assert len(effects(running, "stored")) == 1


def test_another_payload_under_the_same_key_is_refused(office):
    office.put(1)
    assert office.put(2, key="7-1").status_code == 422


def test_a_repeat_while_the_first_call_runs_is_refused(office, running):
    running.faults(Fault("app", FaultKind.SLOW, nth=(1,), delay=0.4))
    first = threading.Thread(target=office.put)
    first.start()
    while not running.state("app")["calls"]:
        pass
    replies = [office.put().status_code]
    first.join()
    replies.append(office.put().status_code)
    assert replies == [409, 201]


def test_a_refused_state_frees_its_key(office):
    assert office.send("PUT", document={"revision": 1}, key="k").status_code == 400
    assert office.send("PUT", document={"revision": 1, "title": "样例"}, key="k").status_code == 201


def test_an_older_revision_is_refused(office):
    office.put(2)
    reply = office.put(1)
    assert (reply.status_code, reply.json()["revision"]) == (409, 2)


def test_the_same_revision_with_other_content_is_refused(office):
    office.put(1)
    assert office.put(1, title="其他", key="other").status_code == 409


def test_the_same_revision_with_the_same_content_is_no_second_effect(office, running):
    office.put(1)
    assert office.put(1, key="other").status_code == 200
    assert len(effects(running, "stored")) == 1


def test_a_newer_revision_replaces_the_older(office, running):
    office.put(1)
    assert office.put(2, title="新标题").status_code == 200
    assert [entry["title"] for entry in running.state("app")["visible"]] == ["新标题"]


def test_a_deleted_article_is_gone(office, running):
    office.put()
    assert office.send("DELETE", key="d").json()["state"] == "deleted"
    assert office.get().status_code == 410
    assert running.state("app")["visible"] == []


def test_deleting_twice_and_deleting_nothing_have_their_statuses(office):
    office.put()
    statuses = [office.send("DELETE", key="d").status_code, office.send("DELETE", key="e").status_code]
    statuses.append(office.send("DELETE", article="8", key="f").status_code)
    assert statuses == [200, 410, 404]


def test_a_late_state_does_not_bring_a_deleted_article_back(office):
    office.put(1)
    office.send("DELETE", document={"revision": 2}, key="d")
    assert office.put(1, key="late").status_code == 409
    assert office.put(2, key="late2").status_code == 409
    assert office.put(3).status_code == 200


def test_an_older_deletion_is_refused(office):
    office.put(2)
    assert office.send("DELETE", document={"revision": 1}, key="d").status_code == 409
    assert office.send("DELETE", document={"revision": "x"}, key="e").status_code == 400


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"title": "样例"},
        {"revision": 0, "title": "x"},
        {"revision": True, "title": "x"},
        {"revision": 1, "title": " "},
        [],
    ],
)
def test_a_state_needs_revision_and_title(office, document):
    assert office.send("PUT", document=document).status_code == 400


@pytest.mark.parametrize("path", ["/", "/articles/", "/articles/a/b", "/articles/%2e%2e%2f", "/articles/" + "a" * 129])
def test_unknown_addresses_are_not_found(office, path):
    assert office.get(path).status_code == 404


def test_other_methods_are_refused(office, running):
    assert office.send("POST").status_code == 405
    assert running.http.post(f"{running.addresses.app}/feed.json").status_code == 405


def test_two_articles_with_the_same_content_are_duplicates(office, running):
    office.put(article="7")
    office.put(article="8")
    assert [entry["ids"] for entry in running.state("app")["duplicates"]] == [["7", "8"]]


def test_the_feed_is_in_pages_newest_first(office):
    for number in range(21):
        office.put(article=f"a{number}", title=f"样例{number}")
    first = office.get("/feed.json").json()
    second = office.running.http.get(first["next_url"]).json()
    assert [len(first["items"]), len(second["items"])] == [20, 1]
    assert first["items"][0]["id"] == "a20"
    assert "next_url" not in second


def test_the_feed_has_an_etag(office):
    office.put()
    first = office.get("/feed.json")
    assert office.get("/feed.json", **{"If-None-Match": first.headers["etag"]}).status_code == 304
    office.put(2, title="新标题")
    assert office.get("/feed.json", **{"If-None-Match": first.headers["etag"]}).status_code == 200


@pytest.mark.parametrize("page", ["0", "2", "x", "-1", "99999999999"])
def test_pages_that_do_not_exist_are_not_found(office, page):
    assert office.get(f"/feed.json?page={page}").status_code == 404


def test_the_feed_carries_text_and_files(office):
    file = {
        "name": "样例.pdf",
        "media_type": "application/pdf",
        "role": "attachment",
        "url": "http://gov.example/1.pdf",
    }
    document = {"revision": 1, "title": "样例", "body_html": "<p>文</p>", "files": [file, "broken", {"name": 1}]}
    office.send("PUT", document=document)
    (entry,) = office.get("/feed.json").json()["items"]
    assert entry["content_html"] == "<p>文</p>"
    assert entry["attachments"] == [{"url": file["url"], "mime_type": "application/pdf", "title": "样例.pdf"}]


def test_an_article_without_text_shows_its_title_in_the_feed(office):
    office.send("PUT", document={"revision": 1, "title": "样例", "body_html": 5, "files": 5})
    assert office.get("/feed.json").json()["items"][0]["content_text"] == "样例"


def test_deleted_articles_leave_the_feed(office):
    office.put()
    office.send("DELETE", key="d")
    assert office.get("/feed.json").json()["items"] == []


def test_a_request_that_something_repeats_on_the_way_takes_effect_once(office, running):
    running.faults(Fault("app", FaultKind.DUPLICATE, nth=(1,)))
    assert office.put().status_code == 201
    assert running.state("app")["counts"] == {"stored": 1}
