"""What an imported article is afterwards: its date, address, source, receipt, place among the others, and what it never does."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.flow.day_facts import day_facts
from syndicate.flow.recheck import recheck
from syndicate.flow.website import build_site, verify_site
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import DeliveryState
from syndicate.model.item import ItemKind
from syndicate.model.review import WithdrawalKind
from syndicate.records import audit, deliveries, findings, items, models, receipts, search
from tests.databases import on_both, on_one_unless_named
from tests.flow.office import CONTENT, EDITOR, PUBLISHER
from tests.flow.old_office import (
    FIRST,
    PLAIN_LIST,
    TRS_LIST,
    imported,
    item_at,
    moment,
    old_article,
    plain,
    site,
    titles,
    trs,
)
from tests.flow.web import Beat, Page


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    on_one_unless_named(metafunc)


def test_an_article_keeps_its_old_path_and_its_old_date(beat: Beat) -> None:
    trs(beat)
    imported(beat, f"{TRS_LIST}=news")
    page = site(beat.desk)[FIRST.lstrip("/")]
    assert '<meta name="PubDate" content="2019-01-02 09:30">' in page
    item = items.get(item_at(beat, FIRST))
    assert item.first_published_at == moment(beat, "2019-01-02 09:30")
    assert item.old_address == FIRST.lstrip("/")


def test_the_source_stays_and_only_the_offices_own_texts_are_originals(beat: Beat) -> None:
    trs(beat, pages=1)
    plain(beat, pages=1)
    imported(beat, f"{TRS_LIST}=news", f"{PLAIN_LIST}=policy")
    own = items.latest_revision(item_at(beat, FIRST)).content
    other = items.latest_revision(item_at(beat, "/show.php?id=101")).content
    assert (own.kind, own.source_name) == (ItemKind.ORIGINAL, "样例县人民政府办公室")
    assert (other.kind, other.source_name, other.source_url) == (ItemKind.REPRINT, "样例日报", "")


def test_the_receipt_says_who_imported_it_when_from_where_and_the_hash_of_the_original(beat: Beat) -> None:
    trs(beat, pages=1)
    imported(beat, f"{TRS_LIST}=news")
    (receipt,) = receipts.held(item_at(beat, FIRST))
    page = beat.web.pages[FIRST].body
    assert isinstance(page, bytes)
    assert receipt.channel == "website"
    assert receipt.receipt.at == moment(beat, "2019-01-02 09:30")
    assert receipt.receipt.url == f"http://127.0.0.1{FIRST}"
    assert receipt.receipt.details == {
        "imported_by": PUBLISHER.name,
        "imported_at": beat.desk.now.isoformat(),
        "imported_from": f"{beat.web.base}{FIRST}",
        "sha256_of_original": hashlib.sha256(page).hexdigest(),
    }


def test_the_audit_has_every_import_and_stays_whole(beat: Beat) -> None:
    trs(beat, pages=1)
    imported(beat, f"{TRS_LIST}=news")
    events = audit.of_subject(f"item:{item_at(beat, FIRST)}")
    assert [one.action for one in events] == ["item.imported"]
    assert events[0].data["from"] == f"{beat.web.base}{FIRST}"
    assert audit.verify().broken is None


def test_no_other_channel_ever_gets_it(beat: Beat) -> None:
    trs(beat, pages=1)
    imported(beat, f"{TRS_LIST}=news")
    beat.desk.settle()
    item = item_at(beat, FIRST)
    assert [(row.channel, row.state) for row in deliveries.of_item(item)] == [("website", DeliveryState.DELIVERED)]
    beat.desk.corrected(item, "样例公告第1号（更正）")
    beat.desk.settle()
    assert {row.channel for row in deliveries.of_item(item)} == {"website"}
    assert beat.desk.visible("weibo") == []


def test_a_correction_keeps_the_old_address_and_the_old_date(beat: Beat) -> None:
    trs(beat, pages=1)
    imported(beat, f"{TRS_LIST}=news")
    beat.desk.corrected(item_at(beat, FIRST), "样例公告第1号（更正）")
    beat.desk.settle()
    page = site(beat.desk)[FIRST.lstrip("/")]
    assert "（更正）" in page
    assert 'content="2019-01-02 09:30"' in page
    assert verify_site(beat.desk.workspace).whole


def test_a_withdrawal_puts_its_notice_at_the_old_address(beat: Beat) -> None:
    trs(beat, pages=1)
    imported(beat, f"{TRS_LIST}=news")
    withdraw(beat.desk.workspace, PUBLISHER, item_at(beat, FIRST), WithdrawalKind.ERROR, "样例")
    beat.desk.settle()
    pages = site(beat.desk)
    assert "样例公告第1号" not in pages[FIRST.lstrip("/")]
    assert "样例公告第1号" not in titles(pages["news/index.html"])
    build_site(beat.desk.workspace)
    assert "P1.pdf" not in (beat.desk.home / "var" / "site.nginx" / "old.map").read_text("utf-8")


def test_lists_are_in_the_order_of_the_old_dates(beat: Beat) -> None:
    wanted = trs(beat)
    imported(beat, f"{TRS_LIST}=news")
    assert titles(site(beat.desk)["news/index.html"]) == wanted
    rows = models.SiteEntry.objects.filter(column="news").order_by("sequence")
    assert [row.published_at for row in rows] == sorted(row.published_at for row in rows)
    assert [row.sequence for row in rows] == list(range(12))


@on_both
def test_what_stands_already_comes_after_what_is_older(beat: Beat) -> None:
    desk = beat.desk
    desk.approved("website", content=replace(CONTENT, title="先前发布的样例"))
    desk.settle()
    wanted = trs(beat)
    imported(beat, f"{TRS_LIST}=news")
    assert titles(site(desk)["news/index.html"]) == ["先前发布的样例", *wanted]
    assert verify_site(desk.workspace).whole


def test_what_is_published_afterwards_is_appended_and_a_full_build_changes_nothing(beat: Beat) -> None:
    desk = beat.desk
    wanted = trs(beat, pages=6)
    imported(beat, f"{TRS_LIST}=news")
    desk.approved("website", content=replace(CONTENT, title="其后发布的样例"))
    desk.settle()
    before = site(desk)
    assert titles(before["news/index.html"])[0] == "其后发布的样例"
    assert titles(before["news/index.html"])[1:] == wanted[: len(titles(before["news/index.html"])) - 1]
    build_site(desk.workspace)
    assert site(desk) == before


def test_an_address_of_ours_is_never_overwritten_and_is_reported_as_lost(beat: Beat) -> None:
    rows = "".join(
        f"<li><a href='/news/p{n}.html'>样例文章标题第{n}号</a><span>2019-01-02</span></li>" for n in range(3)
    )
    beat.web.pages["/old/"] = Page(f"<html><ul class='list'>{rows}</ul></html>".encode())
    for n in range(3):
        beat.web.pages[f"/news/p{n}.html"] = Page(old_article(f"样例文章标题第{n}号", "2019-01-02 09:30"))
    result = imported(beat, "/old/=news")
    assert result.imported == 3
    assert [one.why.key for one in result.lost] == ["import.address_lost"] * 3
    assert "news/p0.html" not in site(beat.desk)


def test_old_text_is_checked_like_all_other_and_findings_are_listed(beat: Beat) -> None:
    beat.desk.add_rule("sample.word", "错误表述样例")
    trs(beat, pages=1)
    beat.web.pages[FIRST] = Page(old_article("样例公告第1号", "2019-01-02 09:30", body="<p>错误表述样例</p>"))
    result = imported(beat, f"{TRS_LIST}=news")
    item = item_at(beat, FIRST)
    assert result.blocking == [item]
    beat.desk.wait(timedelta(minutes=1))
    found = day_facts(beat.desk.workspace, beat.desk.now.date()).findings
    assert [(one.rule, one.published_on) for one in found if one.rule == "sample.word"] == [
        ("sample.word", ("website",))
    ]


def test_a_new_rule_is_applied_to_what_was_imported(beat: Beat) -> None:
    trs(beat, pages=1)
    imported(beat, f"{TRS_LIST}=news")
    beat.desk.add_rule("sample.word", "样例公告第1号")
    assert recheck(beat.desk.workspace, EDITOR).changed == (item_at(beat, FIRST),)


def test_what_was_doubtful_in_reading_is_a_finding_and_in_the_report(beat: Beat) -> None:
    trs(beat, pages=1)
    del beat.web.pages[f"{TRS_LIST}P1.pdf"]
    result = imported(beat, f"{TRS_LIST}=news")
    assert [(one.url, one.why.key) for one in result.doubtful] == [(f"{beat.web.base}{FIRST}", "ingest.file_missing")]
    revision = items.latest_revision(item_at(beat, FIRST))
    assert "ingest.file_missing" in {one.rule for one in findings.of_revision(revision.id)}


@on_both
def test_nothing_imported_counts_as_todays_publication(beat: Beat) -> None:
    trs(beat, pages=1)
    beat.web.pages[FIRST] = Page(old_article("样例公告第1号", "2026-11-26 09:30"))
    imported(beat, f"{TRS_LIST}=news")
    beat.desk.wait(timedelta(minutes=1))
    facts = day_facts(beat.desk.workspace, beat.desk.now.date())
    assert facts.columns is not None
    assert [(one.name, one.new_today, one.count) for one in facts.columns] == [("news", 0, 4), ("policy", 0, 0)]
    assert next(one.last_published for one in facts.columns if one.name == "news") == moment(beat, "2026-11-26 09:30")
    assert {one.sent for one in facts.channels} == {0}
    assert (facts.decisions.approved, facts.decisions.submitted) == (0, 0)
    assert facts.reprints == ()


@on_both
def test_it_is_found_by_the_public_search(beat: Beat) -> None:
    trs(beat, pages=1)
    imported(beat, f"{TRS_LIST}=news")
    (hit,) = search.find("website", "公告第1号").hits
    assert hit.address == FIRST.lstrip("/")
    assert search.find("website", "公告", year=2019).total == 4
