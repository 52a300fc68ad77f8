"""One spelling per page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.ingest.addresses import absolute, address_key, canonical


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://WWW.Example.gov.cn:80/a/../b/./c.html#top", "http://www.example.gov.cn/b/c.html"),
        ("https://a.example:443", "https://a.example/"),
        ("https://a.example:8443/x", "https://a.example:8443/x"),
        ("https://例子.中国/通知.html", "https://xn--fsqu00a.xn--fiqs8s/%E9%80%9A%E7%9F%A5.html"),
        ("http://a.example/%7efoo/%e4%bd%a0?x=%41", "http://a.example/~foo/%E4%BD%A0?x=A"),
        ("http://a.example/x?utm_source=a&id=3&SPM=b", "http://a.example/x?id=3"),
        ("http://a.example/x;jsessionid=AA01?id=3", "http://a.example/x?id=3"),
        ("http://a.example/#/news/3", "http://a.example/#/news/3"),
        ("http://a.example/a/b/..", "http://a.example/a/"),
        ("http://a.example/..", "http://a.example/"),
        ("http://[::1]:8080/x", "http://[::1]:8080/x"),
        ("http://a.example./x", "http://a.example/x"),
        ("javascript:alert(1)", ""),
        ("/relative", ""),
        ("", ""),
        ("http:///x", ""),
        ("http://a.example:99999/", ""),
        ("http://[/", ""),
        ("http://user:secret@a.example/", ""),
        ("http://a.example/" + "x" * 3_000, ""),
    ],
)
def test_an_address_has_one_spelling(url: str, expected: str) -> None:
    assert canonical(url) == expected


def test_a_host_that_cannot_be_encoded_still_has_a_spelling() -> None:
    assert canonical("http://" + "文" * 64 + ".example/").startswith("http://%E6")


def test_http_and_https_are_the_same_page() -> None:
    assert address_key("http://a.example/x") == address_key("https://a.example/x") == "a.example/x"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("./t1.html", "https://a.example/xw/t1.html"),
        (" ../t1.html ", "https://a.example/t1.html"),
        ("//b.example/x", "https://b.example/x"),
        ("/x\n/y", "https://a.example/x/y"),
        ("", ""),
        ("mailto:a@a.example", ""),
        ("http://a b.example/\x00", ""),
    ],
)
def test_an_address_is_made_absolute(address: str, expected: str) -> None:
    assert absolute(address, "https://a.example/xw/index.html") == expected


@given(st.text(max_size=80) | st.text(max_size=60).map("http://a.example/".__add__))
def test_the_spelling_of_a_spelling_is_itself(url: str) -> None:
    once = canonical(url)

    assert canonical(once) == once
