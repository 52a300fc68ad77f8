"""An article that a list names and nobody can read: tried at every look, then one task, then seldom; it stops nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.flow.attention import attention
from syndicate.flow.day_facts import day_facts
from syndicate.flow.pasting import Origin, paste
from syndicate.flow.sync import SourceResult
from syndicate.model.item import ItemState
from syndicate.model.source import SyncResult
from syndicate.records import audit, failed_rows, items, sources
from tests.databases import on_one
from tests.flow.office import EDITOR
from tests.flow.web import Beat, Page, article

HOUR = timedelta(hours=1)
pytestmark = on_one


@pytest.fixture
def city(beat: Beat) -> Beat:
    """A list of two articles, of which the second one is not there."""
    beat.follow("city", "json", interval="4h", silence="400d")
    beat.publish("city", 1, etag='"a"')
    beat.list("city", 1, 2, etag='"a"')
    return beat


def looks(beat: Beat, count: int = 9, apart: timedelta = 4 * HOUR) -> list[SourceResult]:
    found = []
    for _ in range(count):
        found.append(beat.one("city"))
        beat.desk.wait(apart)
    return found


def tasks(beat: Beat) -> list[str]:
    workspace = beat.desk.workspace
    return [task.text for task in day_facts(workspace, workspace.now().date()).tasks or ()]


def events() -> list[str]:
    return [row.action for row in audit.of_subject("source:city") if row.action.startswith("article.")]


def titles() -> list[str]:
    rows = items.listed(list(ItemState), limit=100)
    return [one.content.title for one in items.latest_revisions([row.id for row in rows]).values()]


def test_a_dead_link_becomes_a_task_once(city: Beat) -> None:
    found = looks(city, 30)
    assert ([one.dead for one in found].count(1), sum(one.dead for one in found), events()) == (1, 1, ["article.dead"])


def test_the_task_says_title_address_count_and_reason(city: Beat) -> None:
    looks(city)
    (task,) = tasks(city)
    assert all(word in task for word in ("《样例通知第2号》", f"{city.web.base}/2.html", "8 次", "HTTP 404"))


def test_a_link_that_fails_for_a_few_hours_is_no_task(city: Beat) -> None:
    looks(city, 7)
    assert (tasks(city), sum(row.dead_at is None for row in failed_rows.of_source("city").values())) == ([], 1)


def test_a_task_no_longer_makes_every_look_a_failed_one(city: Beat) -> None:
    looks(city)
    found = city.one("city")
    assert (found.result, found.failed, found.why, sources.health("city").message) == (
        SyncResult.NOTHING_NEW,
        0,
        None,
        None,
    )


def test_a_task_is_tried_seldom(city: Beat) -> None:
    looks(city)
    before = city.web.count("/2.html")
    looks(city, 24, HOUR)
    assert 3 <= city.web.count("/2.html") - before <= 4


def test_between_tries_the_list_is_asked_for_with_its_etag(city: Beat) -> None:
    looks(city, 10)
    city.desk.wait(HOUR)
    city.one("city")
    assert city.web.asked[-1][1].get("If-None-Match") == '"a"'


def test_a_dead_link_does_not_stop_its_list(city: Beat) -> None:
    looks(city)
    city.publish("city", 1, 3)
    city.list("city", 1, 2, 3)
    assert (city.one("city").new, titles()) == (1, ["样例通知第1号", "样例通知第3号"])


def test_an_article_that_comes_to_life_arrives_although_its_list_is_unchanged(city: Beat) -> None:
    looks(city)
    city.web.pages["/2.html"] = Page(article("样例通知第2号"))
    looks(city, 3)
    assert (titles(), tasks(city)) == (["样例通知第1号", "样例通知第2号"], [])


def test_pasting_it_with_its_address_ends_the_task(city: Beat) -> None:
    looks(city)
    origin = Origin("样例市政府办", f"{city.web.base}/2.html")
    paste(
        city.desk.workspace, EDITOR, "news", "样例通知第2号", ("<p>人工粘贴的样例正文。</p>".encode(), "a.html"), origin
    )
    looks(city, 3)
    assert (tasks(city), titles().count("样例通知第2号")) == ([], 1)


def test_a_link_that_leaves_its_list_is_a_task_no_longer(city: Beat) -> None:
    looks(city)
    city.list("city", 1)
    looks(city, 3)
    assert (tasks(city), failed_rows.of_source("city")) == ([], {})


def test_after_thirty_days_it_counts_as_seen(city: Beat) -> None:
    looks(city)
    looks(city, 32, timedelta(days=1))
    before = city.web.count("/2.html")
    looks(city, 3)
    told = (tasks(city), events(), city.web.count("/2.html") - before)
    assert told == ([], ["article.dead", "article.given_up"], 0)


def test_a_changed_article_that_is_gone_becomes_a_task_too(city: Beat) -> None:
    city.publish("city", 1)
    city.one("city")
    city.list("city", 1, title="样例通知第1号（修订）")
    city.web.pages["/1.html"] = Page(b"", 404)
    found = looks(city, 10)
    assert sum(one.dead for one in found) == 1


def test_people_see_it_at_a_glance(city: Beat) -> None:
    looks(city)
    assert [row.title for row in attention(city.desk.workspace, EDITOR).dead_links] == ["样例通知第2号"]
