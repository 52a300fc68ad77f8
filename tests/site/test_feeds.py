from __future__ import annotations

import json
from xml.etree import ElementTree

import feedparser
import pytest

from tests.site.conftest import Town

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_a_feed_reader_reads_the_newest_entries_first(town: Town) -> None:
    town.fill(range(1, 31))
    feed = feedparser.parse((town.root / "news/rss.xml").read_bytes())
    assert not feed.bozo
    assert len(feed.entries) == 20
    assert feed.entries[0].title == "第30篇样稿"
    assert feed.entries[0].link == "https://www.yunchuan.example/news/202611/30.html"
    assert feed.entries[0].published == "Wed, 25 Nov 2026 10:00:00 +0800"


def test_the_home_page_names_the_feed_of_every_column(town: Town) -> None:
    town.publish(1)
    for column in ("news", "policy"):
        assert (
            f'type="application/rss+xml" title="{town.pages.facts.columns[column].title}" href="{column}/rss.xml"'
            in (town.text("index.html"))
        )


def test_the_json_feed_has_the_same_entries(town: Town) -> None:
    town.publish(1)
    feed = json.loads(town.text("news/feed.json"))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://www.yunchuan.example/news/feed.json"
    (entry,) = feed["items"]
    assert entry["id"] == entry["url"] == "https://www.yunchuan.example/news/202611/1.html"
    assert entry["date_published"] == "2026-11-25T09:31:00+08:00"


def test_an_entry_without_a_source_is_the_offices_own(town: Town) -> None:
    town.publish(1, town.rendition(1, source_name=""))
    (entry,) = json.loads(town.text("news/feed.json"))["items"]
    assert entry["authors"] == [{"name": "示例省示例市云川县人民政府办公室"}]


@pytest.mark.parametrize("title", ["<b>&amp;]]>", '"引号"', "😀"])
def test_any_title_survives_the_feed(town: Town, title: str) -> None:
    town.publish(1, town.rendition(1, title=title))
    assert ElementTree.fromstring(town.text("news/rss.xml")).findtext("channel/item/title") == title


def test_withdrawn_entries_are_in_no_feed_and_no_sitemap(town: Town) -> None:
    town.publish(1)
    town.publish(2)
    town.retract(1)
    for path in ("news/rss.xml", "news/atom.xml", "news/feed.json", "sitemap/news-0.xml"):
        assert "news/202611/1.html" not in town.text(path)
        assert "news/202611/2.html" in town.text(path)


def test_the_index_names_every_sitemap_that_exists(town: Town) -> None:
    town.publish(1)
    index = ElementTree.fromstring(town.text("sitemap.xml"))
    named = [loc.text.removeprefix("https://www.yunchuan.example/") for loc in index.iter(f"{SITEMAP}loc")]
    assert named == ["sitemap/pages.xml", "sitemap/news-0.xml"]
    assert all((town.root / path).is_file() for path in named)


def test_a_sitemap_names_pages_that_exist(town: Town) -> None:
    town.publish(1)
    for shard in ("sitemap/pages.xml", "sitemap/news-0.xml"):
        for loc in ElementTree.fromstring(town.text(shard)).iter(f"{SITEMAP}loc"):
            assert (town.root / loc.text.removeprefix("https://www.yunchuan.example/")).is_file()


def test_the_atom_feed_has_the_same_entries(town: Town) -> None:
    town.fill(range(1, 31))
    feed = feedparser.parse((town.root / "news/atom.xml").read_bytes())
    assert feed.version == "atom10"
    assert not feed.bozo
    assert len(feed.entries) == 20
    assert feed.entries[0].id == feed.entries[0].link == "https://www.yunchuan.example/news/202611/30.html"
    assert feed.feed.updated == feed.entries[0].updated == "2026-11-25T10:00:00+08:00"


def test_the_atom_feed_of_an_empty_column_is_valid(town: Town) -> None:
    town.publish(1)
    feed = feedparser.parse((town.root / "policy/atom.xml").read_bytes())
    assert not feed.bozo
    assert feed.entries == []
    assert feed.feed.updated.startswith("1970-01-01")
