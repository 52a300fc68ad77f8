"""What items, channels and columns held at a past moment, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from syndicate.model.delivery import Action
from syndicate.model.finding import Finding, Severity
from syndicate.model.item import ItemState
from syndicate.model.review import Actor, Role
from syndicate.records import audit, deliveries, figures, findings, items, models, past, receipts, work
from syndicate.records.connection import one_transaction
from syndicate.records.values import DeliveryRecord
from tests.records.samples import CONTENT, kept, new_delivery, new_item, receipt

HOUR = timedelta(hours=1)
EDITOR = Actor("样例编辑", Role.EDITOR, "desk")


def tell(action: str, item: int, at: datetime) -> None:
    with one_transaction():
        audit.append(EDITOR, action, f"item:{item}", {}, at)


def arrived(item: int, revision: int, at: datetime, *, said: datetime | None = None, **more: object) -> DeliveryRecord:
    """A delivery that was known to have arrived at a moment, whatever the platform `said` of the hour."""
    delivery = deliveries.get(new_delivery(item, revision, at, **more))  # type: ignore[arg-type]
    models.Delivery.objects.filter(id=delivery.id).update(state="delivered", finished_at=at)
    kept(delivery, receipt(said or at, str(delivery.id)))
    return delivery


@pytest.fixture
def item(records: Path, now: datetime) -> tuple[int, int]:
    return new_item(now)


def test_the_state_of_a_moment_is_that_of_the_last_act_before_it(item: tuple[int, int], now: datetime) -> None:
    acts = ("item.created", "item.submitted", "item.approved_last", "item.published", "item.withdrawn")
    for number, action in enumerate(acts):
        tell(action, item[0], now + number * HOUR)
    models.Item.objects.filter(id=item[0]).update(state=ItemState.WITHDRAWN)
    states = [past.item_states([item[0]], now + number * HOUR + HOUR / 2)[item[0]] for number in range(5)]
    assert states == ["draft", "submitted", "approved", "published", "withdrawn"]


def test_marking_something_as_urgent_changes_no_state(item: tuple[int, int], now: datetime) -> None:
    tell("item.submitted", item[0], now)
    tell("item.urgent", item[0], now + HOUR)
    tell("item.returned", item[0], now + 3 * HOUR)
    assert past.item_states([item[0]], now + 2 * HOUR)[item[0]] is ItemState.SUBMITTED


def test_the_histories_say_the_same_as_the_states(item: tuple[int, int], now: datetime) -> None:
    for number, action in enumerate(("item.created", "item.submitted", "item.returned", "item.discarded")):
        tell(action, item[0], now + number * HOUR)
    models.Item.objects.filter(id=item[0]).update(state=ItemState.DISCARDED)
    told = past.histories([item[0]], now + 9 * HOUR)
    moments = [now + number * HOUR + HOUR / 2 for number in range(4)]
    assert [told.state(item[0], moment) for moment in moments] == [
        past.item_states([item[0]], moment)[item[0]] for moment in moments
    ]


def test_a_channel_held_an_item_from_its_arrival_to_its_removal(item: tuple[int, int], now: datetime) -> None:
    delivery = arrived(*item, now + HOUR)
    taker = deliveries.get(new_delivery(*item, now + 3 * HOUR, action=Action.RETRACT))
    receipts.mark_removed([receipts.held(item[0])[0].id], taker.id, now + 3 * HOUR)
    held = [past.holdings([item[0]], now + number * HOUR) for number in (1, 2, 3, 4)]
    assert [bool(one) for one in held] == [False, True, True, False]
    assert held[1][item[0]][0].revision == delivery.revision


def test_what_arrived_counts_when_it_was_known(item: tuple[int, int], now: datetime) -> None:
    arrived(*item, now + 5 * HOUR, said=now + HOUR)
    early, late = figures.arrivals("weibo", now, now + 2 * HOUR), figures.arrivals("weibo", now, now + 6 * HOUR)
    assert (early.sent, early.last, late.sent, late.last) == (0, None, 1, now + HOUR)


def test_what_arrived_the_day_before_is_not_counted_again(item: tuple[int, int], now: datetime) -> None:
    arrived(*item, now)
    assert figures.arrivals("weibo", now + HOUR, now + 2 * HOUR).sent == 0


def test_a_retraction_is_no_publication(item: tuple[int, int], now: datetime) -> None:
    arrived(*item, now, action=Action.RETRACT)
    assert figures.arrivals("weibo", now - HOUR, now + HOUR) == figures.Arrivals(0, None)


def test_a_column_holds_what_stood_on_the_website(item: tuple[int, int], now: datetime) -> None:
    arrived(*item, now + HOUR, channel="website")
    models.SiteEntry.objects.create(
        channel="website", item_id=item[0], column="news", sequence=1, address="/a", title="样例", source_name="样例",
        published_at=now + HOUR, settled=True, withdrawn=True,
    )  # fmt: skip
    counts = [figures.columns("website", now, now + number * HOUR).get("news") for number in (1, 2)]
    assert [one and (one.count, one.new) for one in counts] == [None, (1, 1)]


def test_the_newest_revision_of_a_moment_is_the_last_one_made_before_it(item: tuple[int, int], now: datetime) -> None:
    second = items.add_revision(item[0], CONTENT, "样例编辑", now + 2 * HOUR)
    found = [items.latest_revisions([item[0]], before=now + number * HOUR) for number in (0, 1, 3)]
    assert [one[item[0]].id if one else None for one in found] == [None, item[1], second]


def test_the_first_submission_is_the_one_that_counts(item: tuple[int, int], now: datetime) -> None:
    for number in (1, 3):
        tell("item.submitted", item[0], now + number * HOUR)
    assert work.first_submissions([item[0]], now + 9 * HOUR)[item[0]].at == now + HOUR
    assert work.first_submissions([item[0]], now) == {}


def test_an_item_is_published_when_we_know_of_it(item: tuple[int, int], now: datetime) -> None:
    arrived(*item, now + 5 * HOUR, said=now + HOUR)
    models.Item.objects.filter(id=item[0]).update(first_published_at=now + HOUR)
    found = [work.first_published(now, now + number * HOUR) for number in (2, 6)]
    assert found == [{}, {item[0]: now + HOUR}]


def found(revision: int, at: datetime, text: str = "样例") -> None:
    with one_transaction():
        findings.replace(revision, [Finding("sample.block", Severity.BLOCK, 0, 2, text, "样例说明")], "s", at)


def test_findings_of_a_revision_that_was_replaced_are_read_no_more(item: tuple[int, int], now: datetime) -> None:
    found(item[1], now)
    second = items.add_revision(item[0], CONTENT, "样例编辑", now + 2 * HOUR)
    found(second, now + 2 * HOUR)
    moments = [now + number * HOUR for number in (1, 3)]
    assert [[one.revision for one in past.findings(moment)] for moment in moments] == [[item[1]], [second]]
    counted = [{one.revision for one in past.counted_findings(moment, now + 9 * HOUR)} for moment in moments]
    assert counted == [{item[1], second}, {second}]


def test_findings_are_counted_without_their_texts(item: tuple[int, int], now: datetime) -> None:
    found(item[1], now, "样例甲")
    found(item[1], now + HOUR, "样例乙")
    with CaptureQueriesContext(connection) as asked:
        counted = list(past.counted_findings(now, now + 2 * HOUR))
    assert [(one.gone_at, one.count) for one in counted] == [(None, 1), (now + HOUR, 1)]
    assert not [query for query in asked.captured_queries if '"text"' in query["sql"] or '"message"' in query["sql"]]


def test_findings_are_counted_for_the_items_that_are_asked_for(item: tuple[int, int], now: datetime) -> None:
    found(item[1], now)
    other = new_item(now)
    found(other[1], now)
    assert [one.item for one in past.counted_findings(now, now + HOUR, [other[0]])] == [other[0]]


def test_what_ended_once_is_told_even_when_it_was_taken_up_again(item: tuple[int, int], now: datetime) -> None:
    for number, action in enumerate(("item.discarded", "item.amendment_started")):
        tell(action, item[0], now + number * HOUR)
    assert [past.ended_once(now + number * HOUR) for number in (0, 3)] == [frozenset(), {item[0]}]


def test_more_items_than_one_question_takes_are_asked_for_in_portions(item: tuple[int, int], now: datetime) -> None:
    arrived(*item, now)
    many = [*range(item[0] + 1, item[0] + 6000), item[0]]
    with CaptureQueriesContext(connection) as asked:
        assert list(past.holdings(many, now + HOUR)) == list(figures.first_receipts(many, now + HOUR)) == [item[0]]
    assert len(asked) == 4
