"""Sitemaps: addresses and times, news titles, indexes, and what is none."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.errors import InputError
from syndicate.ingest.lists import read_list
from syndicate.ingest.sitemaps import inner_sitemaps
from syndicate.model.source import SourceKind
from tests.ingest.conftest import HTML, document

MAP = replace(HTML, kind=SourceKind.SITEMAP, list_rules=None)
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">'
PLAIN = f"""{HEAD}
<url><loc>https://a.example/xw/1.html</loc><lastmod>2026-11-20</lastmod></url>
<url><loc>https://a.example/xw/2.html?a=1&amp;b=2</loc><lastmod>2026-11-23T08:00:00+08:00</lastmod></url>
<url><loc> https://a.example/about/ </loc></url></urlset>"""
NEWS = """<urlset xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://a.example/3.html</loc>
<news:news><news:publication_date>2026-11-22T10:00:00+08:00</news:publication_date>
<news:title><![CDATA[云川县举办样例活动]]></news:title></news:news></url></urlset>"""
INDEX = """<sitemapindex><sitemap><loc>https://a.example/old.xml</loc><lastmod>2025-01-01</lastmod></sitemap>
<sitemap><loc>https://a.example/new.xml</loc><lastmod>2026-11-01</lastmod></sitemap></sitemapindex>"""


def test_addresses_come_newest_first() -> None:
    found = [row.url for row in read_list(MAP, document(PLAIN))]
    assert found == ["https://a.example/xw/2.html?a=1&b=2", "https://a.example/xw/1.html", "https://a.example/about/"]


def test_only_addresses_that_the_source_wants_are_rows() -> None:
    found = read_list(replace(MAP, only=r"/xw/\d+\.html"), document(PLAIN))
    assert len(found) == 2


def test_a_news_sitemap_has_titles_and_times() -> None:
    (row,) = read_list(MAP, document(NEWS))
    assert (row.title, f"{row.published_at:%m-%d %H:%M}") == ("云川县举办样例活动", "11-22 10:00")


def test_an_index_names_its_sitemaps_newest_first() -> None:
    assert inner_sitemaps(MAP, document(INDEX)) == ("https://a.example/new.xml", "https://a.example/old.xml")


def test_a_plain_sitemap_names_no_others() -> None:
    assert inner_sitemaps(MAP, document(PLAIN)) == ()


def test_an_empty_sitemap_is_empty_and_no_error() -> None:
    assert read_list(MAP, document(HEAD + "</urlset>")) == ()


def test_a_cut_off_sitemap_gives_its_complete_entries() -> None:
    assert len(read_list(MAP, document(PLAIN[: PLAIN.rindex("<url>") + 30]))) == 2


@pytest.mark.parametrize(
    ("body", "key"),
    [("<html><body>404</body></html>", "ingest.html_instead_of_sitemap"), ("<rss></rss>", "ingest.not_a_sitemap"), (HEAD + "<url><loc>x:y</loc></url></urlset>", "ingest.fields_missing")],
)  # fmt: skip
def test_what_is_no_sitemap_is_an_error(body: str, key: str) -> None:
    with pytest.raises(InputError) as raised:
        read_list(MAP, document(body))
    assert raised.value.message.key == key


def test_entities_are_never_expanded() -> None:
    bomb = f'<!DOCTYPE x [<!ENTITY a "{"x" * 9}">]>{HEAD}<url><loc>https://a.example/&a;</loc></url></urlset>'
    assert "xxx" not in read_list(MAP, document(bomb))[0].url


@pytest.mark.parametrize("piece", ["<url>", "<url><loc>", "</url>", "<loc>"])
def test_endless_marks_take_no_time(piece: str) -> None:
    begun = time.monotonic()
    with suppress(InputError):
        read_list(MAP, document(HEAD + piece * 300_000))
    assert time.monotonic() - begun < 10


@given(st.binary(max_size=300))
def test_any_bytes_give_rows_or_an_input_error(body: bytes) -> None:
    for data in (body, HEAD.encode() + body):
        try:
            read_list(MAP, document(data))
            inner_sitemaps(MAP, document(data))
        except InputError:
            continue
