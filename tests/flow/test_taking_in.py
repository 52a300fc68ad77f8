"""采集一篇: from a row to an item; hostile pages, files, duplicates, changed originals, and syncs that died midway."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from syndicate.flow import items as item_flow
from syndicate.flow.decide import Vote, decide
from syndicate.flow.taking_in import SYNC
from syndicate.ingest.addresses import address_key
from syndicate.model.delivery import Action, DeliveryState
from syndicate.model.item import Content, FileRole, ItemKind, ItemState
from syndicate.model.review import Verdict
from syndicate.records import audit, findings, items, models, reviews, sources
from syndicate.records.connection import close_connections, one_transaction
from syndicate.records.values import RevisionRecord
from tests.databases import on_one
from tests.flow.office import PUBLISHER, REVIEWER
from tests.flow.web import PNG, SHORT, Beat, Page, article, dumped, rss

HOUR = timedelta(hours=1)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF"


def _take(beat: Beat, body: str = "", text: str = "", **meta: str) -> RevisionRecord:
    """One article of one source, taken in."""
    beat.follow("city", "json")
    beat.list("city", 1)
    beat.web.pages["/1.html"] = Page(article("样例通知第1号", text, meta=meta, body=body))
    (item,) = beat.one("city").items
    return items.latest_revision(item)


def _change(beat: Beat, title: str = "样例通知第1号（修订）", body: str = "") -> int:
    """The original changes and is read again; returns how many items changed."""
    beat.web.pages["/1.html"] = Page(article(title, body=body))
    beat.list("city", 1, title=title)
    return beat.one("city").changed


def _found(revision: RevisionRecord) -> list[str]:
    return [one.rule for one in findings.of_revision(revision.id)]


def _all() -> list[int]:
    return [row.id for row in items.listed(list(ItemState), limit=100)]


# What an item is


@on_one
def test_an_article_says_what_its_page_says(beat: Beat) -> None:
    content = _take(beat).content
    assert (content.title, content.source_name, content.kind) == ("样例通知第1号", "样例市政府办", ItemKind.REPRINT)


def test_the_time_of_the_original_is_kept(beat: Beat) -> None:
    published = _take(beat).content.published_at
    assert published == datetime(2026, 11, 26, 10, 30, tzinfo=beat.desk.now.tzinfo)


@on_one
def test_the_deadline_counts_from_the_minute_of_the_original(beat: Beat) -> None:
    item = items.get(_take(beat).item)
    assert item.deadline_at == beat.desk.now.replace(hour=10, minute=30) + 24 * HOUR


@on_one
def test_the_deadline_counts_from_our_first_sight_where_the_original_names_only_a_day(beat: Beat) -> None:
    beat.follow("city", "json", deadline="8h")
    beat.web.pages["/city"] = Page(dumped([{"url": "/1.html", "title": "样例通知第1号"}]), type="application/json")
    beat.web.pages["/1.html"] = Page(article("样例通知第1号", meta={"PubDate": "2026-11-26"}))
    (item,) = beat.one("city").items
    assert items.get(item).deadline_at == beat.desk.now + 8 * HOUR


@on_one
def test_an_article_is_submitted_by_the_system(beat: Beat) -> None:
    item = items.get(_take(beat).item)
    assert (item.state, item.submitter, item.level) == (ItemState.SUBMITTED, SYNC.name, 1)


@on_one
def test_an_article_is_checked_with_the_present_configuration(beat: Beat) -> None:
    assert _take(beat).checked_with == beat.desk.workspace.snapshot.hash


@on_one
def test_findings_are_stored_with_the_hash_of_the_configuration(beat: Beat) -> None:
    revision = _take(beat, text="这里写了禁用词甲，应当拦截。")
    stored = set(models.Finding.objects.filter(revision_id=revision.id).values_list("rule", "snapshot"))
    assert ("sample.block", beat.desk.workspace.snapshot.hash) in stored


@on_one
def test_every_channel_has_its_rendition(beat: Beat) -> None:
    revision = _take(beat)
    stored = {one.rendition.channel for one in reviews.renditions(revision.id)}
    assert stored == set(beat.desk.workspace.snapshot.channels)


@on_one
def test_a_reprint_from_a_unit_that_is_not_listed_is_a_finding(beat: Beat) -> None:
    assert "check.not_listed" in _found(_take(beat, ContentSource="某个自媒体"))


@on_one
def test_a_reprint_from_a_listed_unit_is_none(beat: Beat) -> None:
    assert "check.not_listed" not in _found(_take(beat))


@on_one
def test_a_unit_on_the_sources_own_list_is_listed(beat: Beat) -> None:
    beat.follow("city", "json", white_list=["样例日报"])
    beat.publish("city", 1, ContentSource="样例日报")
    (item,) = beat.one("city").items
    assert "check.not_listed" not in _found(items.latest_revision(item))


# Hostile pages and texts


@on_one
def test_nothing_of_an_article_can_run(beat: Beat) -> None:
    evil = (
        "<script>alert(1)</script><p onclick='alert(1)' style='background:url(javascript:1)'>安全提示。</p>"
        "<a href='javascript:alert(1)'>链接</a><iframe src='http://x'></iframe><svg onload='alert(1)'></svg>"
        "<img src='x' onerror='alert(1)'><object data='x'></object><style>p{}</style>"
    )
    body = _take(beat, evil).content.body.lower()
    found = [
        w for w in ("script", "onclick", "onerror", "onload", "iframe", "svg", "object", "url(", "p{}") if w in body
    ]
    assert found == []


@on_one
def test_the_text_beside_a_script_is_kept(beat: Beat) -> None:
    assert "安全提示" in _take(beat, "<script>x</script><p onclick='x'>安全提示。</p>").content.body


def test_a_unit_with_an_endless_name_is_taken_in(beat: Beat) -> None:
    """One database cuts nothing off by itself, and the other refuses what is too long."""
    assert len(_take(beat, ContentSource="样例单位" * 200).content.source_name) <= 255


def test_an_endless_etag_does_not_break_the_look(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1, etag=f'"{"a" * 900}"')
    found = beat.one("city")
    assert (found.new, sources.health("city").etag) == (1, "")


def test_characters_that_no_database_keeps_are_taken_out(beat: Beat) -> None:
    beat.follow("city", full_text=True, article={})
    entry = {"id": "1", "title": "标题\x00一\ud800", "content_html": "<p>各单位请按照要求\x00抓好\ud800落实。</p>"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "items": [entry]}
    beat.web.pages["/city"] = Page(dumped(feed).replace(b"\xed\xa0\x80", b"\\ud800"), type="application/json")
    found = beat.one("city")
    assert (found.new, found.why) == (1, None)


@on_one
def test_an_entry_without_an_address_becomes_one_item(beat: Beat) -> None:
    beat.follow("city", full_text=True)
    beat.web.pages["/city"] = Page(rss({"title": "无链接的通知", "description": "各单位请按照要求抓好落实。"}))
    for _ in range(2):
        beat.one("city")
    assert len(_all()) == 1


# Pictures and attachments


@on_one
def test_a_picture_is_kept_and_the_body_names_its_hash(beat: Beat) -> None:
    beat.web.pages["/a.png"] = Page(PNG, type="image/png")
    content = _take(beat, "<img src='/a.png'>").content
    (kept,) = content.attachments
    assert (kept.role, f"file:{kept.sha256}" in content.body) == (FileRole.IMAGE, True)


@on_one
def test_the_bytes_of_a_picture_are_in_the_store(beat: Beat) -> None:
    beat.web.pages["/a.png"] = Page(PNG, type="image/png")
    (kept,) = _take(beat, "<img src='/a.png'>").content.attachments
    assert beat.desk.workspace.files.read(kept.sha256) == PNG


@on_one
def test_an_attachment_is_named_as_its_link_says(beat: Beat) -> None:
    beat.web.pages["/f/1.pdf"] = Page(PDF, type="application/pdf")
    (kept,) = _take(beat, "<a href='/f/1.pdf'>附件：任务分工表</a>").content.attachments
    assert (kept.name, kept.role) == ("附件：任务分工表.pdf", FileRole.ATTACHMENT)


MISSING = {
    "a program that is called PDF": ("<a href='/f.pdf'>附件</a>", Page(b"MZ\x90\x00" * 100, type="application/pdf")),
    "a page that is called PDF": ("<a href='/f.pdf'>附件</a>", Page(article("登录"), type="application/pdf")),
    "an SVG that is called PNG": ("<img src='/f.png'>", Page(b"<svg onload='x'/>", type="image/png")),
    "a document that is called PNG": ("<img src='/f.png'>", Page(PDF, type="image/png")),
    "a picture that is gone": ("<img src='/f.png'>", Page(b"", 404)),
    "a picture inside a private network": ("<img src='http://10.0.0.1/f.png'>", Page()),
    "a picture that redirects inward": (
        "<img src='/f.png'>",
        Page(status=302, headers={"Location": "http://10.0.0.1"}),
    ),
}


@on_one
@pytest.mark.parametrize("name", MISSING)
def test_an_article_arrives_without_a_file_that_cannot_be_had_and_says_so(beat: Beat, name: str) -> None:
    body, page = MISSING[name]
    beat.web.pages |= {"/f.pdf": page, "/f.png": page}
    revision = _take(beat, body)
    assert (revision.content.attachments, "ingest.file_missing" in _found(revision)) == ((), True)


@on_one
def test_a_picture_that_never_answers_does_not_keep_its_article(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    beat.web.pages["/f.png"] = Page(beat.web.silence, type="image/png")
    beat.web.pages["/1.html"] = Page(article("样例通知第1号", body="<img src='/f.png'>"))
    (item,) = beat.one("city", SHORT).items
    assert "ingest.file_missing" in _found(items.latest_revision(item))


@on_one
def test_one_missing_file_leaves_the_others_in_place(beat: Beat) -> None:
    beat.web.pages["/a.png"] = Page(PNG, type="image/png")
    revision = _take(beat, "<img src='/gone.png'><img src='/a.png'>")
    assert [one.url for one in revision.content.attachments] == [f"{beat.web.base}/a.png"]


@on_one
def test_what_the_page_says_of_its_files_outlives_a_later_check(beat: Beat) -> None:
    revision = _take(beat, "<img src='/gone.png'>")
    beat.desk.add_rule("sample.new", "落实")
    beat.desk.approve(revision.item)  # the gate checks again with the rules of this moment
    assert "ingest.file_missing" in _found(revision)


# The same document twice


def test_the_same_document_from_two_sources_is_one_item_seen_twice(beat: Beat) -> None:
    for name in ("city", "county"):
        beat.follow(name, "json")
        beat.publish(name, 1)
    for name in ("city", "county"):
        beat.one(name)
    (item,) = _all()
    assert [one.source for one in items.sources(item)] == ["city", "county"]


def test_two_sources_that_are_read_side_by_side_make_one_item_of_one_document(beat: Beat) -> None:
    for name in ("city", "county", "province"):
        beat.follow(name, "json")
        beat.publish(name, 1, 2)
    slow = beat.web.pages["/1.html"].body
    assert isinstance(slow, bytes)

    def slowly(body: bytes = slow) -> Iterator[bytes]:
        time.sleep(0.1)
        yield body

    beat.web.pages["/1.html"] = Page(slowly)
    beat.sync()
    assert [len(items.sources(item)) for item in _all()] == [3, 3]


@on_one
def test_two_syncs_at_once_make_one_item_of_one_row(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1, 2, 3)

    def look() -> None:
        try:
            beat.one("city")
        finally:
            close_connections()

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    beat.one("city")
    assert sorted(len(items.sources(item)) for item in _all()) == [1, 1, 1]


@on_one
def test_the_same_page_under_another_spelling_is_the_same_item(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    beat.one("city")
    beat.follow("county", "json")
    spelled = f"HTTP://{beat.web.host}/./1.html?utm_source=feed#top"
    beat.web.pages["/county"] = Page(dumped([{"url": spelled, "title": "样例通知第1号"}]), type="application/json")
    beat.one("county")
    assert len(_all()) == 1


@on_one
def test_a_document_that_another_source_has_is_not_new(beat: Beat) -> None:
    for name in ("city", "county"):
        beat.follow(name, "json")
        beat.publish(name, 1)
    beat.one("city")
    assert beat.one("county").new == 0


# An original that changes


def test_a_changed_text_is_a_new_revision_that_goes_back_to_review(beat: Beat) -> None:
    item = _take(beat).item
    _change(beat)
    latest = items.latest_revision(item)
    assert (latest.number, latest.content.title, items.get(item).state) == (
        2,
        "样例通知第1号（修订）",
        ItemState.SUBMITTED,
    )


def test_a_change_voids_what_was_approved(beat: Beat) -> None:
    beat.follow("city", "json", column="policy")
    beat.publish("city", 1)
    (item,) = beat.one("city").items
    decide(beat.desk.workspace, REVIEWER, item, Vote(Verdict.APPROVE, 1))
    _change(beat)
    assert (items.get(item).level, reviews.decisions(items.latest_revision(item).id)) == (1, ())


@on_one
def test_a_change_is_in_the_audit_as_the_systems_own(beat: Beat) -> None:
    item = _take(beat).item
    _change(beat)
    changes = [row for row in audit.of_subject(f"item:{item}") if row.action == "item.edited"]
    assert [(row.actor, row.data["reason"]) for row in changes] == [("sync", "原文有更新")]


@on_one
def test_the_rules_look_at_the_changed_text(beat: Beat) -> None:
    item = _take(beat).item
    _change(beat, body="<p>这里写了禁用词甲。</p>")
    assert "sample.block" in _found(items.latest_revision(item))


@on_one
def test_a_file_that_the_changed_page_lacks_is_a_finding(beat: Beat) -> None:
    item = _take(beat).item
    _change(beat, body="<img src='/gone.png'>")
    assert "ingest.file_missing" in _found(items.latest_revision(item))


@on_one
def test_a_row_that_changed_over_the_same_text_is_no_new_revision(beat: Beat) -> None:
    item = _take(beat).item
    beat.list("city", 1, title="样例通知第1号 ")
    beat.list("city", 1, date="2026-11-26 10:31")
    assert (beat.one("city").changed, len(items.revisions(item))) == (0, 1)


@on_one
def test_the_changed_page_of_a_published_item_is_an_amendment(beat: Beat) -> None:
    item = _take(beat).item
    beat.desk.approve(item)
    beat.desk.settle()
    _change(beat)
    actions = [row.action for row in audit.of_subject(f"item:{item}")]
    assert (items.get(item).state, "item.amendment_started" in actions) == (ItemState.SUBMITTED, True)


@on_one
def test_the_website_keeps_the_old_text_until_the_amendment_is_approved(beat: Beat) -> None:
    item = _take(beat).item
    beat.desk.approve(item)
    beat.desk.settle()
    _change(beat)
    beat.desk.settle()
    assert "修订" not in beat.desk.page(item)


@on_one
def test_an_approved_amendment_goes_to_the_channels(beat: Beat) -> None:
    item = _take(beat).item
    beat.desk.approve(item)
    beat.desk.settle()
    _change(beat)
    beat.desk.approve(item)
    beat.desk.settle()
    amended = beat.desk.delivery(item, "website", Action.AMEND)
    assert (amended.state, "修订" in beat.desk.page(item)) == (DeliveryState.DELIVERED, True)


@on_one
def test_a_returned_item_is_submitted_again_when_its_original_changed(beat: Beat) -> None:
    item = _take(beat).item
    decide(beat.desk.workspace, PUBLISHER, item, Vote(Verdict.RETURN, 1, "有错字"))
    _change(beat)
    assert items.get(item).state is ItemState.SUBMITTED


@on_one
def test_a_discarded_item_stays_so_when_its_original_changes(beat: Beat) -> None:
    item = _take(beat).item
    item_flow.discard(beat.desk.workspace, PUBLISHER, item, "与本县无关")
    _change(beat)
    assert (items.get(item).state, len(items.revisions(item))) == (ItemState.DISCARDED, 1)


@on_one
def test_a_changed_original_that_is_gone_is_tried_again(beat: Beat) -> None:
    item = _take(beat).item
    del beat.web.pages["/1.html"]
    beat.list("city", 1, title="样例通知第1号（修订）")
    beat.one("city")
    assert (_change(beat), len(items.revisions(item))) == (1, 2)


# A sync that died midway


def _died_after_storing(beat: Beat, warnings: tuple[str, ...] = ()) -> int:
    """What the records hold when a sync dies after its first commit for a row."""
    url = f"{beat.web.base}/1.html"
    content = Content("样例通知第1号", "<p>正文。</p>", ItemKind.REPRINT, "样例市政府办", url)
    with one_transaction():
        item = item_flow.store(beat.desk.workspace, SYNC, item_flow.Placement("news"), content, warnings)
        address = address_key(url)
        items.add_source(item, "city", f"url:{address}", address, beat.desk.now)
    return item


@on_one
def test_an_item_that_was_stored_and_not_submitted_is_submitted_by_the_next_sync(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    item = _died_after_storing(beat)
    beat.one("city")
    assert (_all(), items.get(item).state) == ([item], ItemState.SUBMITTED)


@on_one
def test_what_was_doubtful_is_known_after_a_crash(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    item = _died_after_storing(beat, ("ingest.no_date",))
    beat.one("city")
    assert "ingest.no_date" in _found(items.latest_revision(item))


@on_one
def test_an_unsubmitted_item_of_another_source_is_left_to_that_source(beat: Beat) -> None:
    beat.follow("county", "json")
    beat.publish("county", 1)
    item = _died_after_storing(beat)
    beat.one("county")
    assert items.get(item).state is ItemState.DRAFT


@on_one
def test_a_new_revision_that_was_stored_and_not_submitted_is_submitted_by_the_next_sync(beat: Beat) -> None:
    revision = _take(beat)
    beat.web.pages["/1.html"] = Page(article("样例通知第1号（修订）"))
    beat.list("city", 1, title="样例通知第1号（修订）")
    beat.one("city")
    models.Item.objects.filter(id=revision.item).update(state=ItemState.DRAFT)
    models.SeenKey.objects.update(row_hash="as before")
    beat.one("city")
    assert items.get(revision.item).state is ItemState.SUBMITTED


@on_one
def test_a_draft_that_a_person_began_is_not_submitted_by_the_system(beat: Beat) -> None:
    item = _take(beat).item
    beat.desk.approve(item)
    beat.desk.settle()
    item_flow.amend(beat.desk.workspace, PUBLISHER, item, "重新发布")
    beat.list("city", 1, date="2026-11-26 10:31")
    beat.one("city")
    assert items.get(item).state is ItemState.DRAFT


@on_one
def test_publishing_the_same_text_again_keeps_what_was_doubtful(beat: Beat) -> None:
    item = _take(beat, "<img src='/gone.png'>").item
    beat.desk.approve(item)
    beat.desk.settle()
    item_flow.amend(beat.desk.workspace, PUBLISHER, item, "重新发布")
    assert "ingest.file_missing" in _found(items.latest_revision(item))
