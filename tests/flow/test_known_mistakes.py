"""判页: a mistake on a live page is told unless the check of what stands online there has said it already."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from syndicate.flow.recheck import recheck
from syndicate.flow.withdraw import withdraw
from syndicate.model.review import WithdrawalKind
from tests.flow.office import CONTENT, EDITOR, PUBLISHER, Desk
from tests.flow.public_web import PublicSite, public

SEEDED = "限时优惠"
TITLED = replace(CONTENT, title=f"关于{SEEDED}的通告")


@pytest.fixture
def site(desk: Desk) -> Iterator[PublicSite]:
    with public(desk) as opened:
        yield opened


def online(site: PublicSite) -> int:
    """An article on the website whose title a later rule blocks; its own check has said so."""
    item = site.desk.approved("website", content=TITLED)
    site.desk.settle()
    site.desk.add_rule("word.sample", SEEDED)
    recheck(site.desk.workspace, EDITOR)
    return item


def planted(site: PublicSite, path: str) -> None:
    site.change(path, lambda page: page.replace("</main>", f"<p>{SEEDED}</p></main>"))


def told(site: PublicSite) -> list[str]:
    site.round()
    return [page for page, _ in site.problems("text")]


def test_what_an_article_is_known_for_is_no_news_where_it_stands_and_is_listed(site: PublicSite) -> None:
    item = online(site)
    path = next(site.folder.rglob(f"{item}.html")).relative_to(site.folder).as_posix()
    site.change(path, lambda page: page.replace("恢复通行", "正在施工"))
    assert told(site) == []


def test_what_an_article_is_known_for_is_news_on_a_page_that_does_not_name_it(site: PublicSite) -> None:
    online(site)
    planted(site, "map.html")
    assert told(site) == ["map.html"]


def test_what_only_a_draft_is_known_for_is_news_on_a_page(site: PublicSite) -> None:
    site.desk.approved("website")
    site.desk.settle()
    site.desk.add_rule("word.sample", SEEDED)
    site.desk.submitted("website", content=TITLED)
    planted(site, "index.html")
    assert told(site) == ["index.html"]


def test_what_was_corrected_is_news_when_it_comes_back(site: PublicSite) -> None:
    item = online(site)
    site.desk.corrected(item, CONTENT.title)
    site.desk.settle()
    planted(site, "index.html")
    assert told(site) == ["index.html"]


def test_what_was_withdrawn_is_news_where_its_list_still_shows_it(site: PublicSite) -> None:
    item = online(site)
    listed = (site.folder / "news/index.html").read_text("utf-8")
    withdraw(site.desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "样例有误")
    site.desk.settle()
    site.change("news/index.html", lambda _page: listed)
    assert told(site) == ["news/index.html"]
