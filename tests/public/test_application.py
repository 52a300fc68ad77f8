from __future__ import annotations

import io
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote
from wsgiref.util import setup_testing_defaults

import html5lib
import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from syndicate.errors import UsageError
from syndicate.public.application import RATE, application
from syndicate.public.pace import Pace, Rate
from syndicate.public.serving import make_server
from syndicate.site.pages import Pages
from tests.conftest import ROOT, lack
from tests.databases import on_one
from tests.records.test_search import publish
from tests.site.test_browser import TAGS


@dataclass
class Reply:
    status: int
    headers: dict[str, str]
    text: str


Ask = Callable[..., Reply]


FAST = Rate(1_000, 1_000)


def asking(pages: Pages, rate: Rate = FAST) -> Ask:
    """The application as a server calls it."""
    called = application(pages, "website", Pace(rate))

    def ask(query: str = "", path: str = "/search", method: str = "GET", address: str = "192.0.2.1") -> Reply:
        environment: dict[str, object] = {}
        setup_testing_defaults(environment)
        environment.update({"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method, "REMOTE_ADDR": address})
        environment["wsgi.input"] = io.BytesIO()
        got: list[object] = []
        body = b"".join(called(environment, lambda status, headers, error=None: got.extend([status, headers])))  # type: ignore[arg-type, misc]
        return Reply(int(str(got[0]).split()[0]), dict(got[1]), body.decode())  # type: ignore[call-overload]

    return ask


@pytest.fixture
def ask(records: Path, now: datetime, pages: Pages) -> Ask:
    for number in range(12):
        publish(now, number, f"县政府召开经济工作会议<b>第{number}次</b>，营商环境。")
    publish(now, 20, "经济", "policy", title='<script>alert("x")</script>')
    return asking(pages)


def test_hits_are_marked_and_newest_first(ask: Ask) -> None:
    reply = ask("q=" + quote("营商环境"))
    assert reply.status == 200
    assert "找到 12 条结果" in reply.text
    assert "<mark>营商环境</mark>" in reply.text
    assert reply.text.index("样例11") < reply.text.index("样例10")


def test_whatever_was_published_is_shown_as_text(ask: Ask) -> None:
    reply = ask("q=" + quote("经济"))
    assert "alert(&#34;x&#34;)" in reply.text
    assert "&lt;b&gt;第" in reply.text
    assert reply.text.count("<script") == 1  # the site's own


def test_pages_keep_the_question(ask: Ask) -> None:
    first = ask("q=" + quote("营商") + "&column=news&year=2026")
    assert f"?q={quote('营商')}&amp;column=news&amp;year=2026&amp;page=2" in first.text
    second = ask("q=" + quote("营商") + "&column=news&year=2026&page=2")
    assert "样例1<" in second.text.replace("</mark>", "").replace("<mark>", "")
    assert 'rel="prev"' in second.text
    assert 'rel="next"' not in second.text


def test_filters_narrow(ask: Ask) -> None:
    assert "找到 1 条结果" in ask("q=" + quote("经济") + "&column=policy").text
    assert "没有找到" in ask("q=" + quote("经济") + "&year=1999").text


def test_without_a_question_there_is_only_the_form(ask: Ask) -> None:
    reply = ask()
    assert 'role="search"' in reply.text
    assert "没有找到" not in reply.text


@pytest.mark.parametrize(
    "query",
    [
        "q=%ff%fe",
        "q=" + quote('"><script>x</script>'),
        "q=" + quote("' OR 1=1 --"),
        "q=a&year=99999999999&page=-3&column=../../etc",
        "q=a&page=50",
        "q=a&page=999999",
        "&".join("q=a" for _ in range(30)),
        "q=%00",
        "q=" + quote("\ud800x", errors="surrogatepass"),
    ],
)
def test_any_question_is_answered_with_a_valid_page(ask: Ask, query: str) -> None:
    reply = ask(query)
    assert reply.status == 200
    html5lib.HTMLParser(strict=True).parse(reply.text)
    assert "<script>x" not in reply.text


def test_every_answer_forbids_sniffing_framing_and_keeping(ask: Ask) -> None:
    for reply in (ask(), ask(path="/admin"), ask(method="POST")):
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["X-Frame-Options"] == "DENY"
        assert reply.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("path", "method", "status"), [("/", "GET", 404), ("/search/x", "GET", 404), ("/search", "POST", 405)]
)
def test_there_is_nothing_but_the_search(ask: Ask, path: str, method: str, status: int) -> None:
    assert ask(path=path, method=method).status == status


def test_an_endless_address_is_refused(ask: Ask) -> None:
    assert ask("q=" + "a" * 3_000).status == 414


def test_who_asks_too_often_waits_and_others_do_not(ask: Ask, pages: Pages) -> None:
    ask = asking(pages, Rate(2, 60))
    assert [ask("q=a").status for _ in range(3)] == [200, 200, 429]
    reply = ask("q=a")
    assert int(reply.headers["Retry-After"]) >= 1
    assert "搜索过于频繁" in reply.text
    assert ask("q=a", address="192.0.2.2").status == 200
    assert ask().status == 200  # the form alone costs nothing


def test_a_head_request_has_no_body(ask: Ask) -> None:
    reply = ask("q=a", method="HEAD")
    assert reply.status == 200
    assert reply.text == ""


@pytest.fixture
def address(ask: Ask, pages: Pages) -> Iterator[str]:
    server = make_server(application(pages, "website", Pace(Rate(2, 1))), "127.0.0.1", 0)

    def serve() -> None:
        with suppress(OSError):  # closed from outside while it waits for the next request
            server.run()

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.close()
    thread.join(10)


@on_one
def test_the_proxy_says_who_asks(address: str) -> None:
    with httpx.Client(trust_env=False) as client:
        for visitor in ("198.51.100.1", "198.51.100.2", "198.51.100.1", "198.51.100.2"):
            assert client.get(f"{address}/search?q=a", headers={"X-Forwarded-For": visitor}).status_code == 200
        answer = client.get(f"{address}/search?q=a", headers={"X-Forwarded-For": "198.51.100.1"})
    assert answer.status_code == 429


@on_one
def test_a_port_that_is_taken_is_said(address: str, pages: Pages) -> None:
    with pytest.raises(UsageError) as caught:
        make_server(application(pages, "website", Pace(RATE)), "127.0.0.1", int(address.rpartition(":")[2]))
    assert caught.value.message.key == "public.port_taken"


def test_a_database_that_is_away_is_said(ask: Ask, records: Path) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE records_searchdocument RENAME TO elsewhere")
    reply = ask("q=a")
    assert reply.status == 503
    assert "搜索暂时不可用" in reply.text


@on_one
def test_axe_finds_nothing_on_a_page_of_results(ask: Ask) -> None:
    path = shutil.which("chromium")
    if path is None:
        lack("Chromium is not installed: apt-get install chromium")
        return
    pages = [ask(query).text for query in ("q=" + quote("营商环境"), "q=none", "")]
    styles = (ROOT / "content" / "templates" / "website" / "style.css").read_text("utf-8")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        for html in pages:
            # The policy would forbid the style that stands in for the site's own file.
            page.set_content(
                html.replace("Content-Security-Policy", "x").replace("</head>", f"<style>{styles}</style></head>")
            )
            found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
            assert found.response["violations"] == []
        browser.close()
