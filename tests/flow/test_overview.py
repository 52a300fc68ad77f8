"""What people look at: lines of the queue and everything about one item, in a fixed number of queries."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syndicate.errors import NotFound
from syndicate.flow.attention import attention
from syndicate.flow.decide import Vote, decide, review_situation
from syndicate.flow.overview import item_page, queue_rows, rows_of, situation_of
from syndicate.flow.withdraw import confirm, withdraw
from syndicate.model.delivery import DeliveryState
from syndicate.model.finding import Severity
from syndicate.model.item import ItemState
from syndicate.model.review import Verdict, WithdrawalKind
from syndicate.records import findings, items, receipts, reviews
from tests.flow.office import CONTENT, PUBLISHER, REVIEWER, SECOND, Desk

BLOCKED = replace(CONTENT, title="含禁用词甲的标题")


def test_a_line_names_title_source_and_column(desk: Desk) -> None:
    desk.submitted("app")
    (row,) = queue_rows(desk.workspace, [ItemState.SUBMITTED], 10)
    assert (row.title, row.source_name, row.column_title) == (CONTENT.title, CONTENT.source_name, "样例要闻")


def test_a_line_shows_the_worst_finding(desk: Desk) -> None:
    desk.submitted("app", content=BLOCKED)
    (row,) = queue_rows(desk.workspace, [ItemState.SUBMITTED], 10)
    assert (row.worst, row.findings > 0) == (Severity.BLOCK, True)


def test_a_line_says_how_many_channels_have_it(desk: Desk) -> None:
    desk.approved("app", "hall")
    desk.run()
    (row,) = queue_rows(desk.workspace, [ItemState.PUBLISHED], 10)
    assert (row.delivered, row.channels) == (1, 2)


def test_a_withdrawal_does_not_count_as_a_publication(desk: Desk) -> None:
    item = desk.approved("app")
    desk.settle()
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "有误")
    (row,) = queue_rows(desk.workspace, [ItemState.WITHDRAWN], 10)
    assert (row.channels, len(row.deliveries)) == (1, 2)


def test_a_line_shows_the_newest_title(desk: Desk) -> None:
    item = desk.approved("app")
    desk.settle()
    desk.corrected(item, "改正后的标题")
    (row,) = rows_of(desk.workspace, [items.get(item)])
    assert row.title == "改正后的标题"


def test_the_queue_is_paged(desk: Desk) -> None:
    numbers = [desk.draft("app") for _ in range(3)]
    pages = [[row.item.id for row in queue_rows(desk.workspace, [ItemState.DRAFT], 2, at)] for at in (0, 2)]
    assert pages == [numbers[:2], numbers[2:]]


def test_the_queue_shows_only_the_states_asked_for(desk: Desk) -> None:
    desk.draft("app")
    assert queue_rows(desk.workspace, [ItemState.SUBMITTED], 10) == ()


def test_a_long_queue_takes_no_more_queries_than_a_short_one(desk: Desk) -> None:
    counts = []
    for _ in range(2):
        desk.submitted("app", content=BLOCKED)
        desk.submitted("app")
        with CaptureQueriesContext(connection) as queries:
            queue_rows(desk.workspace, [ItemState.SUBMITTED], 10)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_page_of_an_unknown_item_is_not_found(desk: Desk) -> None:
    with pytest.raises(NotFound):
        item_page(desk.workspace, 404)


def test_a_page_has_every_revision_and_the_newest_apart(desk: Desk) -> None:
    item = desk.approved("app")
    desk.settle()
    desk.corrected(item, "改正后的标题")
    page = item_page(desk.workspace, item)
    assert ([one.number for one in page.revisions], page.revision.number) == ([1, 2], 2)


def test_a_page_has_the_decisions_on_every_revision(desk: Desk) -> None:
    item = desk.approved("app")
    desk.settle()
    desk.corrected(item, "改正后的标题")
    assert len(item_page(desk.workspace, item).decisions) == 2


def test_a_page_has_deliveries_attempts_and_receipts(desk: Desk) -> None:
    item = desk.approved("app")
    desk.settle()
    page = item_page(desk.workspace, item)
    (sent,) = page.deliveries
    assert (sent.state, len(page.attempts[sent.id]), page.receipts) == (
        DeliveryState.DELIVERED,
        1,
        receipts.of_items([item]),
    )


def test_a_page_has_the_findings_of_the_newest_revision(desk: Desk) -> None:
    item = desk.submitted("app", content=BLOCKED)
    page = item_page(desk.workspace, item)
    assert page.findings == findings.of_revision(page.revision.id)


def test_a_page_has_its_withdrawals_and_its_audit(desk: Desk) -> None:
    item = desk.approved("app")
    desk.settle()
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "有误")
    page = item_page(desk.workspace, item)
    assert ([one.reason for one in page.withdrawals], page.audit[0].action) == (["有误"], "item.created")


@pytest.mark.parametrize("stage", ["draft", "submitted", "first level", "blocked", "published", "withdrawn"])
def test_the_situation_from_a_page_is_the_one_that_decisions_use(desk: Desk, stage: str) -> None:
    item = _at(desk, stage)
    page = item_page(desk.workspace, item)
    assert situation_of(page) == review_situation(page.item, page.revision, page.findings)


def _at(desk: Desk, stage: str) -> int:
    if stage == "draft":
        return desk.draft("app")
    if stage in ("submitted", "blocked"):
        return desk.submitted("app", content=BLOCKED if stage == "blocked" else CONTENT)
    item = desk.submitted("app")
    if stage == "first level":
        decide(desk.workspace, REVIEWER, item, Vote(Verdict.RETURN, 1, "请核对"))
        return item
    desk.approve(item)
    desk.settle()
    if stage == "withdrawn":
        withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "有误")
        desk.settle()
    return item


def test_a_withdrawal_asks_for_attention_until_a_second_person_confirmed_it(desk: Desk) -> None:
    item = desk.approved("app")
    desk.settle()
    withdraw(desk.workspace, PUBLISHER, item, WithdrawalKind.ERROR, "有误")
    (one,) = attention(desk.workspace, SECOND).second_looks
    assert (one.kind, one.item, one.title, one.actor) == ("withdrawal", item, CONTENT.title, PUBLISHER.name)
    (made,) = reviews.withdrawals(item)
    confirm(desk.workspace, SECOND, made.id)
    assert attention(desk.workspace, SECOND).second_looks == ()


def test_a_column_without_anything_asks_for_attention(desk: Desk) -> None:
    assert {one.column.name for one in attention(desk.workspace, SECOND).columns} == {"news", "policy"}
