"""The originals of our reprints: read again on a schedule, changed, gone and back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.flow.checking import kept_warnings
from syndicate.flow.day_facts import day_facts
from syndicate.flow.following import open_alarms
from syndicate.flow.items import discard
from syndicate.flow.withdraw import withdraw
from syndicate.model.item import ItemState
from syndicate.model.review import WithdrawalKind
from syndicate.records import audit, items, models, originals, sources
from tests.databases import on_one
from tests.flow.office import PUBLISHER
from tests.flow.web import Beat, Page, article

HOUR = timedelta(hours=1)
pytestmark = on_one


@pytest.fixture
def followed(beat: Beat) -> Beat:
    """One reprint whose original stands at /1.html."""
    beat.follow("city", "json", interval="30d")
    beat.publish("city", 1)
    beat.one("city")
    return beat


def item() -> int:
    return items.listed(list(ItemState), limit=10)[0].id


def actions() -> list[str]:
    return [row.action for row in audit.of_subject(f"item:{item()}")]


def look(beat: Beat, after: timedelta) -> None:
    beat.desk.wait(after)
    beat.sync()


def test_an_original_is_read_again_after_1_6_and_24_hours(followed: Beat) -> None:
    counts = []
    for wait in (HOUR / 2, HOUR / 2, 4 * HOUR, HOUR, 17 * HOUR, HOUR):
        look(followed, wait)
        counts.append(followed.web.count("/1.html"))
    assert counts == [1, 2, 2, 3, 3, 4]


def test_a_changed_text_is_a_new_revision_back_in_review(followed: Beat) -> None:
    followed.web.pages["/1.html"] = Page(article("样例通知第1号", "更正后的正文，各单位按照新的要求落实。"))
    look(followed, HOUR)
    latest = items.latest_revision(item())
    assert (latest.number, "更正后" in latest.content.body) == (2, True)
    assert items.get(item()).state is ItemState.SUBMITTED


def test_changed_blanks_and_navigation_change_nothing(followed: Beat) -> None:
    page = followed.web.pages["/1.html"].body
    assert isinstance(page, bytes)
    followed.web.pages["/1.html"] = Page(
        page.replace(b"<body>", b"<body><nav><a href='/x'>new menu</a></nav>").replace(b"</p>", b" </p>\n")
    )
    look(followed, HOUR)
    assert items.latest_revision(item()).number == 1


def test_one_missing_page_is_no_alarm(followed: Beat) -> None:
    followed.web.pages["/1.html"] = Page(b"", 404)
    look(followed, HOUR)
    assert list(open_alarms()) == []


@pytest.mark.parametrize("page", [Page(b"", 404), Page(b"", 410), Page("<html><body>您访问的页面不存在</body></html>".encode())])  # fmt: skip
def test_gone_three_times_over_a_day_is_one_alarm(followed: Beat, page: Page) -> None:
    followed.web.pages["/1.html"] = page
    for wait in (HOUR, 12 * HOUR, 12 * HOUR, 168 * HOUR):
        look(followed, wait)
    assert [one.item for one in open_alarms()] == [item()]
    assert actions().count("item.original_gone") == 1


def test_an_alarm_is_a_look_at_its_source(followed: Beat) -> None:
    followed.web.pages["/1.html"] = Page(b"", 404)
    for wait in (HOUR, 12 * HOUR, 12 * HOUR):
        look(followed, wait)
    now = followed.desk.workspace.now()
    looks = sources.looks_between(now - HOUR, now + HOUR)
    assert [look.message.key for look in looks if look.message] == ["sync.original_gone"]


def test_one_call_withdraws_it_and_ends_the_alarm(followed: Beat) -> None:
    followed.web.pages["/1.html"] = Page(b"", 404)
    for wait in (HOUR, 12 * HOUR, 12 * HOUR):
        look(followed, wait)
    workspace = followed.desk.workspace
    originals.store_original(originals.Original(item(), "city", "k", "u", "t", gone_at=workspace.now()))
    models.Item.objects.filter(id=item()).update(state=ItemState.PUBLISHED)
    withdraw(workspace, PUBLISHER, item(), WithdrawalKind.ERROR, "原文已撤下")
    assert list(open_alarms()) == []


def test_a_page_that_comes_back_ends_the_alarm(followed: Beat) -> None:
    page = followed.web.pages["/1.html"]
    followed.web.pages["/1.html"] = Page(b"", 404)
    for wait in (HOUR, 12 * HOUR, 12 * HOUR):
        look(followed, wait)
    followed.web.pages["/1.html"] = page
    look(followed, 168 * HOUR)
    assert (list(open_alarms()), actions()[-1]) == ([], "item.original_back")


@pytest.mark.parametrize("page", [Page(b"", 500), Page("<html><body>网防G01</body></html>".encode(), 403)])
def test_a_failing_server_or_a_guard_says_nothing_about_the_page(followed: Beat, page: Page) -> None:
    followed.web.pages["/1.html"] = page
    for _ in range(30):
        look(followed, HOUR)
    original = originals.original(item())
    assert original is not None
    assert (original.absences, list(open_alarms())) == (0, [])


def test_a_discarded_item_is_no_longer_followed(followed: Beat) -> None:
    discard(followed.desk.workspace, PUBLISHER, item(), "不采用")
    look(followed, HOUR)
    original = originals.original(item())
    assert original is not None
    assert original.next_look_at is None


def test_a_source_that_was_removed_is_no_longer_followed(followed: Beat) -> None:
    (followed.desk.home / "content/sources/city.yaml").unlink()
    followed.desk.reload()
    look(followed, HOUR)
    assert followed.web.count("/1.html") == 1


def test_what_was_read_again_is_told_under_its_source(followed: Beat) -> None:
    followed.desk.wait(HOUR)
    (result,) = followed.sync()
    assert (result.source, result.followed, result.changed) == ("city", 1, 0)


def test_an_article_of_several_pages_is_one_text(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    beat.web.pages["/1.html"] = Page(
        article("样例通知第1号", "第一页的正文内容。", body="<a href='1_2.html'>下一页</a>")
    )
    beat.web.pages["/1_2.html"] = Page(article("样例通知第1号", "第二页的正文内容在这里继续。"))
    beat.one("city")
    body = items.latest_revision(item()).content.body
    assert body.index("第一页") < body.index("第二页")


def test_a_page_of_an_article_that_is_missing_is_told(beat: Beat) -> None:
    beat.follow("city", "json")
    beat.publish("city", 1)
    beat.web.pages["/1.html"] = Page(
        article("样例通知第1号", "第一页的正文内容。", body="<a href='1_2.html'>下一页</a>")
    )
    beat.one("city")
    assert "ingest.page_missing" in kept_warnings(items.latest_revision(item()).id)


def test_a_gone_original_is_an_open_task_of_the_report(followed: Beat) -> None:
    followed.web.pages["/1.html"] = Page(b"", 404)
    for wait in (HOUR, 12 * HOUR, 12 * HOUR):
        look(followed, wait)
    workspace = followed.desk.workspace
    (task,) = day_facts(workspace, workspace.now().date()).tasks or ()
    assert "样例通知第1号" in task.text
    assert f"syndicate withdraw {item()}" in task.action
