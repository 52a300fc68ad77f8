"""链接: what the patrol finds behind the addresses that pages of ours name: three failures over a day, walls, parked domains."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.flow.crawl_limits import crawl_limits
from syndicate.flow.links import look_at_links
from syndicate.flow.public_site import public_site
from syndicate.net.fetcher import Fetcher
from syndicate.records import crawling, findings, items, site_problems
from syndicate.records.crawling import LinkRecord
from tests.flow.office import CONTENT, Desk
from tests.flow.public_web import PublicSite, public
from tests.flow.web import QUICK, Page

RULES = """\
rules:
  - {id: link.dead, kind: link, check: dead, severity: confirm, message: {zh: "{text}", en: "{text}"}, basis: 样例}
  - {id: link.advertising, kind: link, check: advertising, severity: block, words: [博彩], message: {zh: "{text}", en: "{text}"}, basis: 样例}
"""


@pytest.fixture
def site(desk: Desk) -> Iterator[PublicSite]:
    (desk.home / "content" / "rules" / "link.yaml").write_text(RULES, "utf-8")
    with public(desk) as opened:
        yield opened


def _published(site: PublicSite, path: str) -> int:
    """An article on the website with a link to a page of another one, which the patrol may ask."""
    body = f'<p>办事指南见<a href="{site.web.base}{path}">此处</a>。</p>'
    item = site.desk.approved("website", content=replace(CONTENT, body=body))
    site.desk.settle()
    return item


def _tries(site: PublicSite, *hours: int) -> list[str]:
    """Rounds, each so many hours after the one before; how the one link stands after each."""
    states = []
    for wait in hours:
        site.later(hours=wait)
        site.round()
        [state] = {one.state for one in crawling.links_in(["fine", "failing", "broken", "unsure", "off"])}
        states.append(state)
    return states


def _links(item: int) -> Counter[str]:
    rules = (one.rule for one in findings.of_revision(items.latest_revision(item).id))
    return Counter(rule for rule in rules if rule.startswith("link."))


def test_three_failures_over_a_day_make_a_link_broken_and_a_finding_with_its_place(site: PublicSite) -> None:
    item = _published(site, "/gone")
    assert (_tries(site, 1, 12), _links(item)) == (["failing", "failing"], Counter())
    assert _tries(site, 12) == ["broken"]
    [finding] = [one for one in findings.of_revision(items.latest_revision(item).id) if one.rule == "link.dead"]
    body = items.latest_revision(item).content.body
    assert body[finding.start : finding.end] == f"{site.web.base}/gone"
    [problem] = [one for one in site_problems.open_problems() if one.kind == "link"]
    assert (problem.url, problem.page.endswith(f"/{item}.html"), problem.on_home) == (
        f"{site.web.base}/gone",
        True,
        False,
    )


def test_a_link_to_a_place_in_a_broken_page_is_a_finding(site: PublicSite) -> None:
    item = _published(site, "/gone#part")
    _tries(site, 1, 12, 12)
    [finding] = [one for one in findings.of_revision(items.latest_revision(item).id) if one.rule == "link.dead"]
    body = items.latest_revision(item).content.body
    assert body[finding.start : finding.end] == f"{site.web.base}/gone#part"


def test_a_failure_alone_is_tried_again_twice_within_the_day_and_no_more(site: PublicSite) -> None:
    _published(site, "/gone")
    _tries(site, 1, 2, 2, 2)
    assert site.web.count("/gone") == 1


def test_a_link_that_comes_back_is_no_problem_any_more(site: PublicSite) -> None:
    item = _published(site, "/back")
    _tries(site, 1, 12, 12)
    site.web.pages["/back"] = Page("<title>办事指南</title>".encode())
    assert (_tries(site, 25), _links(item), site.problems("link")) == (["fine"], Counter(), [])


@pytest.mark.parametrize("status", [401, 403, 412, 521])
def test_a_wall_is_no_dead_link_but_a_person_must_look(site: PublicSite, status: int) -> None:
    item = _published(site, "/wall")
    site.web.pages["/wall"] = Page(b"", status)
    assert (_tries(site, 1, 12, 12, 12)[-1], _links(item)) == ("unsure", Counter())
    assert (site.problems("link"), len(site.problems("unsure"))) == ([], 1)


def test_a_captcha_is_no_dead_link(site: PublicSite) -> None:
    _published(site, "/captcha")
    site.web.pages["/captcha"] = Page("<title>安全验证</title><p>请输入验证码</p>".encode())
    assert _tries(site, 1) == ["unsure"]


@pytest.mark.parametrize("title", ["本域名出售", "This domain is for sale", "网站已关停"])
def test_a_parked_or_given_up_domain_leads_off(site: PublicSite, title: str) -> None:
    _published(site, "/parked")
    site.web.pages["/parked"] = Page(f"<title>{title}</title>".encode())
    assert (_tries(site, 1), len(site.problems("off"))) == (["off"], 1)


def test_a_page_whose_title_advertises_is_a_finding_on_every_text_that_names_it(site: PublicSite) -> None:
    item = _published(site, "/casino")
    site.web.pages["/casino"] = Page("<title>网上博彩</title>".encode())
    site.later(hours=1)
    site.round()
    assert _links(item)["link.advertising"] == 1
    other = site.desk.submitted("website", content=items.latest_revision(item).content)
    assert _links(other)["link.advertising"] == 1


def test_a_file_is_asked_for_its_headers_only(site: PublicSite) -> None:
    _published(site, "/large.zip")
    site.web.pages["/large.zip"] = Page(b"x" * 100, type="application/zip")
    assert (_tries(site, 1), site.web.headed, site.web.count("/large.zip")) == (["fine"], ["/large.zip"], 0)


def test_a_server_that_refuses_to_tell_headers_is_asked_for_the_page(site: PublicSite) -> None:
    _published(site, "/guide")
    site.web.pages["/guide"] = Page(b"<title>x</title>")
    site.web.head_status = 405
    assert _tries(site, 1) == ["fine"]


def test_an_address_that_no_page_names_any_more_is_forgotten(site: PublicSite) -> None:
    item = _published(site, "/gone")
    _tries(site, 1)
    path = next(site.folder.rglob(f"{item}.html")).relative_to(site.folder).as_posix()
    site.change(path, lambda page: page.replace(f"{site.web.base}/gone", ""))
    site.later(hours=2)
    site.round()
    assert f"{site.web.base}/gone" not in crawling.links([f"{site.web.base}/gone"])


def test_a_sample_office_asks_no_server_of_others(site: PublicSite) -> None:
    """The footer leads to real platforms; a drill must not call on them."""
    _published(site, "/gone")
    _tries(site, 1)
    assert {one.looked_at for one in crawling.links_in(["new"])} == {None}
    assert any("conac" in one.url for one in crawling.links_in(["new"]))


def _looks(site: PublicSite, count: int, progress: Callable[[int], None] = lambda _: None) -> list[LinkRecord]:
    """Looks at addresses of the server beside the office, which answers none of them."""
    fetcher = Fetcher(clock=site.desk.workspace.now, gap=timedelta(0), limits=QUICK)
    fetcher.own_host(site.web.base, 4, timedelta(0))
    now, website = site.desk.now, public_site(site.desk.workspace)
    assert website is not None
    due = [LinkRecord(f"{site.web.base}/gone/{number}", "new", now, now) for number in range(count)]
    return list(look_at_links(site.desk.workspace, fetcher, website, due, progress))


def test_no_page_leads_the_patrol_of_a_real_office_to_the_server_behind_nginx(site: PublicSite) -> None:
    path = site.desk.home / "content" / "office.yaml"
    path.write_text(path.read_text("utf-8").replace("sample: true", "sample: false"), "utf-8")
    site.desk.reload()
    [link] = _looks(site, 1)
    assert (link.state, site.web.headed, site.web.count("/gone/0")) == ("unsure", [], 0)


def test_looks_at_links_that_were_made_before_a_kill_are_kept_up_to_the_last_batch(
    site: PublicSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(crawl_limits(), "batch", 2)

    def killed(done: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        _looks(site, 5, killed)
    assert [one.url.rpartition("/")[2] for one in crawling.links_in(["failing"])] == ["0", "1"]
