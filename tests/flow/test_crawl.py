"""全站检查: the public website is walked whole and in shares, each page once, and what is wrong with a page is found."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndicate.flow.crawl import Walk
from syndicate.flow.crawl_limits import crawl_limits
from syndicate.flow.public_site import public_site
from syndicate.net.fetcher import Fetcher
from syndicate.records import crawling, findings, items, models, site_problems
from tests.databases import on_both
from tests.flow.public_web import Pages, PublicSite
from tests.flow.web import QUICK, SHORT, Page

BLANK = ("blank", "policy/index.html")
"""The sample office has a column without articles."""


def lasting(site: PublicSite) -> None:
    """Two looks, so far apart that what both saw is no passing moment."""
    site.round()
    site.later(minutes=61)
    site.round()


# The whole site


@on_both
def test_a_website_as_it_was_written_has_no_problem(site: PublicSite, article: str) -> None:
    found = site.round()
    assert (site.problems(), found.crawl and found.crawl.waiting) == ([BLANK], 0)


def test_every_file_that_was_written_is_looked_at_once(site: PublicSite, article: str) -> None:
    site.web.asked.clear()
    Walk(site.desk.workspace, fetcher(site), of(site)).whole()
    written = {file.relative_to(site.folder).as_posix() for file in site.folder.rglob("*") if file.is_file()}
    asked = Counter(path.lstrip("/") or "index.html" for path, _ in site.web.asked)
    assert (set(asked), set(asked.values())) == (written, {1})


def test_a_run_that_was_killed_goes_on_where_it_was(site: PublicSite, article: str) -> None:
    chain(site, 230)

    def killed(done: int, _left: int) -> None:
        if done == 150:
            raise KeyboardInterrupt

    walk = Walk(site.desk.workspace, fetcher(site), of(site), killed)
    with pytest.raises(KeyboardInterrupt):
        walk.whole()
    kept = crawling.count_pages() - crawling.count_unseen()
    before = len(site.web.asked)
    Walk(site.desk.workspace, fetcher(site), of(site)).whole()
    assert (0 < kept < 150, crawling.count_unseen()) == (True, 0)
    assert len(site.web.asked) - before == crawling.count_pages() - kept


def chain(site: PublicSite, pages: int) -> None:
    """A column of pages that nobody here wrote, all named by the home page."""
    links = "".join(f'<a href="/chain/{number}.html">x</a>' for number in range(pages))
    site.change("index.html", lambda page: page.replace("</main>", f"{links}</main>"))
    for number in range(pages):
        site.web.pages[f"/chain/{number}.html"] = Page(f"<title>{number}</title>".encode())


def fetcher(site: PublicSite) -> Fetcher:
    made = Fetcher(clock=site.desk.workspace.now, gap=timedelta(0), limits=QUICK)
    made.own_host(site.web.base, 4, timedelta(0))
    return made


def of(site: PublicSite):  # type: ignore[no-untyped-def]
    found = public_site(site.desk.workspace)
    assert found is not None
    return found


@given(st.dictionaries(st.integers(0, 12), st.lists(st.integers(0, 14), max_size=6), max_size=12))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_walk_ends_and_opens_each_page_once_however_pages_lead_to_each_other(
    site: PublicSite, graph: dict[int, list[int]]
) -> None:
    models.SitePage.objects.all().delete()
    site.web.asked.clear()
    for page, named in graph.items():
        links = "".join(f'<a href="{one}.html#{one}">x</a><a href="./../web/{one}.html">y</a>' for one in named)
        site.web.pages[f"/web/{page}.html"] = Page(f"<title>x</title>{links}".encode())
    site.web.pages["/"] = Page(b'<a href="/web/0.html">x</a><a href="?page=2">x</a><a href="#top">x</a>')
    Walk(site.desk.workspace, fetcher(site), of(site)).whole()
    assert max(Counter(path for path, _ in site.web.asked).values()) == 1
    site.web.pages = Pages(site.folder)


def test_an_endless_calendar_ends(site: PublicSite, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(crawl_limits(), "unlisted", 30)

    class Calendar(dict[str, Page]):
        def get(self, path: str, default: object = None) -> object:
            month = int((re.search(r"\d+", path) or ["0"])[0])
            return Page(f'<a href="/calendar/{month + 1}.html">next</a>'.encode())

    site.web.pages = Calendar()
    site.round()
    assert crawling.count_pages() <= 31 + len(of(site).written)
    assert ("foreign", "trap") in site.problems()


# What a page is compared with


def test_a_page_that_differs_for_a_moment_is_no_problem(site: PublicSite, article: str) -> None:
    """A content network may hold an older copy for some minutes."""
    site.change(article, lambda page: page.replace("恢复通行", "正在施工"))
    site.round()
    assert site.problems("changed") == []


def test_a_page_that_stays_different_is_a_problem(site: PublicSite, article: str) -> None:
    site.change(article, lambda page: page.replace("恢复通行", "正在施工"))
    lasting(site)
    assert site.problems("changed") == [(article, "公众看到的与本系统所写的不一致")]


def test_a_page_that_is_as_it_was_written_again_is_no_problem_any_more(site: PublicSite, article: str) -> None:
    site.change(article, lambda page: page + " ")
    lasting(site)
    site.restore(article)
    site.later(minutes=61)
    site.round()
    assert site.problems() == [BLANK]


def test_a_page_that_was_published_anew_during_the_round_is_no_problem(site: PublicSite, article: str) -> None:
    """The round has read the manifest before; it is read again where a page differs."""
    here = of(site)
    assert here.written[article]
    site.desk.approved("website")
    site.desk.settle()
    Walk(site.desk.workspace, fetcher(site), here).whole()
    assert [one for one in crawling.pages(["index.html"]).values() if one.differs_since] == []


def test_a_page_that_the_public_does_not_get_is_a_problem_with_its_reason(site: PublicSite, article: str) -> None:
    site.web.pages[f"/{article}"] = Page(b"", 404)
    lasting(site)
    [(page, why)] = site.problems("missing")
    assert (page, "404" in why) == (article, True)


def test_a_page_that_leads_to_another_site_is_a_problem(site: PublicSite, article: str) -> None:
    site.web.pages[f"/{article}"] = Page(b"", 302, {"Location": "http://127.0.0.1:9/"})
    lasting(site)
    assert [page for page, _ in site.problems("missing")] == [article]


def test_a_withdrawn_article_that_is_answered_as_gone_is_no_problem(site: PublicSite, article: str) -> None:
    """nginx shows the notice with status 410."""
    models.SiteEntry.objects.update(withdrawn=True)
    site.web.pages[f"/{article}"] = Page(b"notice", 410)
    lasting(site)
    assert site.problems("missing") + site.problems("link") == []


def test_a_page_whose_server_leads_on_to_another_page_of_ours_is_no_problem(site: PublicSite, article: str) -> None:
    """The former address of a column: nginx redirects where the written page would."""
    site.web.pages["/news/index.html"] = Page(b"", 301, {"Location": "/map.html"})
    lasting(site)
    assert site.problems("changed") == []


def test_a_page_that_nobody_here_wrote_is_told(site: PublicSite, article: str) -> None:
    chain(site, 1)
    site.round()
    assert [page for page, _ in site.problems("foreign")] == ["chain/0.html"]


def test_a_page_of_ours_that_is_named_and_gone_is_a_dead_link(site: PublicSite, article: str) -> None:
    site.change("index.html", lambda page: page.replace("</main>", '<a href="/gone.html">x</a></main>'))
    lasting(site)
    [link] = [one for one in site_problems.open_problems() if one.kind == "link"]
    assert (link.page, link.on_home, link.url.endswith("/gone.html"), "404" in link.detail) == (
        "index.html",
        True,
        True,
        True,
    )


def test_a_dead_link_of_an_inner_page_is_told_apart(site: PublicSite, article: str) -> None:
    site.change(article, lambda page: page.replace("</article>", '<a href="/gone.html">x</a></article>'))
    lasting(site)
    assert [(one.page, one.on_home) for one in site_problems.open_problems() if one.kind == "link"] == [
        (article, False)
    ]


def test_a_dead_link_that_nobody_names_any_more_is_forgotten(site: PublicSite, article: str) -> None:
    site.change("index.html", lambda page: page.replace("</main>", '<a href="/gone.html">x</a></main>'))
    lasting(site)
    site.restore("index.html")
    site.later(minutes=61)
    site.round()
    assert (site.problems(), "gone.html" in crawling.known_pages()) == ([BLANK], False)


# What a page must say


def test_each_defect_of_a_page_is_found_where_it_is(site: PublicSite, article: str) -> None:
    def spoil(page: str) -> str:
        page = re.sub(r'<meta name="ContentSource".*?>', "", page)
        return re.sub(r"(PubDate\" content=\")2026-11-26", r"\g<1>2026-11-25", page).replace("2026-11-26", "")

    site.change(article, spoil)
    site.change("index.html", lambda page: page.replace("我为政府网站找错", "").replace("jiucuo", ""))
    site.change("news/index.html", lambda page: page.replace(article.removeprefix("news/"), ""))
    site.round()
    assert site.problems("tag") == [(article, "缺少 ContentSource")]
    assert [page for page, _ in site.problems("backdated")] == [article]
    assert [page for page, _ in site.problems("undated")] == [article]
    assert site.problems("footer") == [("index.html", "我为政府网站找错")]
    assert {page for page, _ in site.problems("blank")} == {"news/index.html", "policy/index.html"}


# What a page says


def planted(site: PublicSite, text: str) -> None:
    site.change("index.html", lambda page: page.replace("</main>", f"<p>{text}</p></main>"))


def test_a_mistake_that_no_item_has_is_found_on_the_live_page(site: PublicSite, article: str) -> None:
    planted(site, "这里写着禁用词甲")
    site.round()
    [(page, told)] = site.problems("text")
    assert (page, told.split("\n")[:2]) == ("index.html", ["sample.block", "禁用词甲"])


def test_what_is_no_longer_on_the_page_is_no_problem_any_more(site: PublicSite, article: str) -> None:
    planted(site, "这里写着禁用词甲")
    site.round()
    site.restore("index.html")
    site.later(minutes=61)
    site.round()
    assert site.problems("text") == []


def test_a_page_with_the_same_bytes_is_read_again_with_other_rules_only(site: PublicSite, article: str) -> None:
    planted(site, "这里写着样例禁词")
    site.round()
    models.SitePage.objects.filter(address="index.html").update(checked_with=site.desk.workspace.snapshot.hash)
    rules = site.desk.home / "content" / "rules" / "more.yaml"
    rules.write_text(
        'rules:\n  - {id: word.sample, kind: regex, pattern: 样例禁词, severity: block, message: {zh: "{text}", en: "{text}"},'
        " basis: 样例}\n",
        "utf-8",
    )
    site.later(minutes=61)
    site.round()
    assert site.problems("text") == []
    site.desk.reload()
    site.later(minutes=61)
    site.round()
    assert [page for page, _ in site.problems("text")] == ["index.html"]


def test_an_article_that_is_as_written_is_read_as_the_item_it_is(site: PublicSite, article: str) -> None:
    item = int(article.rpartition("/")[2].removesuffix(".html"))
    site.round()
    rules = site.desk.home / "content" / "rules" / "more.yaml"
    rules.write_text(
        'rules:\n  - {id: word.sample, kind: regex, pattern: 恢复通行, severity: block, message: {zh: "{text}", en: "{text}"},'
        " basis: 样例}\n",
        "utf-8",
    )
    site.desk.reload()
    site.later(minutes=61)
    site.round()
    found = {one.rule for one in findings.of_revision(items.latest_revision(item).id)}
    assert ("word.sample" in found, [page for page, _ in site.problems("text") if page == article]) == (True, [])


# Hostile pages


BOMB = gzip.compress(b"x" * 40_000_000)
HOSTILE = {
    "endless redirects": Page(b"", 302, {"Location": "/hostile-0.html"}),
    "too large": Page(b"x" * 16_000_000),
    "a bomb": Page(BOMB, headers={"Content-Encoding": "gzip"}),
    "no HTML at all": Page(b"\x00\xff\xfe" * 1000),
    "a wrong character set": Page("<title>云</title>".encode("gb18030"), type="text/html; charset=utf-8"),
    "deep nesting": Page(b"<div>" * 50_000),
    "strange addresses": Page(
        b'<a href="http://[::1">x</a><a href="//">x</a><a href="/%00%ff/..//x">x</a><a href="\\\\x">x</a>'
    ),
    "another scheme": Page(b'<a href="javascript:x">x</a><a href="mailto:a@b">x</a><iframe src="file:///etc/passwd">'),
}


def test_hostile_pages_stop_no_walk(site: PublicSite, article: str) -> None:
    named = ""
    for number, page in enumerate(HOSTILE.values()):
        site.web.pages[f"/hostile-{number}.html"] = page
        named += f'<a href="/hostile-{number}.html">x</a>'
    site.change("index.html", lambda page: page.replace("</main>", f"{named}</main>"))
    found = site.round()
    hostile = [path for path in crawling.known_pages() if path.startswith("hostile-")]
    assert (found.crawl and found.crawl.waiting, len(hostile)) == (0, len(HOSTILE))


def test_a_page_that_drips_for_ever_stops_no_walk(site: PublicSite, article: str) -> None:
    site.web.pages["/hostile.html"] = Page(site.web.never)
    site.change("index.html", lambda page: page.replace("</main>", '<a href="/hostile.html">x</a></main>'))
    found = site.round(limits=SHORT)
    assert found.crawl is not None


# Shares


def test_a_website_that_does_not_answer_is_not_walked(site: PublicSite, article: str) -> None:
    site.web.pages["/"] = Page(b"", 503)
    found = site.round()
    assert (found.crawl, crawling.count_pages()) == (None, 0)


def test_a_round_looks_at_its_share_and_the_next_goes_on(site: PublicSite, article: str) -> None:
    chain(site, 60)
    looked, known = [], []
    for _ in range(2):
        looked.append(Walk(site.desk.workspace, fetcher(site), of(site)).share().looked_at)
        known.append(crawling.count_pages() - crawling.count_unseen())
    assert (looked, known) == ([20, 20], [20, 39])  # the home page differs and is looked at in both


def test_the_home_page_and_columns_are_looked_at_daily_and_all_else_within_a_week(
    site: PublicSite, article: str
) -> None:
    site.round()
    day, week = timedelta(hours=crawl_limits()["daily"]), timedelta(hours=crawl_limits()["cycle"])
    due = {page.address: page.due_at - site.desk.now for page in crawling.pages(crawling.known_pages()).values()}
    assert (due["index.html"], due["news/index.html"], due["map.html"]) == (day, day, week)
    assert week < timedelta(days=7)


def test_a_new_article_is_looked_at_after_ten_minutes_and_after_a_day(site: PublicSite, article: str) -> None:
    looks = []
    for minutes in (1, 5, 5, 60, 24 * 60):
        site.later(minutes=minutes)
        Walk(site.desk.workspace, fetcher(site), of(site)).share()
        looks.append(crawling.pages([article])[article].looked_at == site.desk.now)
    assert looks == [False, False, True, False, True]


def test_what_was_published_anew_is_looked_at_in_the_next_round(site: PublicSite, article: str) -> None:
    site.round()
    site.desk.approved("website")
    site.desk.settle()
    before = site.web.count("/news/index.html")
    Walk(site.desk.workspace, fetcher(site), of(site)).share()
    assert site.web.count("/news/index.html") == before + 1


def test_a_server_that_goes_away_in_the_round_leaves_pages_as_they_were(site: PublicSite, article: str) -> None:
    here, asking = of(site), fetcher(site)
    site.web.close()
    walked = Walk(site.desk.workspace, asking, here).whole()
    assert (walked.looked_at, [page.looked_at for page in crawling.pages([article]).values()]) == (0, [None])


def test_an_office_without_a_website_has_nothing_to_walk(site: PublicSite) -> None:
    site.desk.without("website", "weibo", "wechat")
    assert site.round().crawl is None
