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


@pytest.mark.parametrize(
    "form", ["art/2019/{}/art_12_{}.html", "2019/05/sample-{}/index.html", "archives/{}/index.html", "show{}.html"]
)
def test_articles_at_old_addresses_are_spread_over_many_shards(form: str) -> None:
    shards = Counter(shard_of(form.format(number, number)) for number in range(10_000))
    assert "site" not in shards
    assert max(shards.values()) < 100
