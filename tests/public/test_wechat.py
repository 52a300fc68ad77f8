"""WeChat's callback over the public application: signatures, encryption, repeats, and that a push is only a hint."""

from __future__ import annotations

import base64
import hashlib
import io
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from syndicate.model.delivery import DeliveryState
from syndicate.public.serving import PublicApplication, make_server
from syndicate.public.wechat import callbacks
from syndicate.records import deliveries, models
from syndicate.sandbox.faults import Fault, FaultKind
from tests.databases import on_one
from tests.flow.office import Desk, open_desk

TOKEN, KEY, APP = "sample-callback-token", base64.b64encode(bytes(range(32))).decode().rstrip("="), "wxsandbox00000000"
SETTINGS = "secrets: {app_id: wechat-app-id, app_secret: wechat-app-secret, callback_token: wechat-token%s}"
pytestmark = on_one


def event(name: str = "PUBLISHJOBFINISH", publish_id: str = "1", created: int = 1) -> bytes:
    return (
        f"<xml><ToUserName><![CDATA[gh_sample]]></ToUserName><FromUserName><![CDATA[osample]]></FromUserName>"
        f"<CreateTime>{created}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[{name}]]></Event>"
        f"<PublishEventInfo><publish_id>{publish_id}</publish_id><publish_status>0</publish_status>"
        f"<article_detail><item><idx>1</idx><article_url>http://evil.example/</article_url></item></article_detail>"
        f"</PublishEventInfo></xml>"
    ).encode()


def signed(*parts: str, token: str = TOKEN) -> str:
    return hashlib.sha1("".join(sorted((token, *parts))).encode()).hexdigest()


def encrypted(xml: bytes, app: str = APP) -> str:
    key = base64.b64decode(KEY + "=")
    plain = b"r" * 16 + len(xml).to_bytes(4, "big") + xml + app.encode()
    padding = 32 - len(plain) % 32
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain + bytes([padding]) * padding) + encryptor.finalize()).decode()


@dataclass
class Callback:
    """An office whose callback runs, and calls as WeChat makes them."""

    desk: Desk
    address: str

    def query(self, **changes: str) -> dict[str, str]:
        at = str(int(self.desk.now.timestamp()))
        return {"timestamp": at, "nonce": "n1", "signature": signed(at, "n1"), **changes}

    def get(self, **changes: str) -> httpx.Response:
        return httpx.get(self.address, params=self.query(**{"echostr": "echo-7", **changes}), trust_env=False)

    def post(self, body: bytes, **changes: str) -> httpx.Response:
        return httpx.post(self.address, params=self.query(**changes), content=body, trust_env=False)

    def encrypted(self, xml: bytes, app: str = APP, **changes: str) -> httpx.Response:
        text = encrypted(xml, app)
        at = str(int(self.desk.now.timestamp()))
        body = f"<xml><ToUserName>gh</ToUserName><Encrypt><![CDATA[{text}]]></Encrypt></xml>".encode()
        return self.post(body, **{"encrypt_type": "aes", "msg_signature": signed(at, "n1", text), **changes})

    def pending(self) -> deliveries.DeliveryRecord:
        """A publication that the platform is still working at, after the ladder's questions."""
        self.desk.strike(Fault("wechat", FaultKind.PUBLISH_STATUS, "/cgi-bin/freepublish/submit", nth=(1,), status=1))
        item = self.desk.approved("website", "wechat")
        self.desk.settle(timedelta(minutes=3))
        found = next(one for one in deliveries.of_item(item) if one.channel == "wechat")
        assert found.state is DeliveryState.ACCEPTED, found
        assert found.due_at > self.desk.now
        return found

    def due(self, number: int) -> bool:
        return deliveries.get(number).due_at <= self.desk.now


def serve(server: Any) -> None:
    with suppress(OSError):  # waitress's loop wakes up on sockets that are closed already
        server.run()


@pytest.fixture
def made(records: object) -> Iterator[Callable[[str], Callback]]:
    servers = []
    with open_desk(records) as desk:  # type: ignore[arg-type]

        def make(more: str = "") -> Callback:
            path = desk.home / "channels" / "wechat.yaml"
            lines = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("secrets:")]
            path.write_text("\n".join([*lines, SETTINGS % more, ""]), "utf-8")
            for name, value in (("wechat-token", TOKEN), ("wechat-key", KEY)):
                (desk.home / "var" / "secrets" / name).write_text(value, "utf-8")
                (desk.home / "var" / "secrets" / name).chmod(0o600)
            desk.reload()
            server = make_server(callbacks(desk.workspace), "127.0.0.1", 0)
            thread = threading.Thread(target=serve, args=[server])
            thread.start()
            servers.append((server, thread))
            return Callback(desk, f"http://127.0.0.1:{server.effective_port}/wechat/wechat")

        yield make
        for server, thread in servers:
            server.task_dispatcher.shutdown()
            server.close()
            thread.join()


@pytest.fixture
def plain(made: Callable[[str], Callback]) -> Callback:
    return made("")


@pytest.fixture
def safe(made: Callable[[str], Callback]) -> Callback:
    return made(", callback_key: wechat-key")


def test_the_address_is_proved_by_an_echo(plain: Callback) -> None:
    answer = plain.get()
    assert (answer.status_code, answer.text) == (200, "echo-7")


def test_an_echo_with_a_wrong_signature_is_refused(plain: Callback) -> None:
    assert plain.get(signature="0" * 40).status_code == 403
    assert plain.get(nonce="other").status_code == 403
    assert plain.get(signature="").status_code == 403


