"""Guards before pages are recognised; pages are not taken for guards."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import InputError
from syndicate.ingest.walls import GONE, refuse_tombstone, refuse_wall, wall
from tests.ingest.conftest import document

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


def test_a_guards_page_is_refused_under_its_name() -> None:
    page = document("<html><body>网防G01 请求被拦截</body></html>", "https://a.example/1.html")
    with pytest.raises(InputError) as raised:
        refuse_wall(page, page.url)
    assert (raised.value.message.key, raised.value.message.values["guard"]) == ("sync.wall", "网防G01")


def test_a_page_is_no_wall() -> None:
    refuse_wall(document("<html><body>云川县举办样例活动</body></html>"), "https://a.example/1.html")


@pytest.mark.parametrize("text", ["您访问的页面不存在", "该文章已被删除", "404 Not Found"])
def test_a_page_that_says_that_the_article_is_gone_is_refused(text: str) -> None:
    page = document(f"<html><body><h1>{text}</h1></body></html>", "https://a.example/1.html")
    with pytest.raises(InputError) as raised:
        refuse_tombstone(page, page.url)
    assert raised.value.message.key == GONE


@pytest.mark.parametrize("url", ["https://a.example/", "https://a.example/index.html"])
def test_a_site_that_sends_home_instead_has_no_such_article(url: str) -> None:
    with pytest.raises(InputError):
        refuse_tombstone(document("<html><body>样例网首页</body></html>", url), "https://a.example/1.html")


@pytest.mark.parametrize(
    ("html", "asked"),
    [
        ("<html><body>云川县举办样例活动</body></html>", "https://a.example/1.html"),
        (f"<html><body>{'关于页面不存在如何处理的说明。' * 60}</body></html>", "https://a.example/1.html"),
        (f"<html><body>页面不存在{'<br>' * 30_000}</body></html>", "https://a.example/1.html"),
    ],
)
def test_an_article_is_no_tombstone_even_where_it_speaks_of_one(html: str, asked: str) -> None:
    refuse_tombstone(document(html, asked), asked)
