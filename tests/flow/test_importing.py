"""The former website becomes published items: each once, with its date, its address, its files, and no other channel."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syndicate.errors import InputError, NotAllowed, NotFound, UsageError
from syndicate.flow.day_facts import day_facts
from syndicate.flow.importing import Imported, preview
from syndicate.flow.old_site import named_columns, open_export
from syndicate.flow.recheck import recheck
from syndicate.flow.website import build_site, verify_site
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import DeliveryState
from syndicate.model.item import FileRole, ItemKind, ItemState
from syndicate.model.review import WithdrawalKind
from syndicate.records import audit, deliveries, findings, imports, items, models, receipts, search
from tests.flow.office import CONTENT, EDITOR, PUBLISHER, Desk, on_both, on_sqlite_unless_named
from tests.flow.old_office import (
    PLAIN_LIST,
    TRS_LIST,
    crawled,
    fetcher,
    imported,
    old_article,
    opened,
    plain,
    taken,
    trs,
)
from tests.flow.web import PNG, Beat, Page
from tests.ingest.exports import export, post


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    on_sqlite_unless_named(metafunc)


def site(desk: Desk) -> dict[str, str]:
    """Every text file of the website."""
    root = desk.home / "var" / "site"
    pages = (path for path in root.rglob("*") if path.suffix in (".html", ".xml"))
    return {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in pages}


def titles(page: str) -> list[str]:
    """The articles of a list page, in its order."""
    return re.findall(r'<li><a dir="auto"[^>]*>([^<]*)</a><time', page)


def item_at(beat: Beat, path: str) -> int:
    known = imports.known(f"{beat.web.host}{path}")
    assert known is not None
    return known[0]


def moment(beat: Beat, text: str) -> datetime:
    year, month, day, hour, minute = map(int, re.findall(r"\d+", text))
    return beat.desk.now.replace(year=year, month=month, day=day, hour=hour, minute=minute, second=0, microsecond=0)


FIRST = f"{TRS_LIST}t20190102_1.html"


def test_every_article_of_every_page_of_a_list_becomes_a_published_item(beat: Beat) -> None:
    trs(beat)
    result = imported(beat, f"{TRS_LIST}=news")
    assert (result.found, result.imported, result.already) == (12, 12, 0)
    assert not result.needs_attention
    assert items.counted([ItemState.PUBLISHED]) == 12


def test_a_list_of_no_known_family_is_followed_by_its_own_links(beat: Beat) -> None:
    plain(beat, pages=3)
    assert imported(beat, f"{PLAIN_LIST}=policy").imported == 9


def test_an_article_keeps_its_old_path_and_its_old_date(beat: Beat) -> None:
    trs(beat)
    imported(beat, f"{TRS_LIST}=news")
    page = site(beat.desk)[FIRST.lstrip("/")]
    assert '<meta name="PubDate" content="2019-01-02 09:30">' in page
    item = items.get(item_at(beat, FIRST))
    assert item.first_published_at == moment(beat, "2019-01-02 09:30")
    assert item.old_address == FIRST.lstrip("/")


def test_an_address_that_cannot_stay_is_led_on_by_nginx(beat: Beat) -> None:
    plain(beat, pages=1)
    result = imported(beat, f"{PLAIN_LIST}=policy")
    assert (result.stay, result.led_on) == (0, 3)
    item = item_at(beat, "/show.php?id=101")
    lines = (beat.desk.home / "var" / "site.nginx" / "old.map").read_text("utf-8").splitlines()
    assert f'"/show.php?id=101" /policy/202611/{item}.html;' in lines
    assert f'"{PLAIN_LIST}" /policy/;' in lines


def test_a_page_leads_on_from_an_old_list(beat: Beat) -> None:
    trs(beat)
    imported(beat, f"{TRS_LIST}=news")
    assert "../../news/index.html" in site(beat.desk)["zwgk/tzgg/index.html"]


def test_pictures_and_attachments_come_along_and_their_old_addresses_lead_to_them(beat: Beat) -> None:
    trs(beat)
    imported(beat, f"{TRS_LIST}=news")
    item = item_at(beat, FIRST)
    files = items.latest_revision(item).content.attachments
    assert {one.role for one in files} == {FileRole.IMAGE, FileRole.ATTACHMENT}
    lines = (beat.desk.home / "var" / "site.nginx" / "old.map").read_text("utf-8")
    for one in files:
        target = re.search(rf'"{TRS_LIST}{one.url.rpartition("/")[2]}" /(\S+);', lines)
        assert target
        assert hashlib.sha256((beat.desk.home / "var" / "site" / target[1]).read_bytes()).hexdigest() == one.sha256


def test_a_file_of_another_host_gets_no_redirect(beat: Beat) -> None:
    beat.web.pages["/x.png"] = Page(PNG, type="image/png")
    trs(beat, pages=1)
    foreign = f"<img src='http://localhost:{beat.web.host.rpartition(':')[2]}/x.png'>"
    beat.web.pages[FIRST] = Page(old_article("样例公告第1号", "2019-01-02 09:30", body=foreign))
    imported(beat, f"{TRS_LIST}=news")
    assert "x.png" not in (beat.desk.home / "var" / "site.nginx" / "old.map").read_text("utf-8")


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


@on_both
def test_an_import_again_doubles_nothing(beat: Beat) -> None:
    trs(beat)
    imported(beat, f"{TRS_LIST}=news")
    before, asked = site(beat.desk), len(beat.web.asked)
    again = imported(beat, f"{TRS_LIST}=news")
    assert (again.imported, again.already) == (0, 12)
    assert not again.needs_attention
    assert items.counted([ItemState.PUBLISHED]) == 12
    assert site(beat.desk) == before
    assert not [path for path, _ in beat.web.asked[asked:] if "/t2019" in path]


def test_what_the_old_site_gained_since_is_imported_by_the_next_run(beat: Beat) -> None:
    trs(beat, pages=1, rows=4)
    imported(beat, f"{TRS_LIST}=news")
    wanted = trs(beat, pages=2, rows=4)
    assert imported(beat, f"{TRS_LIST}=news").imported == 4
    assert titles(site(beat.desk)["news/index.html"]) == wanted


def test_the_same_address_in_two_lists_is_one_item_and_is_told(beat: Beat) -> None:
    trs(beat, pages=1)
    result = imported(beat, f"{TRS_LIST}=news", f"{TRS_LIST}=policy")
    assert (result.imported, result.already) == (4, 4)
    assert {one.why.key for one in result.skipped} == {"import.other_column"}


def test_one_broken_article_stops_nothing_and_is_tried_again(beat: Beat) -> None:
    trs(beat, pages=1)
    whole = beat.web.pages[FIRST]
    beat.web.pages[FIRST] = Page(b"", 404)
    result = imported(beat, f"{TRS_LIST}=news")
    assert (result.imported, [one.url for one in result.failed]) == (3, [f"{beat.web.base}{FIRST}"])
    assert result.needs_attention
    beat.web.pages[FIRST] = whole
    again = imported(beat, f"{TRS_LIST}=news")
    assert (again.imported, again.already, again.failed) == (1, 3, [])


def test_an_article_without_a_date_is_not_imported_with_an_invented_one(beat: Beat) -> None:
    rows = "".join(f"<li><a href='/a{n}.html'>样例文章标题第{n}号</a></li>" for n in range(4))
    beat.web.pages["/list/"] = Page(f"<html><ul class='list'>{rows}</ul></html>".encode())
    for n in range(4):
        page = old_article(f"样例文章标题第{n}号", "2019-01-02 09:30" if n else "")
        beat.web.pages[f"/a{n}.html"] = Page(page)
    result = imported(beat, "/list/=news")
    assert result.imported == 3
    assert [one.why.key for one in result.failed] == ["import.no_date"]


def test_an_article_of_tomorrow_is_not_imported(beat: Beat) -> None:
    trs(beat, pages=1)
    beat.web.pages[FIRST] = Page(old_article("样例公告第1号", "2026-11-27 09:30"))
    assert [one.why.key for one in imported(beat, f"{TRS_LIST}=news").failed] == ["import.future"]


def test_a_row_that_leads_to_another_site_is_not_imported_and_told(beat: Beat) -> None:
    trs(beat, pages=1)
    listing = beat.web.pages[TRS_LIST].body
    assert isinstance(listing, bytes)
    row = "<li><a href='http://other.example/t20190101_9.html'>样例省转来的通知标题</a></li>".encode()
    beat.web.pages[TRS_LIST] = Page(listing.replace(b"<ul>", b"<ul>" + row))
    result = imported(beat, f"{TRS_LIST}=news")
    assert result.imported == 4
    assert [(one.url, one.why.key) for one in result.skipped] == [
        ("http://other.example/t20190101_9.html", "import.elsewhere")
    ]


def test_a_list_that_cannot_be_read_does_not_stop_the_others(beat: Beat) -> None:
    trs(beat, pages=1)
    result = imported(beat, "/absent/=policy", f"{TRS_LIST}=news")
    assert result.imported == 4
    assert result.sections[0].why is not None
    assert result.sections[1].why is None
    assert result.needs_attention


def test_when_the_old_site_goes_down_the_import_stops_and_goes_on_next_time(beat: Beat) -> None:
    trs(beat, pages=6, rows=5)
    down = {path: page for path, page in beat.web.pages.items() if "/t2019" in path}
    beat.web.pages |= {path: Page(b"", 503) for path in down}
    result = imported(beat, f"{TRS_LIST}=news")
    assert result.stopped is not None
    assert len(result.failed) == 20
    beat.web.pages |= down
    assert imported(beat, f"{TRS_LIST}=news").imported == 30


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


def test_only_a_publisher_imports(beat: Beat) -> None:
    trs(beat, pages=1)
    with pytest.raises(NotAllowed):
        imported(beat, f"{TRS_LIST}=news", actor=EDITOR)
    assert items.counted([ItemState.PUBLISHED]) == 0


def test_an_office_without_a_website_has_nowhere_to_import_to(beat: Beat) -> None:
    trs(beat, pages=1)
    beat.desk.without("website")
    with pytest.raises(NotFound):
        imported(beat, f"{TRS_LIST}=news")


@pytest.mark.parametrize("pair", ["/list/", "=news", "/list/=absent", " =news"])
def test_a_pair_that_names_no_column_is_refused(desk: Desk, pair: str) -> None:
    with pytest.raises(UsageError):
        named_columns([pair], desk.workspace.snapshot.columns)


def test_an_address_in_a_pair_may_hold_an_equals_sign(desk: Desk) -> None:
    (one,) = named_columns(["/list.php?cid=3=news"], desk.workspace.snapshot.columns)
    assert (one.old, one.column) == ("/list.php?cid=3", "news")


def test_a_preview_stores_nothing_and_says_what_would_come(beat: Beat) -> None:
    trs(beat)
    plain(beat, pages=1)
    old = crawled(beat, f"{TRS_LIST}=news", f"{PLAIN_LIST}=policy")
    found = preview(beat.desk.workspace, PUBLISHER, fetcher(beat.desk), old)
    assert (found.dry_run, found.imported, found.stay, found.led_on, found.already) == (True, 15, 12, 3, 0)
    assert [(one.count, len(one.first)) for one in found.sections] == [(12, 3), (3, 3)]
    assert items.counted(list(ItemState)) == 0
    assert models.ImportedPage.objects.count() == 0
    assert models.OldList.objects.count() == 0
    assert not (beat.desk.home / "var" / "site").exists()


def test_a_preview_shows_that_the_sample_of_a_column_has_no_date(beat: Beat) -> None:
    rows = "".join(f"<li><a href='/a{n}.html'>样例文章标题第{n}号</a></li>" for n in range(4))
    beat.web.pages["/list/"] = Page(f"<html><ul class='list'>{rows}</ul></html>".encode())
    beat.web.pages["/a0.html"] = Page(old_article("样例文章标题第0号", ""))
    found = preview(beat.desk.workspace, PUBLISHER, fetcher(beat.desk), crawled(beat, "/list/=news"))
    assert [one.why.key for one in found.failed] == ["import.no_date"]


# --- WordPress


def test_posts_of_an_export_become_items_at_their_old_addresses(desk: Desk) -> None:
    data = export(post(1, "样例动态一"), post(2, "样例动态二"))
    result = taken(desk, opened(desk, data))
    assert (result.imported, result.stay, result.needs_attention) == (2, 2, False)
    page = site(desk)["2016/05/sample-1/index.html"]
    assert "样例动态一" in page
    assert 'content="2015-05-02 16:00"' in page


def test_an_export_again_doubles_nothing(desk: Desk) -> None:
    data = export(post(1, "样例动态一"), post(2, "样例动态二"))
    taken(desk, opened(desk, data))
    again = taken(desk, opened(desk, export(post(1, "样例动态一"), post(2, "样例动态二"), post(3, "样例动态三"))))
    assert (again.imported, again.already) == (1, 2)


def test_drafts_and_unmapped_categories_are_told_and_not_imported(desk: Desk) -> None:
    data = export(post(1, "草稿", status="draft"), post(2, "别的", category="other"), post(3, "页面", post_type="page"))
    result = taken(desk, opened(desk, data, ["news=news"]))
    assert result.imported == 0
    assert [one.why.key for one in result.skipped] == ["import.not_public", "import.no_column", "import.no_column"]
    assert result.needs_attention


def test_a_star_takes_all_other_categories_but_no_pages(desk: Desk) -> None:
    data = export(
        post(1, "一"), post(2, "二", category="other"), post(3, "三", category=""), post(4, "四", post_type="page")
    )
    result = taken(desk, opened(desk, data, ["news=news", "*=policy"]))
    columns = dict(models.ImportedPage.objects.values_list("title", "column"))
    assert columns == {"一": "news", "二": "policy", "三": "policy"}
    assert [one.title for one in result.skipped] == ["四"]


def test_pages_are_taken_where_they_are_named(desk: Desk) -> None:
    assert taken(desk, opened(desk, export(post(4, "机构简介", post_type="page")), ["page=policy"])).imported == 1


def test_a_category_is_known_by_its_name_too(desk: Desk) -> None:
    assert taken(desk, opened(desk, export(post(1, "一")), ["样例分类=news"])).imported == 1


def test_files_of_an_export_are_fetched_from_the_old_site(beat: Beat) -> None:
    beat.web.pages["/up/1.png"] = Page(PNG, type="image/png")
    data = export(
        post(1, "样例动态一", content=f"文字说明\n\n<img src='{beat.web.base}/up/1.png'>"), base=beat.web.base
    )
    result = taken(beat.desk, opened(beat.desk, data, allow=(beat.web.host,)))
    assert result.imported == 1
    (row,) = models.ImportedPage.objects.all()
    assert row.item is not None
    assert [one.role for one in items.latest_revision(row.item.id).content.attachments] == [FileRole.IMAGE]


def test_hostile_markup_of_an_export_is_sanitised(desk: Desk) -> None:
    content = (
        "正文样例文字\n\n<script>alert(1)</script><img src=x onerror=alert(1)><iframe src='http://x.example'></iframe>"
    )
    taken(desk, opened(desk, export(post(1, "样例<b>动态</b>", content=content))))
    page = site(desk)["2016/05/sample-1/index.html"]
    assert "alert(1)" not in page
    assert "iframe" not in page
    assert "<h1" in page


def test_an_export_that_breaks_off_imports_nothing(desk: Desk) -> None:
    with pytest.raises(InputError):
        opened(desk, export(post(1, "样例"), post(2, "样例"))[:-60])
    assert items.counted(list(ItemState)) == 0


def test_a_file_that_is_not_there_is_a_mistake_in_the_call(desk: Desk) -> None:
    wanted = named_columns(["news=news"], desk.workspace.snapshot.columns)
    with pytest.raises(UsageError):
        open_export(desk.workspace, Path("absent.xml"), wanted)


def test_a_post_without_an_address_is_told(desk: Desk) -> None:
    result = taken(desk, opened(desk, export(post(1, "样例", link="javascript:x"))))
    assert [one.why.key for one in result.skipped] == ["import.no_address"]


def test_progress_hears_every_title(desk: Desk) -> None:
    heard: list[str] = []
    taken(desk, opened(desk, export(post(1, "样例一"), post(2, "样例二"))), heard.append)
    assert heard == ["样例一", "样例二"]


def test_two_posts_whose_paths_meet_keep_both_articles(desk: Desk) -> None:
    """`/a` and `/a/` would be one file."""
    data = export(post(1, "样例一", link="http://old.example/a"), post(2, "样例二", link="http://old.example/a/"))
    result = taken(desk, opened(desk, data))
    assert (result.imported, result.stay, len(result.lost)) == (2, 1, 1)
    assert verify_site(desk.workspace).whole


def test_a_mistake_of_ours_with_one_article_stops_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    real = imports.hold

    def fails(new: imports.Held, now: object) -> None:
        if desk.item(new.item).old_address.startswith("2016"):
            raise RuntimeError
        real(new, now)  # type: ignore[arg-type]

    monkeypatch.setattr(imports, "hold", fails)
    result: Imported = taken(desk, opened(desk, export(post(1, "样例一"), post(2, "样例二"))))
    assert (result.imported, [one.why.key for one in result.failed]) == (1, ["sync.mistake"])
    assert items.counted([ItemState.PUBLISHED]) == 1


def test_an_import_of_a_day_later_takes_the_clock_of_its_own(desk: Desk) -> None:
    taken(desk, opened(desk, export(post(1, "样例一"))))
    desk.wait(timedelta(days=1))
    taken(desk, opened(desk, export(post(1, "样例一"), post(2, "样例二"))))
    times = [event.at for event in audit.between(desk.now - timedelta(days=2), desk.now + timedelta(days=1))]
    assert times == [desk.now - timedelta(days=1), desk.now]
