from __future__ import annotations

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from syndicate.desk.charts import HEIGHT, WIDTH, chart
from syndicate.errors import Message
from syndicate.flow import personal_tokens
from syndicate.flow.day_figures import DayFigures, recent
from syndicate.flow.decide import Vote, decide
from syndicate.flow.withdraw import withdraw
from syndicate.model.delivery import DeliveryState, NeedsPerson
from syndicate.model.review import Verdict, WithdrawalKind
from syndicate.model.token import Scope
from syndicate.records import models
from tests.desk.office import EDITOR, PUBLISHER, REVIEWER, Office


def test_each_day_has_what_was_done_on_it(office: Office) -> None:
    office.published("昨天发布")
    office.wait(days=1)
    decide(office.workspace, REVIEWER, office.submitted("今天退回"), Vote(Verdict.RETURN, 1, "核实"))
    withdraw(office.workspace, PUBLISHER, 1, WithdrawalKind.ERROR, "有误")
    before, today = recent(office.workspace, 2)
    assert (before.created, before.published, before.returned, before.withdrawn) == (1, 1, 0, 0)
    assert (today.created, today.published, today.returned, today.withdrawn) == (1, 0, 1, 1)
    assert today.day == date(2026, 11, 27)


def test_days_begin_at_midnight_here(office: Office) -> None:
    office.now = office.now.replace(hour=15, minute=59)  # 23:59 in Shanghai
    office.draft()
    office.wait(minutes=2)
    office.draft()
    assert [one.created for one in recent(office.workspace, 2)] == [1, 1]


def test_the_time_taken_is_the_median_from_submitting_to_the_first_publication(office: Office) -> None:
    for hours in (1, 2, 9):
        number = office.published()
        models.Item.objects.filter(id=number).update(submitted_at=office.now - timedelta(hours=hours))
    assert recent(office.workspace, 1)[0].taken == timedelta(hours=2)


def test_what_was_submitted_again_after_it_was_out_says_nothing_of_the_first_time(office: Office) -> None:
    number = office.published()
    models.Item.objects.filter(id=number).update(submitted_at=office.now + timedelta(hours=1))
    assert (recent(office.workspace, 1)[0].published, recent(office.workspace, 1)[0].taken) == (1, None)


def days_of(counts: list[int]) -> list[DayFigures]:
    return [DayFigures(date(2026, 11, 1) + timedelta(days=n), published=count) for n, count in enumerate(counts)]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=30))
def test_every_bar_stands_within_the_picture_and_is_as_high_as_its_share(counts: list[int]) -> None:
    made = chart("x", "标题", "句", days_of(counts), lambda one: (one.published, str(one.published)))
    assert len(made.bars) == len(counts)
    for bar, count in zip(made.bars, counts, strict=True):
        assert bar.x >= 0
        assert bar.x + bar.width <= WIDTH + 0.2
        assert bar.y >= 0
        assert abs(bar.y + bar.height - made.base) < 0.2
        assert (bar.height == 0) is (count == 0) or count < max(counts) / 1000
    assert max(bar.height for bar in made.bars) <= HEIGHT


def test_today_is_always_named(office: Office) -> None:
    for length in (1, 7, 14, 30):
        made = chart("x", "标题", "句", days_of([1] * length), lambda one: (1, "1"))
        assert made.bars[-1].last
        assert made.bars[-1].label


def test_charts_are_pictures_with_words_and_a_table_with_the_same_numbers(office: Office, editor: Client) -> None:
    office.published()
    page = editor.get("/figures").content.decode()
    for picture in page.split("<svg")[1:]:
        root = ElementTree.fromstring("<svg" + picture.split("</svg>")[0] + "</svg>")
        assert root.find("title") is not None
        assert (root.find("desc").text or "").startswith("最近 14 天")  # type: ignore[union-attr]
    assert page.count("<svg") == 3
    assert '<th scope="row">2026-11-26</th><td>1</td>' in page
    assert "style=" not in page


def test_the_figures_come_as_a_part_or_as_a_page(office: Office, editor: Client) -> None:
    part = editor.get("/figures?days=30", headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert "最近 30 天" in part
    assert "<html" in editor.get("/figures").content.decode()


@pytest.mark.parametrize("days", ["", "0", "99999999", "x", "-1", "14"])
def test_nonsense_asks_for_the_last_two_weeks(office: Office, editor: Client, days: str) -> None:
    assert "最近 14 天" in editor.get(f"/figures?days={days}").content.decode()


def busy(office: Office) -> None:
    """Something of every kind that the overview shows."""
    office.reprint("寒潮防范通知", "<p>文</p>", 1)
    office.published("食品检查", weibo=NeedsPerson(Message("ledger.never_arrives")))
    withdraw(office.workspace, PUBLISHER, office.published("旧通知"), WithdrawalKind.SUPERSEDED, "已更新")
    number = office.approved("结果不明的稿件")
    models.Delivery.objects.filter(item_id=number, channel="weibo").update(state=DeliveryState.UNSURE)
    personal_tokens.make(office.workspace, EDITOR, EDITOR.name, "统计", [Scope.READ], 10)
    models.Letter.objects.create(
        way="mail", message_id="<1>", created_at=office.now, failures=1, message_key="mail.away", subject="", body=""
    )


def test_the_overview_leads_to_where_each_thing_is_done(office: Office, editor: Client) -> None:
    busy(office)
    page = editor.get("/").content.decode()
    for words, place in (
        ("结果不明", "/deliveries?view=open"),
        ("投递停下了", "/deliveries"),
        ("旧通知", "/items/3"),
        ("我的令牌将到期", "/tokens"),
        ("没有寄出", "/notices"),
        ("云川要闻", "/queue?tab=all&amp;column=news"),
    ):
        assert words in page
        assert f'href="{place}"' in page


def test_somebody_elses_token_is_not_my_business(office: Office, reviewer: Client) -> None:
    busy(office)
    assert "我的令牌将到期" not in reviewer.get("/").content.decode()


@pytest.mark.parametrize("address", ["/", "/figures", "/notices", "/notices/settings", "/tokens"])
def test_a_page_asks_at_most_fifteen_times(office: Office, publisher: Client, address: str) -> None:
    busy(office)
    with CaptureQueriesContext(connection) as asked:
        page = publisher.get(address)
    assert page.status_code == 200
    assert len(asked) <= 15
    assert len(page.content) < 60_000
