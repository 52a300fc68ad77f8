"""Which networks may be reached, and what an exception opens."""

from __future__ import annotations

import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import FetchError, FetchForbidden, FetchLater, FetchRefused
from syndicate.net.addresses import target_of
from syndicate.net.networks import closed_network, permitted

Entry = tuple[int, int, int, str, tuple[str, int]]


class Names:
    """A name service that gives the answers of the test, one after another; the last one repeats."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def __call__(self, host: str, port: int, **_: object) -> list[Entry]:
        self.asked.append(host)
        answer = self.answers[min(len(self.asked), len(self.answers)) - 1]
        return [(0, 0, 0, "", (address, port)) for address in answer]


def addresses(url: str, names: Names, *allow: str) -> list[str]:
    return [str(address) for address in permitted(target_of(url), allow, names)]


@pytest.mark.parametrize("address", ["8.8.8.8", "223.255.255.1", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_addresses_of_the_public_internet_are_open(address: str) -> None:
    assert closed_network(ipaddress.ip_address(address)) is None


PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "::1",
    "fc00::1",
    "fdff::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
]
RESERVED = [
    "0.0.0.0",
    "169.254.169.254",
    "::ffff:169.254.169.254",
    "64:ff9b::a9fe:a9fe",
    "100.100.100.200",
    "168.63.129.16",
    "fd00:ec2::254",
    "192.0.2.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::127.0.0.1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "3fff::1",
    "4000::1",
    "8000::1",
    "c000::1",
    "e000::1",
    "f000::1",
    "f800::1",
    "fe00::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
]


@pytest.mark.parametrize("address", PRIVATE + RESERVED)
def test_every_other_network_is_closed(address: str) -> None:
    with pytest.raises(FetchForbidden):
        addresses("http://h.example/", Names([address]))


@pytest.mark.parametrize("address", PRIVATE)
def test_an_exception_opens_private_networks_and_this_machine(address: str) -> None:
    assert len(addresses("http://h.example:8080/", Names([address]), "h.example:8080")) == 1


@pytest.mark.parametrize("address", RESERVED)
def test_no_exception_opens_link_local_metadata_or_reserved_addresses(address: str) -> None:
    with pytest.raises(FetchForbidden) as caught:
        addresses("http://h.example:80/", Names([address]), "h.example:80", f"{address}:80", f"[{address}]:80")

    assert caught.value.message.key == "net.reserved"


@given(st.ip_addresses())
def test_whatever_python_calls_not_global_is_closed(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    if not address.is_global or address.is_multicast:
        assert closed_network(address) is not None or address in ipaddress.ip_network("64:ff9b::/96")


@pytest.mark.parametrize(
    "allow",
    [
        "127.0.0.1:8809",
        "127.0.0.1",
        "127.0.0.1:88080",
        "127.0.0.1:",
        "127.0.0.2:8808",
        "localhost",
        "*",
        "*:8808",
        "http://127.0.0.1:8808",
        "u@127.0.0.1:8808",
        "",
    ],
)
def test_no_other_exception_fits(allow: str) -> None:
    with pytest.raises(FetchForbidden):
        addresses("http://127.0.0.1:8808/", Names(["127.0.0.1"]), allow)


@pytest.mark.parametrize("allow", ["127.0.0.1:8808", "LOCALHOST:8808", "localhost.:8808"])
def test_an_exception_names_the_host_or_the_address_it_has_now(allow: str) -> None:
    assert addresses("http://localhost:8808/", Names(["127.0.0.1"]), allow) == ["127.0.0.1"]


def test_an_exception_for_an_address_opens_only_that_address() -> None:
    assert addresses("http://localhost:8808/", Names(["::1", "127.0.0.1"]), "[::1]:8808") == ["::1"]


def test_only_the_public_ones_of_several_addresses_are_kept() -> None:
    names = Names(["10.0.0.1", "8.8.8.8", "2400:3200::1", "8.8.8.8"])

    assert addresses("http://h.example/", names) == ["8.8.8.8", "2400:3200::1"]


def test_a_mapped_address_is_connected_to_as_ipv4() -> None:
    assert addresses("http://h.example/", Names(["::ffff:8.8.8.8"])) == ["8.8.8.8"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://0/",
        "https://169.254.169.254/latest/meta-data/",
        "http://１２７.0.0.1/",
        "http://127。0。0。1/",
        "http://127.0.0.1./",
    ],
)
def test_every_spelling_of_a_private_address_is_refused_by_the_real_name_service(url: str) -> None:
    with pytest.raises((FetchForbidden, FetchRefused)) as caught:
        permitted(target_of(url), (), socket.getaddrinfo)

    assert caught.value.message.key in ("net.private", "net.reserved", "net.no_host")


def test_the_message_names_the_exception_to_write() -> None:
    with pytest.raises(FetchForbidden) as caught:
        addresses("https://oa.example/", Names(["10.0.0.1"]))

    assert "oa.example:443" in caught.value.message.action_zh


@pytest.mark.parametrize(("code", "kind"), [(socket.EAI_AGAIN, FetchLater), (socket.EAI_NONAME, FetchRefused)])
def test_a_name_service_that_is_away_is_another_thing_than_a_name_that_is_not(
    code: int, kind: type[FetchError]
) -> None:
    def fail(*_: object, **__: object) -> list[Entry]:
        raise socket.gaierror(code, "no")

    with pytest.raises(kind):
        permitted(target_of("http://h.example/"), (), fail)


def test_a_name_without_addresses_does_not_exist() -> None:
    with pytest.raises(FetchRefused):
        addresses("http://h.example/", Names([]))


def test_a_name_that_cannot_be_asked_for_does_not_exist() -> None:
    def fail(*_: object, **__: object) -> list[Entry]:
        raise UnicodeError("label too long")

    with pytest.raises(FetchRefused):
        permitted(target_of("http://h.example/"), (), fail)
