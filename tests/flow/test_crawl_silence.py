"""全站检查: a page that does not come, while the rest of the website does, is the page's own fault."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from syndicate.flow.crawl import Walk, Walked
from syndicate.flow.public_site import public_site
from syndicate.net.fetcher import Fetcher
from syndicate.records import crawling
from tests.flow.office import Desk
from tests.flow.public_web import PublicSite, public
from tests.flow.web import SHORT, Page

PAGE = "map.html"


@pytest.fixture
def site(desk: Desk) -> Iterator[PublicSite]:
    """A website whose pages have all been seen, and one of them never ends from now on."""
    with public(desk) as opened:
        desk.approved("website")
        desk.settle()
        opened.round()
        opened.web.pages[f"/{PAGE}"] = Page(opened.web.never)
        yield opened


def share(site: PublicSite) -> Walked:
    """A round in which that page alone is due."""
    site.later(minutes=20)
    crawling.make_due([PAGE], site.desk.now)
    fetcher = Fetcher(clock=site.desk.workspace.now, gap=timedelta(0), limits=SHORT)
    fetcher.own_host(site.web.base, 4, timedelta(0))
    website = public_site(site.desk.workspace)
    assert website is not None
    return Walk(site.desk.workspace, fetcher, website).share()


def test_the_only_page_that_is_due_and_does_not_come_is_told(site: PublicSite) -> None:
    assert [share(site).looked_at, share(site).looked_at] == [1, 1]
    assert [page for page, _ in site.problems("missing")] == [PAGE]


def test_a_page_that_does_not_come_is_not_told_while_the_home_page_does_not_either(site: PublicSite) -> None:
    site.web.pages["/"] = Page(site.web.never)
    assert [share(site).looked_at, share(site).looked_at] == [0, 0]
    assert site.problems("missing") == []
