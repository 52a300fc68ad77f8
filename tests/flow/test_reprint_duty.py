"""What must be reprinted: by flagged sources and by lists, when it is late, whether it is the same, as of any moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syndicate.errors import Conflict, InputError, NotAllowed
from syndicate.flow import items as item_flow
from syndicate.flow.day_duty import differences, mismatches, reprints
from syndicate.flow.items import Placement
from syndicate.flow.reprint_duty import duties, missing_reprints
from syndicate.flow.require import TakenList, excuse, require
from syndicate.flow.taking_in import SYNC
from syndicate.model.facts import ReprintFact
from syndicate.model.item import Attachment, Content, FileRole, ItemKind
from syndicate.model.review import Actor, ItemAction, Role
from syndicate.model.source import Source, SourceKind
from syndicate.records import audit, items, originals
from tests.databases import on_both
from tests.flow.office import EDITOR, PUBLISHER, REVIEWER, Desk

HOUR = timedelta(hours=1)
URL = "https://www.example.gov.cn/a/1.html"
TEXT = Content(
    "关于样例工作的通知",
    "<p>样例正文。</p>",
    ItemKind.REPRINT,
    "示例省政府网",
    source_url=URL,
)


def brought(desk: Desk, content: Content = TEXT, source: str = "province", hours: float = 12) -> int:
    """What a sync makes of an article: an item in review, with its deadline."""
    placement = Placement("news", ("website",), deadline_at=desk.now + timedelta(hours=hours))
    item = item_flow.create(desk.workspace, SYNC, placement, content)
    address = content.source_url.partition("://")[2]
    items.add_source(item, source, f"key-{item}", address, desk.now)
    item_flow.submit(desk.workspace, SYNC, item)
    return item


def publish(desk: Desk, item: int) -> None:
    while items.get(item).state == "submitted":
        desk.approve(item)
    desk.run()
    desk.wait(timedelta(seconds=1))


def follow(desk: Desk, name: str, *, must_reprint: bool) -> None:
    source = Source(
        name, "样例信源", SourceKind.FEED, "https://x.example/", "news", "样例机关", must_reprint=must_reprint
    )
    desk.workspace.snapshot = replace(desk.workspace.snapshot, sources={name: source})


def listing(*rows: tuple[str, str, datetime], head: str = "标题,网址,时限") -> bytes:
    lines = [f"{title},{url},{deadline:%Y-%m-%d %H:%M}" for title, url, deadline in rows]
    return "\n".join([head, *lines]).encode()


def demand(desk: Desk, title: str = TEXT.title, url: str = URL, hours: float = 8) -> TakenList:
    return require(desk.workspace, EDITOR, listing((title, url, desk.now + timedelta(hours=hours))), "清单.csv")


def only(desk: Desk) -> ReprintFact:
    """The one duty, a moment from now: what was made this very moment was not known before it."""
    (fact,) = reprints(desk.workspace, desk.now + timedelta(seconds=1))
    return fact


def test_what_a_flagged_source_brings_is_a_duty(desk: Desk) -> None:
    follow(desk, "province", must_reprint=True)
    brought(desk)
    assert (only(desk).required, only(desk).source_title) == (True, "样例信源")


def test_what_another_source_brings_is_none(desk: Desk) -> None:
    follow(desk, "tourism", must_reprint=False)
    brought(desk, source="tourism")
    assert only(desk).required is False


def test_a_list_makes_a_duty_of_it_and_the_earlier_deadline_counts(desk: Desk) -> None:
    follow(desk, "tourism", must_reprint=False)
    brought(desk, source="tourism", hours=24)
    demand(desk, hours=8)
    assert (only(desk).required, only(desk).deadline) == (True, desk.now + 8 * HOUR)


def test_what_nobody_has_begun_stands_there_without_an_item(desk: Desk) -> None:
    demand(desk)
    fact = only(desk)
    assert (fact.item, fact.title, fact.source_url, dict(fact.published)) == (None, TEXT.title, URL, {})


@pytest.mark.parametrize("url", [URL, URL.replace("https", "http"), ""], ids=["address", "other scheme", "title only"])
def test_an_item_is_known_by_the_address_of_its_original_or_by_its_title(desk: Desk, url: str) -> None:
    item = brought(desk)
    demand(desk, url=url)
    assert (only(desk).item, only(desk).listed) == (item, 1)


def test_an_original_that_the_office_wrote_under_that_title_fulfils_it_too(desk: Desk) -> None:
    item = desk.submitted("website", content=replace(TEXT, kind=ItemKind.ORIGINAL, source_url=""))
    demand(desk, url="")
    assert only(desk).item == item


@on_both
def test_a_duty_that_was_fulfilled_in_time(desk: Desk) -> None:
    demand(desk)
    item = brought(desk)
    desk.wait(HOUR)
    publish(desk, item)
    (duty,) = duties(desk.workspace)
    assert (duty.late, duty.missing, duty.done_at is not None) == (False, False, True)


@on_both
def test_a_duty_is_missing_from_its_deadline_on(desk: Desk) -> None:
    demand(desk, hours=2)
    desk.wait(2 * HOUR)
    assert missing_reprints(desk.workspace) == ()
    desk.wait(timedelta(seconds=1))
    (missing,) = missing_reprints(desk.workspace)
    assert (missing.subject, missing.place) == ("listed 1", "/reprints")


def test_a_duty_that_was_fulfilled_too_late_is_late_and_not_missing(desk: Desk) -> None:
    item = brought(desk, hours=2)
    desk.wait(3 * HOUR)
    publish(desk, item)
    (duty,) = duties(desk.workspace)
    assert (duty.late, duty.missing) == (True, False)


def test_what_has_been_missing_for_long_is_looked_for_where_it_is_known(desk: Desk) -> None:
    brought(desk, hours=2)
    desk.wait(timedelta(days=9))
    assert missing_reprints(desk.workspace) == ()
    assert len(missing_reprints(desk.workspace, ["item 1"])) == 1


def test_whoever_looks_for_what_is_missing_compares_no_texts(desk: Desk) -> None:
    publish(desk, brought(desk))
    brought(desk, hours=1)
    desk.wait(2 * HOUR)
    with CaptureQueriesContext(connection) as asked:
        assert len(missing_reprints(desk.workspace)) == 1
    assert not [query for query in asked.captured_queries if f"'{originals.READER}'" in query["sql"]]


def test_what_is_missing_keeps_its_name_when_somebody_begins_it(desk: Desk) -> None:
    demand(desk, hours=1)
    desk.wait(2 * HOUR)
    before = [one.subject for one in missing_reprints(desk.workspace)]
    brought(desk)
    assert [one.subject for one in missing_reprints(desk.workspace, before)] == before


def test_what_is_missing_keeps_its_name_when_a_list_comes_later(desk: Desk) -> None:
    follow(desk, "province", must_reprint=True)
    brought(desk, hours=1)
    desk.wait(2 * HOUR)
    before = [one.subject for one in missing_reprints(desk.workspace)]
    demand(desk, hours=-1)
    assert [one.subject for one in missing_reprints(desk.workspace, before)] == before


def test_what_somebody_decided_against_is_no_duty_and_was_one_before(desk: Desk) -> None:
    item = brought(desk)
    desk.wait(HOUR)
    before = desk.now
    desk.wait(HOUR)
    item_flow.discard(desk.workspace, REVIEWER, item, "与本县无关")
    assert reprints(desk.workspace, desk.now + timedelta(seconds=1)) == ()
    assert len(reprints(desk.workspace, before)) == 1


def test_what_was_listed_later_was_no_duty_before(desk: Desk) -> None:
    before = desk.now
    desk.wait(HOUR)
    demand(desk)
    assert reprints(desk.workspace, before + timedelta(minutes=1)) == ()


def test_a_list_that_is_sent_again_changes_nothing(desk: Desk) -> None:
    assert demand(desk) == TakenList(1, 0, 0)
    assert demand(desk) == TakenList(0, 0, 1)


def test_a_later_list_moves_the_deadline(desk: Desk) -> None:
    demand(desk, hours=8)
    assert demand(desk, hours=6) == TakenList(0, 1, 0)
    assert only(desk).deadline == desk.now + 6 * HOUR


def test_a_later_list_extends_a_deadline_that_has_passed(desk: Desk) -> None:
    demand(desk, hours=1)
    desk.wait(2 * HOUR)
    before = desk.now
    desk.wait(HOUR)
    assert demand(desk, hours=6) == TakenList(0, 1, 0)
    extended = desk.now + 6 * HOUR
    desk.wait(HOUR)
    assert only(desk).deadline == extended
    assert missing_reprints(desk.workspace) == ()
    assert [one.deadline for one in reprints(desk.workspace, before)] == [before - HOUR]


def test_what_was_excused_stays_excused_when_its_list_comes_again(desk: Desk) -> None:
    demand(desk, hours=8)
    desk.wait(HOUR)
    excuse(desk.workspace, REVIEWER, 1, "与本县无关")
    desk.wait(HOUR)
    assert demand(desk, hours=6) == TakenList(0, 0, 1)
    assert reprints(desk.workspace, desk.now + timedelta(seconds=1)) == ()


def test_a_list_is_audited(desk: Desk) -> None:
    demand(desk)
    (row,) = audit.of_subject("reprints")
    assert (row.action, row.actor, row.data["added"]) == ("reprint.required", EDITOR.name, 1)


def test_a_list_with_a_wrong_row_is_not_taken_in(desk: Desk) -> None:
    with pytest.raises(InputError):
        require(desk.workspace, EDITOR, "标题,时限\n甲,2026-11-27 10:00\n乙,尽快".encode(), "清单.csv")
    assert reprints(desk.workspace, desk.now + HOUR) == ()


def test_a_list_that_is_too_large_is_refused_unread(desk: Desk) -> None:
    with pytest.raises(InputError, match="2 MB"):
        require(desk.workspace, EDITOR, b"x" * 2_097_153, "清单.csv")


def test_an_administrator_takes_no_list_in(desk: Desk) -> None:
    with pytest.raises(NotAllowed):
        require(desk.workspace, Actor("样例管理", Role.ADMIN, "desk"), listing(), "清单.csv")


def test_something_on_the_list_can_be_excused_with_a_reason(desk: Desk) -> None:
    demand(desk)
    desk.wait(HOUR)
    excuse(desk.workspace, REVIEWER, 1, "原文已撤下")
    assert reprints(desk.workspace, desk.now + timedelta(seconds=1)) == ()
    (row,) = audit.of_subject("reprint:1")
    assert (row.action, row.data["reason"]) == ("reprint.excused", "原文已撤下")


@pytest.mark.parametrize(
    ("actor", "reason", "error"),
    [(EDITOR, "理由", NotAllowed), (PUBLISHER, "  ", NotAllowed)],
    ids=["editor", "no reason"],
)
def test_nobody_else_and_nobody_without_a_reason(desk: Desk, actor: Actor, reason: str, error: type[Exception]) -> None:
    demand(desk)
    with pytest.raises(error):
        excuse(desk.workspace, actor, 1, reason)


def test_what_was_excused_is_not_excused_again(desk: Desk) -> None:
    demand(desk)
    excuse(desk.workspace, REVIEWER, 1, "原文已撤下")
    with pytest.raises(Conflict):
        excuse(desk.workspace, REVIEWER, 1, "原文已撤下")


FILE = Attachment("附件.pdf", "a" * 64, "application/pdf", 3, FileRole.ATTACHMENT)


@pytest.mark.parametrize(
    ("changes", "unlike"),
    [
        ({}, ()),
        ({"title": "另一个题目"}, ("题名",)),
        ({"source_name": "本县"}, ("来源",)),
        ({"source_url": "https://x.example/"}, ("链接",)),
        ({"body": "<p>样例 正文。</p>\n"}, ()),
        ({"body": "<p>改过的正文。</p>"}, ("正文",)),
        ({"attachments": ()}, ("附件",)),
        ({"attachments": (replace(FILE, name="另名.pdf"),)}, ()),
        ({"attachments": (replace(FILE, sha256="b" * 64),)}, ("附件",)),
        ({"title": "另", "body": "<p>另</p>"}, ("题名", "正文")),
    ],
)
def test_what_differs_from_the_original(changes: dict[str, object], unlike: tuple[str, ...]) -> None:
    original = replace(TEXT, attachments=(FILE,))
    assert differences(original, replace(original, **changes)) == unlike  # type: ignore[arg-type]


def test_what_stands_on_the_site_is_compared_with_what_was_read(desk: Desk) -> None:
    item = brought(desk)
    publish(desk, item)
    assert mismatches(desk.workspace, [item], desk.now + HOUR) == {item: ()}


def test_an_original_that_changed_since_differs(desk: Desk) -> None:
    item = brought(desk)
    publish(desk, item)
    desk.wait(HOUR)
    before = desk.now
    desk.wait(HOUR)
    changed = replace(TEXT, body="<p>新的正文。</p>")
    item_flow.add_revision(desk.workspace, SYNC, items.get(item), changed, (ItemAction.AMEND, "原文有更新"))
    assert mismatches(desk.workspace, [item], desk.now + HOUR) == {item: ("正文",)}
    assert mismatches(desk.workspace, [item], before) == {item: ()}


def test_what_stands_nowhere_or_was_never_read_is_not_compared(desk: Desk) -> None:
    waiting = brought(desk)
    typed = desk.approved("website", content=TEXT)
    desk.run()
    assert mismatches(desk.workspace, [waiting, typed], desk.now + HOUR) == {}
    assert originals.last_read([typed], desk.now + HOUR) == {}
