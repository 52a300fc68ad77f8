from __future__ import annotations

import socket
import ssl
from datetime import datetime
from pathlib import Path

import pytest

from syndicate.channels.mail import message_of, post
from syndicate.model.notice import Envelope, MailServer, Posted, PostLater, PostRefused, Security
from tests.certificates import self_signed
from tests.mail_server import PASSWORD, mail_server


def server_at(port: int, security: Security = Security.NONE, login: bool = False) -> MailServer:
    sender = "编辑工作台 <desk@example.gov.cn>"
    return MailServer("127.0.0.1", port, security, sender, *(("desk", "mail") if login else ()))


def letter(now: datetime, address: str = "sample@example.gov.cn", subject: str = "稿件等您审核") -> Envelope:
    return Envelope(address, "<1@example.gov.cn>", subject, "正文\n.\n第二行\n", now)


def trusting(path: Path) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=path)


def test_a_letter_arrives_as_it_was_written(now: datetime) -> None:
    with mail_server() as box:
        assert list(post(server_at(box.port), "", [(1, letter(now))])) == [(1, Posted())]
    (taken,) = box.taken
    assert (taken["Subject"], taken["To"], taken["Message-ID"]) == (
        "稿件等您审核",
        "sample@example.gov.cn",
        "<1@example.gov.cn>",
    )
    assert taken["Auto-Submitted"] == "auto-generated"
    assert taken.get_content().replace("\r\n", "\n") == "正文\n.\n第二行\n"


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_the_connection_is_encrypted_and_logged_in(now: datetime, tmp_path: Path, security: Security) -> None:
    files = self_signed(tmp_path, "127.0.0.1")
    with mail_server(security, files, login=True) as box:
        server = server_at(box.port, security, login=True)
        assert list(post(server, PASSWORD, [(1, letter(now))], lambda: trusting(files[0]))) == [(1, Posted())]
    assert len(box.taken) == 1


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    now: datetime, tmp_path: Path, security: Security
) -> None:
    with mail_server(security, self_signed(tmp_path, "127.0.0.1"), login=True) as box:
        ((_, outcome),) = post(server_at(box.port, security, login=True), PASSWORD, [(1, letter(now))])
    assert isinstance(outcome, PostLater)
    assert outcome.why.key == "mail.certificate"
    assert box.taken == []


def test_a_wrong_password_is_told_without_the_password(now: datetime, tmp_path: Path) -> None:
    files = self_signed(tmp_path, "127.0.0.1")
    with mail_server(Security.STARTTLS, files, login=True) as box:
        server = server_at(box.port, Security.STARTTLS, login=True)
        ((_, outcome),) = post(server, "wrong-secret", [(1, letter(now))], lambda: trusting(files[0]))
    assert isinstance(outcome, PostLater)
    assert outcome.why.key == "mail.login"
    assert "wrong-secret" not in str(outcome.why)


def test_a_password_that_cannot_be_sent_is_told_as_a_wrong_one(now: datetime) -> None:
    with mail_server() as box:
        ((_, outcome),) = post(server_at(box.port, login=True), "口令", [(1, letter(now))])
    assert isinstance(outcome, PostLater)


def test_a_server_that_is_away_stops_the_batch_at_its_first_letter(now: datetime) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    ((number, outcome),) = post(server_at(port), "", [(1, letter(now)), (2, letter(now))])
    assert number == 1
    assert isinstance(outcome, PostLater)
    assert outcome.why.key == "mail.away"


def test_an_address_that_is_unknown_is_refused_and_the_next_letter_goes(now: datetime) -> None:
    with mail_server() as box:
        box.refuses.add("gone@example.gov.cn")
        found = list(post(server_at(box.port), "", [(1, letter(now, "gone@example.gov.cn")), (2, letter(now))]))
    assert isinstance(found[0][1], PostRefused)
    assert found[1] == (2, Posted())


@pytest.mark.parametrize(("answer", "kind"), [("451 later", PostLater), ("554 no", PostRefused)])
def test_the_servers_answer_decides_whether_it_is_tried_again(now: datetime, answer: str, kind: type) -> None:
    with mail_server() as box:
        box.answer = answer
        ((_, outcome),) = post(server_at(box.port), "", [(1, letter(now))])
    assert isinstance(outcome, kind)


def test_a_letter_that_must_wait_does_not_hold_up_the_next(now: datetime) -> None:
    with mail_server() as box:
        box.answer = "451 later"
        found = list(post(server_at(box.port), "", [(1, letter(now)), (2, letter(now))]))
    assert [number for number, _ in found] == [1, 2]


@pytest.mark.parametrize("subject", ["甲\r\nBcc: x@example.com", "甲\nSubject: b", "甲\r\n\r\n正文", "\x0b\x1c"])
def test_no_subject_can_add_a_header(now: datetime, subject: str) -> None:
    text = bytes(message_of(server_at(25), letter(now, subject=subject))).decode()
    headers = text.split("\r\n\r\n", 1)[0].split("\r\n")
    assert not [line for line in headers if line.startswith("Bcc")]
    assert len([line for line in headers if line.startswith("Subject:")]) == 1


@pytest.mark.parametrize(
    "address", ["a@b.cn\r\nBcc: x@example.com", "a@b.cn, x@example.com", "not an address", "", "@", "a@b@c"]
)
def test_an_address_that_is_none_is_refused(now: datetime, address: str) -> None:
    with mail_server() as box:
        ((_, outcome),) = post(server_at(box.port), "", [(1, letter(now, address))])
    assert isinstance(outcome, PostRefused)
    assert box.to == []
