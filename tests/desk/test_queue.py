from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from syndicate.desk.wording import countdown, span
from syndicate.errors import Message
from syndicate.flow.queues import Filter, Tab, queue_page, tab_counts
from syndicate.model.delivery import NeedsPerson
from syndicate.model.item import ItemKind
from syndicate.model.review import Actor, Role
from tests.desk.conftest import LogIn
from tests.desk.office import ADMIN, EDITOR, FAULTY, PUBLISHER, REVIEWER, Office

NOTHING = Filter()
STOP = NeedsPerson(Message("ledger.never_arrives"))


def shown(office: Office, actor: Actor, tab: Tab, wanted: Filter = NOTHING) -> list[int]:
    return [row.item.id for row in queue_page(office.workspace, actor, tab, wanted, 50).rows]


def test_a_reviewer_sees_what_waits_below_the_last_level(both: Office) -> None:
    first, last = both.submitted("第一级"), both.submitted("最后一级")
    both.first_approval(last)
    assert shown(both, REVIEWER, Tab.MINE) == [first]


def test_a_publisher_sees_every_level(both: Office) -> None:
    first, last = both.submitted("第一级"), both.submitted("最后一级")
    both.first_approval(last)
    assert shown(both, PUBLISHER, Tab.MINE) == [first, last]


def test_nobody_sees_his_own_items_among_those_to_decide(both: Office) -> None:
    both.submitted(actor=PUBLISHER)
    assert shown(both, PUBLISHER, Tab.MINE) == []


def test_who_approved_a_level_does_not_see_the_next_one_to_decide(both: Office) -> None:
    from syndicate.flow.decide import Vote, decide
    from syndicate.model.review import Verdict

    number = both.submitted()
    decide(both.workspace, PUBLISHER, number, Vote(Verdict.APPROVE, 1))
    assert shown(both, PUBLISHER, Tab.MINE) == []


@pytest.mark.parametrize("actor", [EDITOR, ADMIN])
def test_those_who_decide_nothing_have_nothing_to_decide(both: Office, actor: Actor) -> None:
    both.submitted(actor=Actor("sync", Role.SYSTEM, "system"))
    assert shown(both, actor, Tab.MINE) == []


def test_the_nearest_deadline_comes_first(both: Office) -> None:
    both.submitted()
    later, sooner = both.reprint("晚", "<p>文</p>", 20), both.reprint("早", "<p>文</p>", 2)
    assert shown(both, PUBLISHER, Tab.MINE)[:2] == [sooner, later]


def test_own_items_are_those_written_or_submitted(both: Office) -> None:
    draft, _ = both.draft(), both.draft(actor=REVIEWER)
    assert shown(both, EDITOR, Tab.OWN) == [draft]


def test_items_whose_delivery_stopped_need_a_person(both: Office) -> None:
    both.published()
    stopped = both.published(weibo=STOP)
    assert shown(both, EDITOR, Tab.STOPPED) == [stopped]


def test_published_items_are_newest_first(both: Office) -> None:
    older, newer = both.published("旧"), both.published("新")
    assert shown(both, EDITOR, Tab.PUBLISHED) == [newer, older]


def test_the_counts_are_those_of_the_tabs(both: Office) -> None:
    both.draft()
    both.submitted()
    both.approved()
    both.published(weibo=STOP)
    for actor in (EDITOR, REVIEWER, PUBLISHER):
        counts = tab_counts(actor)
        assert {tab: len(shown(both, actor, tab)) for tab in Tab} == dict(counts)


def test_text_finds_titles_and_numbers(both: Office) -> None:
    fire, _ = both.submitted("森林防火"), both.submitted("供热检修")
    assert shown(both, PUBLISHER, Tab.ALL, Filter(text="防火")) == [fire]
    assert shown(both, PUBLISHER, Tab.ALL, Filter(text=str(fire))) == [fire]


