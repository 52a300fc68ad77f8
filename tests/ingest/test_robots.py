"""robots.txt as RFC 9309 has it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.ingest.robots import LARGEST, crawl_delay, may_read, readable

URL = "https://www.example.gov.cn/xw/1.html"


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("", True),
        ("User-agent: *\nDisallow: /", False),
        ("User-agent: *\nDisallow: /admin/", True),
        ("User-agent: *\nDisallow: /xw/", False),
        ("User-agent: *\nDisallow: /\nUser-agent: syndicate\nDisallow:", True),
        ("User-agent: syndicate\nDisallow: /\nUser-agent: *\nDisallow:", False),
        ("user-agent: Syndicate\ndisallow: /xw", False),
        ("<html><body>欢迎访问</body></html>", True),
    ],
)
def test_what_a_site_allows_is_read(text: str, allowed: bool) -> None:
    assert may_read(200, text, URL) is allowed


@pytest.mark.parametrize(("status", "allowed"), [(404, True), (403, True), (410, True), (500, False), (503, False)])
def test_without_a_file_the_status_decides(status: int, allowed: bool) -> None:
    assert may_read(status, "User-agent: *\nDisallow: /", URL) is allowed


def test_a_very_long_file_is_cut_off() -> None:
    assert len(readable(b"a" * (LARGEST + 9))) == LARGEST


@given(st.binary(max_size=300), st.text(max_size=50))
def test_any_file_gives_an_answer(body: bytes, path: str) -> None:
    assert may_read(200, readable(b"User-agent: *\nDisallow: " + body), f"https://a.example/{path}") in (True, False)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("User-agent: *\nCrawl-delay: 10\nDisallow:", 10),
        ("User-agent: *\nCrawl-delay: 10\nUser-agent: syndicate\nCrawl-delay: 3", 3),
        ("User-agent: other\nCrawl-delay: 10", 0),
        ("User-agent: *\nCrawl-delay: soon", 0),
        ("User-agent: *\nCrawl-delay: -5", 0),
        ("", 0),
    ],
)
def test_the_pause_that_a_site_asks_for_is_read(text: str, seconds: float) -> None:
    assert crawl_delay(200, text) == seconds


def test_an_error_page_asks_for_no_pause() -> None:
    assert crawl_delay(404, "User-agent: *\nCrawl-delay: 10") == 0


@pytest.mark.parametrize("number", ["²", "%C2%B2", "9" * 5_000, "9" * 400, "1/²", "-1", "ten"])
@pytest.mark.parametrize("field", ["Crawl-delay", "CRAWL-DELAY ", " request-rate"])
def test_a_number_that_is_none_asks_for_no_pause_and_leaves_the_rules(field: str, number: str) -> None:
    text = f"User-agent: *\n{field}: {number}\nDisallow: /inner/"
    assert crawl_delay(200, text) == 0
    assert not may_read(200, text, "https://www.yunchuan.example/inner/1.html")


def test_a_remark_behind_the_number_changes_nothing() -> None:
    assert crawl_delay(200, "User-agent: *\nCrawl-delay: 10 # 十秒") == 10


@given(st.text(max_size=200))
def test_any_text_gives_a_pause_that_is_no_less_than_none(text: str) -> None:
    assert crawl_delay(200, f"User-agent: *\nCrawl-delay: {text}") >= 0
