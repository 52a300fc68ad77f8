"""Lists of several pages, search interfaces and sitemaps, followed as their files say."""

from __future__ import annotations

import json

import pytest

from syndicate.model.item import ItemState
from syndicate.model.source import PageNumbers, SyncResult
from syndicate.records import items, sources
from tests.databases import on_one
from tests.flow.web import Beat, Page, article

pytestmark = on_one


def page(*numbers: int, more: str = "") -> Page:
    rows = "".join(f"<li><a href='/{n}.html'>样例通知第{n}号</a></li>" for n in numbers)
    return Page(f"<html><body><ul>{rows}</ul>{more}</body></html>".encode())


def pages(beat: Beat, offset: int, *lists: tuple[int, ...]) -> None:
    """Page 1 at `/x/index.html`, page n at `/x/index_<n - offset>.html`."""
    for number, numbers in enumerate(lists):
        path = "/x/index.html" if number == 0 else f"/x/index_{number + 1 - offset}.html"
        beat.web.pages[path] = page(*numbers)
        for one in numbers:
            beat.web.pages[f"/{one}.html"] = Page(article(f"样例通知第{one}号"))


def follow(beat: Beat, numbers: str, **more: object) -> None:
    beat.follow("x", "html", "/x/index.html", paging={"address": "{stem}_{page}{suffix}", "numbers": numbers}, **more)


def count() -> int:
    return len(items.listed(list(ItemState), limit=100))


def test_the_first_look_reads_further_pages_and_archives_them(beat: Beat) -> None:
    follow(beat, "from_two", first_run=3)
    pages(beat, 0, (9, 8), (7, 6), (5, 4))
    assert beat.one("x").new == 3
    assert len(sources.seen("x")) == 6


def test_a_look_stops_at_the_first_page_that_it_knows(beat: Beat) -> None:
    follow(beat, "from_two", first_run=0)
    pages(beat, 0, (4, 3), (2, 1))
    beat.one("x")
    asked = len(beat.web.asked)
    beat.one("x")
    assert [path for path, _ in beat.web.asked[asked:]] == ["/x/index.html"]


def test_more_news_than_one_page_holds_is_found_on_the_next(beat: Beat) -> None:
    follow(beat, "from_two", first_run=0)
    pages(beat, 0, (2, 1))
    beat.one("x")
    pages(beat, 0, (6, 5), (4, 3), (2, 1))
    assert beat.one("x").new == 4


def test_an_article_that_failed_on_a_later_page_is_tried_again(beat: Beat) -> None:
    follow(beat, "from_two", first_run=0)
    pages(beat, 0, (2, 1))
    beat.one("x")
    pages(beat, 0, (6, 5), (4, 3), (2, 1))
    beat.web.pages["/3.html"] = Page(b"", 500)
    assert (beat.one("x").new, count()) == (3, 3)
    beat.web.pages["/3.html"] = Page(article("样例通知第3号"))
    assert beat.one("x").new == 1


@pytest.mark.parametrize(("offset", "expected"), [(1, PageNumbers.FROM_ONE), (0, PageNumbers.FROM_TWO)])
def test_a_site_is_asked_once_how_it_numbers_its_pages(beat: Beat, offset: int, expected: PageNumbers) -> None:
    follow(beat, "probe", first_run=0)
    pages(beat, offset, (6, 5), (4, 3), (2, 1))
    beat.one("x")
    assert (sources.page_numbers(beat.web.host), len(sources.seen("x"))) == (expected, 6)


def test_the_answer_is_remembered(beat: Beat) -> None:
    follow(beat, "probe", first_run=0)
    pages(beat, 0, (6, 5), (4, 3))
    beat.one("x")
    pages(beat, 0, (8, 7), (6, 5))
    beat.one("x")
    assert beat.web.count("/x/index_1.html") == 1


def test_a_site_that_answers_every_address_with_page_one_is_not_believed(beat: Beat) -> None:
    follow(beat, "probe", first_run=0)
    pages(beat, 0, (4, 3), (2, 1))
    beat.web.pages["/x/index_1.html"] = page(4, 3)
    beat.one("x")
    assert sources.page_numbers(beat.web.host) is PageNumbers.FROM_TWO


def test_pages_with_descending_numbers_are_read_from_the_newest(beat: Beat) -> None:
    beat.follow(
        "x", "html", "/x/list.htm", first_run=0, paging={"address": "{stem}/{page}{suffix}", "numbers": "descending"}
    )
    beat.web.pages["/x/list.htm"] = page(6, 5, more="<a href='list/2.htm'>下页</a><a href='list/1.htm'>尾页</a>")
    beat.web.pages["/x/list/2.htm"], beat.web.pages["/x/list/1.htm"] = page(4, 3), page(2, 1)
    beat.one("x")
    assert len(sources.seen("x")) == 6


def test_the_stated_count_of_pages_is_not_exceeded(beat: Beat) -> None:
    follow(beat, "from_two", first_run=0)
    pages(beat, 0, (4, 3), (2, 1))
    beat.web.pages["/x/index.html"] = page(4, 3, more="<script>createPageHTML(2, 0, 'index', 'html')</script>")
    beat.one("x")
    assert beat.web.count("/x/index_3.html") == 0


def test_a_later_page_that_fails_fails_the_look(beat: Beat) -> None:
    follow(beat, "from_two", first_run=0)
    pages(beat, 0, (4, 3), (2, 1))
    beat.web.pages["/x/index_2.html"] = Page(b"", 500)
    assert beat.one("x").result is SyncResult.FAILED
    assert sources.seen("x") == {}


def test_a_search_interface_is_asked_page_by_page(beat: Beat) -> None:
    body = '{"channelId": ["a"], "pageNum": {page}}'
    beat.follow("x", "json", "/query", first_run=0, asking={"body": body}, paging={"most": 5}, list={"rows": "results", "url": "url", "title": "title"})  # fmt: skip
    for number, rows in ((1, [6, 5]), (2, [4, 3]), (3, [])):
        answer = {"results": [{"url": f"/{n}.html", "title": f"样例通知第{n}号"} for n in rows]}
        question = body.replace("{page}", str(number))
        beat.web.pages[f"/query\n{question}"] = Page(json.dumps(answer).encode(), type="application/json")
    beat.one("x")
    assert (len(sources.seen("x")), len(beat.web.posted)) == (4, 3)


def test_a_sitemap_is_followed(beat: Beat) -> None:
    beat.follow("x", "sitemap", "/map.xml", only=r"/\d+\.html")
    entries = "".join(f"<url><loc>{beat.web.base}{path}</loc></url>" for path in ("/1.html", "/about/"))
    beat.web.pages["/map.xml"] = Page(f"<urlset>{entries}</urlset>".encode(), type="application/xml")
    beat.web.pages["/1.html"] = Page(article("样例通知第1号"))
    assert beat.one("x").new == 1


def test_an_index_of_sitemaps_is_followed(beat: Beat) -> None:
    beat.follow("x", "sitemap", "/map.xml")
    beat.web.pages["/map.xml"] = Page(f"<sitemapindex><sitemap><loc>{beat.web.base}/1.xml</loc></sitemap></sitemapindex>".encode())  # fmt: skip
    beat.web.pages["/1.xml"] = Page(f"<urlset><url><loc>{beat.web.base}/1.html</loc></url></urlset>".encode())
    beat.web.pages["/1.html"] = Page(article("样例通知第1号"))
    assert beat.one("x").new == 1