def test_signs_of_the_database_are_only_text(both: Office) -> None:
    both.submitted()
    assert shown(both, PUBLISHER, Tab.ALL, Filter(text="%' OR 1=1 --_")) == []


def test_filters_by_column_kind_and_source(both: Office) -> None:
    both.submitted()
    reprint = both.reprint("转载", "<p>文</p>", 2)
    for wanted in (Filter(column="reprints"), Filter(kind=ItemKind.REPRINT), Filter(source="shengzhengfu")):
        assert shown(both, PUBLISHER, Tab.ALL, wanted) == [reprint]


def test_a_page_ends_and_says_that_more_follow(both: Office) -> None:
    for _ in range(3):
        both.submitted()
    assert queue_page(both.workspace, PUBLISHER, Tab.MINE, Filter(), 2).more
    assert not queue_page(both.workspace, PUBLISHER, Tab.MINE, Filter(), 2, 2).more


def test_the_queue_page_shows_title_waiting_time_and_worst_finding(office: Office, reviewer: Client) -> None:
    office.submitted("会议通知", FAULTY)
    office.wait(hours=3)
    text = reviewer.get("/queue").content.decode()
    assert "会议通知" in text
    assert "3 小时" in text
    assert Message("word.severity_block").zh in text


def test_a_deadline_that_has_passed_is_said_in_words(office: Office, publisher: Client) -> None:
    office.reprint("转载", "<p>文</p>", 2)
    office.wait(hours=5)
    assert "超时 3 小时" in publisher.get("/queue").content.decode()


def test_channels_are_told_by_shape_and_sentence(office: Office, editor: Client) -> None:
    office.published(weibo=STOP)
    text = editor.get("/queue?tab=published").content.decode()
    assert "官方微博：发布需人工" in text
    assert "●" in text
    assert "！" in text


def test_an_item_that_is_on_some_channels_says_on_how_many(office: Office, editor: Client) -> None:
    office.published(weibo=STOP)
    assert "4/5 已发布" in editor.get("/queue?tab=published").content.decode()


def test_an_item_that_was_not_sent_has_no_such_figure(office: Office, editor: Client) -> None:
    office.submitted()
    assert "/5 已发布" not in editor.get("/queue?tab=own").content.decode()


def test_the_counts_refresh_as_a_fragment(office: Office, reviewer: Client) -> None:
    office.submitted()
    text = reviewer.get("/queue/counts").content.decode()
    assert "1" in text
    assert "<html" not in text


def test_nonsense_in_the_address_is_ignored(office: Office, reviewer: Client) -> None:
    address = "/queue?tab=nowhere&page=-3&kind=x&state=y&column=%00&q=%00%00&source=" + "x" * 500
    assert reviewer.get(address).status_code == 200


def test_paging_keeps_the_filter(office: Office, publisher: Client) -> None:
    for number in range(31):
        office.draft(f"防火{number}")
    text = publisher.get("/queue?tab=all&q=防火").content.decode()
    assert "tab=all&amp;q=%E9%98%B2%E7%81%AB&amp;page=2" in text
    assert "防火0" in publisher.get("/queue?tab=all&q=防火&page=2").content.decode()


def test_the_queue_needs_at_most_fifteen_queries(office: Office, log_in: LogIn) -> None:
    for number in range(8):
        office.submitted(f"检查{number}", FAULTY)
    office.published(weibo=STOP)
    client = log_in(PUBLISHER)
    for tab in Tab:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(f"/queue?tab={tab}&q=检查&column=news&kind=original")
        assert len(queries) <= 15


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "0 分钟"), (59, "59 分钟"), (60, "1 小时"), (47 * 60, "47 小时"), (48 * 60, "2 天")]
)
def test_a_length_of_time_in_words(minutes: int, text: str) -> None:
    assert span(timedelta(minutes=minutes)) == text


def test_a_deadline_counts_down(office: Office) -> None:
    states = [countdown(office.now + timedelta(hours=hours), office.now).state for hours in (5, 1, -1)]
    assert states == ["far", "near", "over"]
