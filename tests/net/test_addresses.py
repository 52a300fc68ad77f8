"""Web addresses are parsed once and strictly."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import FetchForbidden
from syndicate.net.addresses import host_port, next_target, shown, target_of

LONG = "http://" + "a" * 300 + ".example/"


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("http://Example.COM:80/a?b=1#c", "http://example.com/a?b=1"),
        ("https://example.com:443", "https://example.com/"),
        ("https://example.com:8443/", "https://example.com:8443/"),
        ("  http://example.com./a b/通知.html ", "http://example.com/a%20b/%E9%80%9A%E7%9F%A5.html"),
        ("http://例子.中国/", "http://xn--fsqu00a.xn--fiqs8s/"),
        ("http://[2001:DB8::1]:8080/", "http://[2001:db8::1]:8080/"),
        ("http://example.com/%E9%80%9A?x=%26", "http://example.com/%E9%80%9A?x=%26"),
    ],
)
def test_an_address_gets_one_form(url: str, normal: str) -> None:
    assert target_of(url).url == normal


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://",
        "http:///x",
        "http://exa mple.com/",
        "http://example.com\\@127.0.0.1/",
        "http://example.com/\r\nX: y",
        "http://example.com/a\tb",
        "http://example.com:0/",
        "http://example.com:99999/",
        "http://example.com:x/",
        "http://[/",
        "http://[::1%25eth0]/",
        "http://[::zz]/",
        "http://-.example/",
        "http://a..example/",
        "http://" + "a" * 70 + ".example/",
        LONG,
        "http://example.com/" + "a" * 9_000,
    ],
)
def test_what_has_no_clear_host_is_refused(url: str) -> None:
    with pytest.raises(FetchForbidden) as caught:
        target_of(url)

    assert caught.value.message.key == "net.address"


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.com/", "gopher://example.com/", "//example.com/", "javascript:alert(1)"],
)
def test_only_http_and_https_are_fetched(url: str) -> None:
    with pytest.raises(FetchForbidden) as caught:
        target_of(url)

    assert caught.value.message.key == "net.scheme"


@pytest.mark.parametrize(
    "url", ["http://user:geheim@example.com/", "http://geheim@example.com/", "http://@example.com/"]
)
def test_user_names_are_refused_and_not_told(url: str) -> None:
    with pytest.raises(FetchForbidden) as caught:
        target_of(url)

    assert caught.value.message.key == "net.userinfo"
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http:\\\\u:geheim@h\\", "x://u:geheim@h/?k=geheim", "http://u:geheim@[/", "http://h:x/?k=geheim#geheim"]
)
def test_no_part_of_a_broken_address_tells_a_secret(url: str) -> None:
    with pytest.raises(FetchForbidden) as caught:
        target_of(url)

    assert "geheim" not in str(caught.value)


def test_a_query_is_not_shown() -> None:
    assert target_of("https://example.com/a?token=geheim").shown == "https://example.com/a?…"


def test_the_port_is_always_part_of_host_port() -> None:
    assert [host_port("http://Localhost"), host_port("https://a.example/x"), host_port("http://[::1]:81/")] == [
        "localhost:80",
        "a.example:443",
        "[::1]:81",
    ]


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [
        ("../b", "http://h.example/b"),
        ("?p=2", "http://h.example/x/a?p=2"),
        ("//other.example/", "http://other.example/"),
        ("https://other.example/#top", "https://other.example/"),
        ("/通知".encode().decode("latin-1"), "http://h.example/%E9%80%9A%E7%9F%A5"),
        ("/通知".encode("gbk").decode("latin-1"), "http://h.example/%CD%A8%D6%AA"),
        ("/a b%20c", "http://h.example/a%20b%20c"),
    ],
)
def test_a_redirect_leads_where_a_browser_would_go(location: str, leads_to: str) -> None:
    assert next_target(target_of("http://h.example/x/a?q"), location).url == leads_to


@pytest.mark.parametrize("location", ["http://[/", "\\\\other.example\\", "http://a\x00b/"])
def test_a_redirect_to_nowhere_clear_is_refused(location: str) -> None:
    with pytest.raises(FetchForbidden):
        next_target(target_of("http://h.example/"), location)


@given(
    st.text(max_size=80).map("http://".__add__) | st.text(max_size=40) | st.from_regex(r"https?://[^ ]{1,20}/.{0,20}")
)
def test_any_text_is_a_clean_address_or_refused(url: str) -> None:
    try:
        target = target_of(url)
    except FetchForbidden:
        return

    assert target.url.isascii()
    assert urlsplit(target.url).hostname == target.host
    assert "@" not in urlsplit(target.url).netloc
    assert target_of(target.url) == target


@given(st.text(max_size=80))
def test_any_redirect_is_a_clean_address_or_refused(location: str) -> None:
    try:
        target = next_target(target_of("http://h.example/x"), location)
    except FetchForbidden:
        return

    assert target.scheme in ("http", "https")
    assert target.url.isascii()


@given(st.text(max_size=400))
def test_what_is_shown_fits_on_a_line(url: str) -> None:
    assert len(shown(url)) <= 200
    assert shown(url).isprintable()
