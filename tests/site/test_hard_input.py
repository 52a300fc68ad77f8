"""What offices really paste: enormous, broken, right to left. It goes through the renderer and onto the site."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import html5lib
import pytest

from syndicate.model.channel import Channel, ChannelKind, Ladder
from syndicate.model.item import Content, ItemKind
from syndicate.render.facts import RenderFacts
from syndicate.render.website import render_website
from syndicate.site.lock import site_lock
from syndicate.site.writer import verify
from syndicate.text.sanitise import sanitise
from tests.site.conftest import START, Town

MINUTE = timedelta(minutes=1)
CHANNEL = Channel(
    "website", ChannelKind.WEBSITE, "网站", Ladder((MINUTE,), MINUTE, (MINUTE,), (MINUTE,), MINUTE, MINUTE, MINUTE)
)


def published(town: Town, html: str, title: str = "样稿") -> str:
    """The article's page, after everything that a pasted text goes through."""
    content = Content(title, sanitise(html, "http://source.example/"), ItemKind.REPRINT, "样例来源", published_at=START)
    facts = town.pages.facts
    wanted = RenderFacts(1, facts.columns["news"], facts.office, f"{facts.office.site_url}/news/202611/1.html", START)
    rendition = render_website(content, wanted, CHANNEL).rendition
    town.publish(1, rendition)
    assert verify(town.root).whole
    return town.text("news/202611/1.html")


def test_five_megabytes_of_html_are_published(town: Town) -> None:
    begun = time.monotonic()
    page = published(town, "<p>演示样例文字。</p>" * 170_000)
    assert page.count("演示样例文字。") >= 170_000
    assert time.monotonic() - begun < 60


def test_a_table_of_two_thousand_rows_keeps_them_all(town: Town) -> None:
    rows = "".join(f"<tr><td>第{number}行</td><td>{number}</td></tr>" for number in range(2_000))
    page = published(town, f"<table>{rows}</table>")
    assert page.count("<tr>") == 2_000
    assert 'class="table" role="region" tabindex="0"' in page


@pytest.mark.parametrize(
    "html",
    [
        "<p>甲<b>乙<i>丙</b>丁</i><div>戊",
        "<table><tr><td>一<tr><td>二</table></table></div></article></main>",
        "</article><article data-notice>骗</article>",
        "<ul><li>一<ul><li>二</ul>三",
        "<p " + "x=1 " * 1_000 + ">文",
        "<" * 500 + "文",
        "<p>文\x00\x08\ufffe</p>",
        "<svg><script>alert(1)</script></svg><p>文</p>",
        "&#0;&#xD800;&#x110000;&bogus;文",
    ],
)
def test_broken_markup_becomes_a_valid_page(town: Town, html: str) -> None:
    page = published(town, html)
    html5lib.HTMLParser(strict=True).parse(page)
    assert page.count("<article") == page.count("</article>") == 1


def test_uyghur_text_says_where_it_begins(town: Town) -> None:
    page = published(town, "<p>قاراماي شەھىرى</p>", "قاراماي")
    assert '<h1 dir="auto">قاراماي</h1>' in page
    assert '<div class="body" dir="auto">' in page
    assert 'dir="auto" href="../news/202611/1.html">قاراماي' in town.text("news/index.html").replace("../../", "../")


def test_two_publications_at_once_are_both_in_every_list(town: Town) -> None:
    def publish(item: int) -> None:
        with site_lock(town.root, timedelta(seconds=20)):
            town.publish(item)

    threads = [threading.Thread(target=publish, args=(item,)) for item in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for path in ("index.html", "news/index.html", "news/atom.xml", "sitemap/news-0.xml"):
        assert all(f"news/202611/{item}.html" in town.text(path) for item in range(1, 9))
    assert verify(town.root).whole
