"""Which addresses may be fetched."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import FetchError, FetchForbidden, FetchLater
from syndicate.net.targets import is_public, target


@pytest.mark.parametrize("address", ["8.8.8.8", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_public_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "10.1.2.3",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "100.100.100.200",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00:ec2::254",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "2002:7f00:1::1",
        "2002:a00:1::1",
        "2001:db8::1",
    ],
)
def test_private_loopback_local_multicast_and_embedded_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0/",
        "https://169.254.169.254/latest/meta-data/",
        "http://１２７.0.0.1/",
        "http://127.0.0.1./",
    ],
)
def test_every_spelling_of_a_private_address_is_refused(url: str) -> None:
    with pytest.raises((FetchForbidden, FetchLater)) as caught:
        target(url)

    assert caught.value.message.key in ("net.private_address", "net.unresolved", "net.bad_address")


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.com/",
        "gopher://example.com/",
        "//example.com/",
        "",
        "http://",
        "http:///x",
        "http://example.com:99999/",
        "http://[/",
        "http://user:secret@example.com/",
        "http://example.com\\@127.0.0.1/",
        "http://exa mple.com/",
        "http://example.com/\r\nX: y",
        "http://" + "a" * 300 + "/",
        "http://" + "a" * 70 + "。cn/",
    ],
)
def test_what_is_no_plain_web_address_is_refused(url: str) -> None:
    with pytest.raises(FetchForbidden) as caught:
        target(url)

    assert caught.value.message.key == "net.bad_address"
    assert "secret" not in str(caught.value)


def test_an_exception_holds_for_the_exact_host_and_port() -> None:
    assert target("http://127.0.0.1:8808/", ("127.0.0.1:8808",)).addresses == ("127.0.0.1",)


@pytest.mark.parametrize("allow", ["127.0.0.1:8809", "127.0.0.1", "127.0.0.1:88080", "localhost:8808", "*"])
def test_no_other_exception_fits(allow: str) -> None:
    with pytest.raises(FetchForbidden):
        target("http://127.0.0.1:8808/", (allow,))


def test_a_name_is_looked_up_once_and_the_answer_is_what_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def resolver(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(host)
        return [(0, 0, 0, "", (address, port)) for address in ("2400:3200::1", "10.0.0.1", "8.8.8.8")]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)

    assert target("http://example.com/").addresses == ("8.8.8.8", "2400:3200::1")
    assert asked == ["example.com"]


def test_a_chinese_name_is_asked_for_in_its_ascii_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, **_: [(0, 0, 0, "", ("8.8.8.8", port))])

    found = target("https://例子.中国/通知.html")

    assert found.host == "xn--fsqu00a.xn--fiqs8s"


def test_a_name_that_does_not_resolve_is_for_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)

    with pytest.raises(FetchLater) as caught:
        target("http://no-such-host.invalid/")

    assert caught.value.message.key == "net.unresolved"


@given(st.text(max_size=60).map("http://".__add__) | st.text(max_size=30), st.ip_addresses().map(str))
def test_any_address_is_checked_or_refused(url: str, resolved: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lambda host, port, **_: [(0, 0, 0, "", (resolved, port))])
        try:
            found = target(url)
        except FetchError:
            return

    assert all(is_public(address) for address in found.addresses)
