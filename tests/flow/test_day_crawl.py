"""What a report says of the public website at a moment, and why it does not know the rest."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.flow.day_crawl import SiteAt
from syndicate.flow.day_facts import day_facts
from syndicate.model.facts import SiteFacts
from syndicate.records import office as office_records
from syndicate.records.office import ProbeRecord
from tests.flow.public_web import PublicSite
from tests.flow.web import Page

WALKED = ("broken_links", "unsure_links", "tag_gaps", "footer_missing", "backdated", "page_problems", "pages_checked")


def at(site: PublicSite, ago: timedelta = timedelta(0)) -> SiteAt:
    return SiteAt(site.desk.workspace, site.desk.now - ago + timedelta(seconds=1))


def facts(site: PublicSite) -> SiteFacts:
    return at(site).facts()


def probe(site: PublicSite, kind: str, detail: str = "", *, ok: bool = True, ago: timedelta = timedelta(0)) -> None:
    office_records.add_probe(ProbeRecord(site.desk.now - ago, kind, "x", ok, 0, 800, detail))


def test_before_the_first_walk_nothing_is_measured_and_the_reason_says_so(site: PublicSite, article: str) -> None:
    found = at(site)
    assert {getattr(found.facts(), name) for name in WALKED} == {None}
    assert all("尚未做过全站检查" in found.reasons()[f"site.{name}"] for name in WALKED)


def test_while_the_first_walk_is_under_way_the_reason_says_how_far_it_is(site: PublicSite, article: str) -> None:
    links = "".join(f'<a href="/chain/{number}.html">x</a>' for number in range(60))
    site.change("index.html", lambda page: page.replace("</main>", f"{links}</main>"))
    site.round(whole=False)
    found = at(site)
    assert (found.facts().broken_links, found.facts().footer_missing) == (None, ())
    assert "首次全站检查正在进行：已看 20 页" in found.reasons()["site.broken_links"]


def test_after_the_walk_everything_is_measured(site: PublicSite, article: str) -> None:
    site.round()
    found = facts(site)
    assert (found.broken_links, found.tag_gaps, found.footer_missing, found.tampered) == ((), (), (), ())
    assert (found.backdated, found.unsure_links, found.load_seconds is not None) == ((), (), True)
    assert [page.url for page in found.page_problems or ()] == ["http://127.0.0.1/policy/index.html"]


def test_each_problem_of_the_site_is_in_its_field(site: PublicSite, article: str) -> None:
    gone = '<a href="/gone.html">x</a><p>禁用词甲</p>'
    site.change("index.html", lambda page: page.replace("</main>", f"{gone}</main>").replace("京ICP备", ""))
    site.web.pages[f"/{article}"] = Page(b"", 404)
    site.round()
    site.later(minutes=61)
    site.round()
    found = facts(site)
    dead = {(link.url, link.on_home) for link in found.broken_links or ()}
    assert dead == {("http://127.0.0.1/gone.html", True), (f"http://127.0.0.1/{article}", True)}
    assert found.footer_missing == ("ICP备案号",)
    assert {page.url for page in found.tampered or ()} == {"http://127.0.0.1/", f"http://127.0.0.1/{article}"}
    [finding] = at(site).findings()
    assert (finding.rule, finding.excerpt, finding.published_on) == ("sample.block", "禁用词甲", ("website",))


def test_a_past_moment_says_what_was_wrong_then(site: PublicSite, article: str) -> None:
    site.change("index.html", lambda page: page.replace("京ICP备", ""))
    site.round()
    site.later(hours=2)
    site.restore("index.html")
    site.round()
    assert (at(site, timedelta(hours=2)).facts().footer_missing, facts(site).footer_missing) == (("ICP备案号",), ())


def test_what_was_not_seen_for_a_week_is_not_measured(site: PublicSite, article: str) -> None:
    site.round()
    site.later(days=8)
    assert facts(site).footer_missing is None


def test_findings_on_live_pages_count_in_the_report(site: PublicSite, article: str) -> None:
    site.change("index.html", lambda page: page.replace("</main>", "<p>禁用词甲</p></main>"))
    site.round()
    site.later(minutes=1)
    found = day_facts(site.desk.workspace, site.desk.now.date())
    assert [one.title for one in found.findings or () if one.rule == "sample.block"] == ["网页 index.html"]


# What probes saw


@pytest.mark.parametrize(("failed", "works"), [(0, True), (1, False), (20, False)])
def test_ipv6_works_where_fewer_than_five_percent_failed(site: PublicSite, failed: int, works: bool) -> None:
    for number in range(20):
        probe(site, "site6", ok=number >= failed)
    assert facts(site).ipv6_works is works


def test_a_certificate_tells_its_end_and_its_problem(site: PublicSite) -> None:
    probe(site, "tls", "2026-12-01T00:00:00+00:00 域名不符", ok=False)
    found = facts(site)
    assert (found.certificate_ends and found.certificate_ends.day, found.certificate_problem) == (1, "域名不符")


def test_a_certificate_that_cannot_be_read_says_why(site: PublicSite) -> None:
    site.settings(probe_base_url=None)
    probe(site, "tls", " 连接不上", ok=False)
    found = at(site)
    assert (found.facts().certificate_ends, "连接不上" in found.reasons()["site.certificate_ends"]) == (None, False)


def test_a_name_that_is_not_found_has_no_address(site: PublicSite) -> None:
    probe(site, "dns", "192.0.2.1 2001:db8::1", ago=timedelta(hours=1))
    assert facts(site).addresses == ("192.0.2.1", "2001:db8::1")
    probe(site, "dns", "没有这个域名", ok=False)
    assert facts(site).addresses == ()


def test_what_is_not_configured_says_so(site: PublicSite) -> None:
    reasons = at(site).reasons()
    assert "search_url" not in reasons["site.search_works"]
    assert [
        setting in reasons[f"site.{name}"]
        for name, setting in (("consultation", "consultation_url"), ("services", "services_url"))
    ] == [True, True]
    assert "probe_base_url" in reasons["site.ipv6_works"]