def test_an_old_signature_is_refused(plain: Callback) -> None:
    old = str(int((plain.desk.now - timedelta(hours=2)).timestamp()))
    assert plain.get(timestamp=old, signature=signed(old, "n1")).status_code == 403
    assert plain.get(timestamp="x", signature=signed("x", "n1")).status_code == 403


@pytest.mark.parametrize("name", ["PUBLISHJOBFINISH", "FREEPUBLISHJOBFINISH"])
def test_a_push_makes_the_question_due_now(plain: Callback, name: str) -> None:
    waiting = plain.pending()
    answer = plain.post(event(name, waiting.notes["publish_id"]))
    assert (answer.status_code, answer.text) == (200, "success")
    assert plain.due(waiting.id)
    assert deliveries.get(waiting.id).notes["hinted"] == "yes"


def test_a_push_is_never_believed(plain: Callback) -> None:
    waiting = plain.pending()
    plain.post(event(publish_id=waiting.notes["publish_id"]))
    plain.desk.run()
    after = deliveries.get(waiting.id)
    assert after.state is DeliveryState.ACCEPTED
    assert models.Receipt.objects.filter(channel="wechat").count() == 0


def test_the_same_push_is_heard_once(plain: Callback) -> None:
    waiting = plain.pending()
    plain.post(event(publish_id=waiting.notes["publish_id"]))
    plain.desk.run()
    assert not plain.due(waiting.id)
    assert plain.post(event(publish_id=waiting.notes["publish_id"])).text == "success"
    assert not plain.due(waiting.id)


def test_pushes_of_long_ago_are_forgotten(plain: Callback) -> None:
    plain.post(event(publish_id="1"))
    plain.desk.wait(timedelta(days=31))
    plain.post(event(publish_id="2"))
    assert models.ChannelNote.objects.filter(key__startswith="event:").count() == 1


def test_a_push_for_a_mass_message_finds_its_delivery(plain: Callback) -> None:
    waiting = plain.pending()
    models.Delivery.objects.filter(id=waiting.id).update(notes={**waiting.notes, "message_id": "34182"})
    body = event("MASSSENDJOBFINISH").replace(b"</xml>", b"<MsgID>34182</MsgID></xml>")
    plain.post(body)
    assert plain.due(waiting.id)


def test_a_push_about_a_foreign_job_changes_nothing(plain: Callback) -> None:
    waiting = plain.pending()
    assert plain.post(event(publish_id="999")).text == "success"
    assert not plain.due(waiting.id)


def test_a_followers_message_is_answered_and_not_kept(plain: Callback) -> None:
    body = b"<xml><MsgType>text</MsgType><FromUserName>o</FromUserName><Content>x</Content></xml>"
    assert plain.post(body).text == "success"
    assert models.ChannelNote.objects.filter(key__startswith="event:").count() == 0


def test_a_push_without_a_signature_touches_nothing(plain: Callback) -> None:
    waiting = plain.pending()
    assert plain.post(event(publish_id=waiting.notes["publish_id"]), signature="").status_code == 403
    assert models.ChannelNote.objects.filter(key__startswith="event:").count() == 0


def test_an_encrypted_push_makes_the_question_due_now(safe: Callback) -> None:
    waiting = safe.pending()
    assert safe.encrypted(event(publish_id=waiting.notes["publish_id"])).text == "success"
    assert safe.due(waiting.id)


def test_with_a_key_a_plain_push_is_refused(safe: Callback) -> None:
    waiting = safe.pending()
    assert safe.post(event(publish_id=waiting.notes["publish_id"])).status_code == 403
    assert not safe.due(waiting.id)


def test_an_encrypted_push_for_another_account_is_refused(safe: Callback) -> None:
    waiting = safe.pending()
    assert safe.encrypted(event(publish_id=waiting.notes["publish_id"]), app="wxother").status_code == 400
    assert not safe.due(waiting.id)


def test_an_encrypted_push_with_a_wrong_message_signature_is_refused(safe: Callback) -> None:
    assert safe.encrypted(event(), msg_signature="0" * 40).status_code == 403


def test_a_channel_without_a_token_has_no_callback(plain: Callback) -> None:
    for address in ("app", "nowhere", "wechat/x"):
        assert httpx.get(plain.address.replace("/wechat/wechat", f"/wechat/{address}")).status_code == 404


def test_a_body_that_is_too_large_is_refused(plain: Callback) -> None:
    assert plain.post(b"<xml>" + b"x" * 70_000 + b"</xml>").status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not xml",
        b"<xml>",
        b'<!DOCTYPE xml [<!ENTITY a "b">]><xml><Event>&a;</Event></xml>',
        b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x"><xml/>',
    ],
)
def test_what_is_no_message_is_refused(plain: Callback, body: bytes) -> None:
    assert plain.post(body).status_code == 400


def test_other_methods_are_refused(plain: Callback) -> None:
    assert httpx.put(plain.address, params=plain.query()).status_code == 405


def test_search_and_callback_live_in_one_application(plain: Callback) -> None:
    wsgi = PublicApplication(lambda: plain.desk.workspace)
    said: list[str] = []
    at = str(int(plain.desk.now.timestamp()))
    query = f"timestamp={at}&nonce=n&signature={signed(at, 'n')}&echostr=yes"
    environment = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/wechat/wechat",
        "QUERY_STRING": query,
        "wsgi.input": io.BytesIO(),
    }
    body = b"".join(wsgi(environment, lambda status, headers, *_: said.append(status)))  # type: ignore[arg-type]
    assert (said, body) == (["200 OK"], b"yes")


def test_no_secret_is_in_any_answer(plain: Callback) -> None:
    answers = [plain.get(), plain.get(signature="x"), plain.post(b"garbage"), plain.post(event())]
    assert not any(TOKEN in one.text for one in answers)
