"""What WeChat pushes, as bytes: signatures, encryption, recorded events, garbage."""

from __future__ import annotations

import base64
import hashlib

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st

from syndicate.channels.wechat_callback import decrypted, encrypted_text, is_signed, pushed_event
from syndicate.errors import InputError

KEY, APP = base64.b64encode(bytes(range(32))).decode().rstrip("="), "wxsample"


def sealed(xml: bytes, app: str = APP, *, length: int | None = None, padding: int | None = None) -> str:
    key = base64.b64decode(KEY + "=")
    plain = b"r" * 16 + (len(xml) if length is None else length).to_bytes(4, "big") + xml + app.encode()
    fill = 32 - len(plain) % 32
    padded = plain + bytes([fill if padding is None else padding]) * fill
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode()


def test_a_signature_is_over_the_sorted_parts() -> None:
    signature = hashlib.sha1(b"".join(sorted([b"token", b"1700000000", b"nonce"]))).hexdigest()
    assert is_signed("token", signature, "1700000000", "nonce")
    assert not is_signed("token", signature, "1700000001", "nonce")


def test_an_empty_token_signs_nothing() -> None:
    assert not is_signed("", hashlib.sha1(b"").hexdigest())


def test_a_signature_of_other_characters_is_only_wrong() -> None:
    assert not is_signed("token", "签名\ud800", "1", "2")


@pytest.mark.parametrize("size", [0, 1, 11, 12, 13, 31, 32, 33, 500])
def test_an_encrypted_text_comes_back_at_every_length(size: int) -> None:
    assert decrypted(KEY, APP, sealed(b"x" * size)) == b"x" * size


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AAAA",
        "!!!!",
        base64.b64encode(b"x" * 16).decode(),
        base64.b64encode(b"x" * 32).decode(),
        sealed(b"<xml/>", "wxother"),
        sealed(b"<xml/>", length=2**31),
        sealed(b"<xml/>", padding=0),
        sealed(b"<xml/>", padding=33),
    ],
)
def test_what_was_not_encrypted_for_us_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        decrypted(KEY, APP, text)


@pytest.mark.parametrize("key", ["", "short", "!" * 43, KEY[:-1]])
def test_a_key_of_a_wrong_form_is_refused(key: str) -> None:
    with pytest.raises(InputError):
        decrypted(key, APP, sealed(b"<xml/>"))


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE xml [<!ENTITY a "b">]><xml><Event>&a;</Event></xml>',
        b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x"><xml/>',
        b"<xml>",
        b"",
    ],
)
def test_document_types_and_broken_messages_are_refused(xml: bytes) -> None:
    with pytest.raises(InputError):
        pushed_event(xml)


def test_repeats_of_an_event_have_one_key_and_another_job_another() -> None:
    first = b"<xml><FromUserName>o</FromUserName><CreateTime>1</CreateTime><Event>MASSSENDJOBFINISH</Event><MsgID>7</MsgID></xml>"
    keys = [pushed_event(xml) for xml in (first, first, first.replace(b"7", b"8"))]
    assert all(keys)
    assert keys[0].key == keys[1].key != keys[2].key  # type: ignore[union-attr]


@given(st.text(), st.binary())
def test_garbage_is_an_input_error_or_nothing(text: str, body: bytes) -> None:
    for call in (lambda: decrypted(KEY, APP, text), lambda: pushed_event(body), lambda: encrypted_text(body)):
        try:
            call()
        except InputError:
            continue
