"""Guards before pages are recognised; pages are not taken for guards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.ingest.walls import wall

ARTICLE = "<html><body><p>" + "本文介绍如何识别要求“请输入验证码”的网页。" * 30 + "</p></body></html>"


@pytest.mark.parametrize("status", [403, 412, 521])
def test_the_statuses_of_guards_are_walls(status: int) -> None:
    assert wall(status, b"<html></html>") == f"HTTP {status}"


def test_a_named_guard_is_named() -> None:
    assert wall(403, "<p>网防G01 拦截了您的访问</p>".encode()) == "网防G01"


@pytest.mark.parametrize(
    "page",
    [
        "<html><title>安全验证</title><body>请输入验证码</body></html>",
        "<script>document.cookie='__jsl_clearance=1';location.reload()</script>",
        "<html><script>var $_ts=window['$_ts'];" + "x" * 30_000 + "</script></html>",
        "<style>" + "p{}" * 500 + "</style><p>当前环境异常，完成验证后即可继续访问</p>",
        "<p>您的访问被阻断</p>",
    ],
)
def test_a_guard_that_answers_200_is_recognised(page: str) -> None:
    assert wall(200, page.encode(), "text/html; charset=utf-8")


def test_a_guards_page_in_gbk_is_recognised() -> None:
    assert wall(200, "<p>网站防火墙</p>".encode("gbk"), "text/html") == "网站防火墙"


@pytest.mark.parametrize(
    ("status", "body", "content_type"),
    [
        (200, ARTICLE.encode(), "text/html"),
        (200, ("安全狗" + "x" * 70_000).encode(), "text/html"),
        (200, "网防G01".encode(), "application/json"),
        (404, b"<p>not found</p>", "text/html"),
        (200, b"", ""),
    ],
)
def test_other_answers_are_no_walls(status: int, body: bytes, content_type: str) -> None:
    assert wall(status, body, content_type) is None


@given(
    st.binary(max_size=300)
    | st.lists(st.sampled_from(["<script>", "<style", "</", ">", "安全验证"])).map(lambda x: "".join(x).encode())
)
def test_any_bytes_are_judged(body: bytes) -> None:
    wall(200, body)
