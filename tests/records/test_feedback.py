"""What the public sent in, as it is kept, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from syndicate.errors import Conflict, NotFound
from syndicate.model.feedback import FeedbackKind, FeedbackState, Satisfaction
from syndicate.records import feedback
from syndicate.records.connection import one_transaction
from syndicate.records.feedback import FeedbackRecord, NewFeedback, Ratings

DAY = timedelta(days=1)


def kept(now: datetime, receipt: str = "a", **changes: object) -> FeedbackRecord:
    new = NewFeedback(
        kind=FeedbackKind.WORDING,
        page="news/202611/1.html",
        item=None,
        text="第二段有错字（样例）",
        contact=b"encrypted",
        receipt_hash=receipt,
        received_at=now,
        pass_on_due_at=now + DAY,
        answer_due_at=now + 3 * DAY,
    )
    return feedback.add(replace(new, **changes))[0]  # type: ignore[arg-type]  # the names are those of its fields


def test_the_tables_can_be_taken_back_and_made_again(records: Path) -> None:
    loader = MigrationExecutor(connection).loader
    migration = loader.get_migration("records", "0023_feedback")
    for step, exists in ((migration.unapply, False), (migration.apply, True)):
        with connection.schema_editor(atomic=migration.atomic) as editor:
            step(loader.project_state(("records", "0022_reporting")), editor)
        assert ("records_feedback" in connection.introspection.table_names()) is exists


def test_the_same_receipt_is_kept_once(records: Path, now: datetime) -> None:
    first = kept(now)
    again, made = feedback.add(
        NewFeedback(FeedbackKind.OTHER, "", None, "另一段文字", None, "a", now + DAY, now + DAY, now + DAY)
    )
    assert (again, made) == (first, False)


def test_a_receipt_leads_to_its_report_and_no_other_does(records: Path, now: datetime) -> None:
    one = kept(now)
    assert feedback.by_receipt("a") == one
    assert feedback.by_receipt("b") is None


def test_what_does_not_exist_is_told(records: Path) -> None:
    with pytest.raises(NotFound):
        feedback.get(77)


def test_who_was_slower_changes_nothing(records: Path, now: datetime) -> None:
    one = kept(now)
    feedback.change(one, {"assignee": "甲（样例）"})
    with pytest.raises(Conflict):
        feedback.change(one, {"assignee": "乙（样例）"})
    assert feedback.get(one.id).assignee == "甲（样例）"


def test_open_reports_are_listed_by_their_deadline_and_closed_ones_newest_first(records: Path, now: datetime) -> None:
    late, soon = kept(now, "a", answer_due_at=now + 9 * DAY), kept(now + DAY, "b", answer_due_at=now + 2 * DAY)
    assert [one.id for one in feedback.listed(feedback.OPEN, 10)] == [soon.id, late.id]
    for one in (late, soon):
        feedback.change(one, {"state": FeedbackState.ANSWERED})
    assert [one.id for one in feedback.listed([FeedbackState.ANSWERED], 10)] == [soon.id, late.id]


def test_what_was_open_at_a_moment_can_be_told_later(records: Path, now: datetime) -> None:
    one = kept(now)
    feedback.change(one, {"state": FeedbackState.ANSWERED, "answered_at": now + 2 * DAY})
    open_ones = [len(feedback.open_at(now + n * DAY)) for n in (0, 1, 2, 3)]
    assert open_ones == [0, 1, 1, 0]


def test_answers_count_on_their_day_and_late_ones_apart(records: Path, now: datetime) -> None:
    for receipt, days in (("a", 1), ("b", 3)):
        feedback.change(kept(now, receipt), {"state": FeedbackState.ANSWERED, "answered_at": now + days * DAY})
    assert feedback.answered_between(now, now + 2 * DAY) == (1, 0)
    assert feedback.answered_between(now, now + 4 * DAY) == (2, 1)


def test_spam_never_counts_but_against_the_days_limit(records: Path, now: datetime) -> None:
    feedback.change(kept(now), {"state": FeedbackState.SPAM})
    assert feedback.received_between(now, now + DAY) == 0
    assert feedback.open_at(now + DAY) == ()
    assert feedback.received_since(now) == 1


def test_contacts_go_some_time_after_closing_and_texts_of_spam_with_them(records: Path, now: datetime) -> None:
    closed = {"state": FeedbackState.ANSWERED, "closed_at": now}
    answered, spam, still_open = kept(now, "a"), kept(now, "b", contact=None), kept(now, "c")
    feedback.change(answered, closed)
    feedback.change(spam, {**closed, "state": FeedbackState.SPAM})
    assert feedback.erase(now, now) == feedback.Erased(0, 0)
    assert feedback.erase(now + DAY, now + DAY) == feedback.Erased(1, 1)
    assert feedback.contact_of(answered.id) is None
    assert feedback.get(answered.id).text
    assert feedback.get(spam.id).text == ""
    assert feedback.contact_of(still_open.id) == b"encrypted"
    assert feedback.get(answered.id).erased_at == now + DAY


def test_what_a_leaver_has_in_hand_goes_to_his_successor(records: Path, now: datetime) -> None:
    one = feedback.change(kept(now), {"state": FeedbackState.ASSIGNED, "assignee": "甲（样例）"})
    done = feedback.change(kept(now, "b"), {"state": FeedbackState.ANSWERED, "assignee": "甲（样例）"})
    assert feedback.hand_over("甲（样例）", "乙（样例）") == 1
    assert (feedback.get(one.id).assignee, feedback.get(done.id).assignee) == ("乙（样例）", "甲（样例）")


def test_ratings_are_three_counts_of_a_page_and_a_day(records: Path) -> None:
    day, next_day = date(2026, 11, 26), date(2026, 11, 27)
    for page, choice in (("a.html", "satisfied"), ("a.html", "satisfied"), ("b.html", "dissatisfied")):
        with one_transaction():
            feedback.rate(day, page, Satisfaction(choice))
    with one_transaction():
        feedback.rate(next_day, "a.html", Satisfaction.FAIR)
    assert feedback.ratings_by_day(day, next_day) == {day: Ratings(2, 0, 1), next_day: Ratings(0, 1, 0)}
    assert feedback.ratings_by_day(next_day, next_day) == {next_day: Ratings(0, 1, 0)}
    assert feedback.least_liked(day, next_day, 5) == (("b.html", Ratings(0, 0, 1)),)
