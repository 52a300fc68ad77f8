"""No shard of the manifest grows with what was imported or published."""

from __future__ import annotations

from collections import Counter

import pytest

from syndicate.site.manifest import shard_of


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "404.html",
        "robots.txt",
        "favicon.svg",
        "sitemap.xml",
        "news/index.html",
        "news/rss.xml",
        "assets/mood.css",
        "disclosure/index.html",
        "disclosure/year-2026/index.html",
        "sitemap/news-0.xml",
    ],
)
def test_what_every_site_has_is_in_one_shard(path: str) -> None:
    assert shard_of(path) == "site"


def test_pages_that_one_document_fills_in_several_lists_are_in_one_shard() -> None:
    lists = ("year-2026", "organ-0123456789ab", "theme-ba9876543210")
    assert {shard_of(f"disclosure/{name}/p3.html") for name in lists} == {"archive-disclosure-0"}
    assert shard_of("disclosure/year-2026/p10.html") == "archive-disclosure-1"


@pytest.mark.parametrize(
    "form", ["art/2019/{}/art_12_{}.html", "2019/05/sample-{}/index.html", "archives/{}/index.html", "show{}.html"]
)
def test_articles_at_old_addresses_are_spread_over_many_shards(form: str) -> None:
    shards = Counter(shard_of(form.format(number, number)) for number in range(10_000))
    assert "site" not in shards
    assert max(shards.values()) < 100
