"""How much the public may send: a pace, a share of the day for each address, and a day's limit for the whole site."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from syndicate.model.feedback import FeedbackRules
from syndicate.model.office import Snapshot
from syndicate.public.feedback import Guards
from syndicate.public.repeats import Repeats
from syndicate.records import feedback
from tests.databases import on_one
from tests.public.feedback_office import PublicOffice, Visitor, open_office, public_snapshot
from tests.records.test_search import publish

TODAY = date(2026, 11, 26)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    """Read once: a load takes a second."""
    return public_snapshot(tmp_path_factory.mktemp("public") / "office")


@pytest.fixture
def office(records: Path, now: datetime, snapshot: Snapshot) -> PublicOffice:
    return open_office(records, now, snapshot)


@pytest.fixture
def visitor(office: PublicOffice) -> Visitor:
    return office.visitor()


@on_one
def test_who_reports_too_often_waits_and_loses_nothing(office: PublicOffice) -> None:
    visitor = office.visitor(Guards())
    replies = [visitor.report(text="第二段有错别字（样例）") for _ in range(6)]
    assert [one.status for one in replies] == [200] * 5 + [429]
    assert int(replies[-1].headers["Retry-After"]) > 1
    assert "第二段有错别字" in replies[-1].text
    assert replace(visitor, address="192.0.2.2").report().status == 200


@on_one
def test_the_site_takes_only_so_many_reports_a_day(office: PublicOffice, visitor: Visitor) -> None:
    office.change(feedback=FeedbackRules(daily_most=2))
    assert [visitor.report().status for _ in range(3)] == [200, 200, 429]
    assert "000-00000000" in visitor.report().text
    office.wait(hours=16)
    assert visitor.report().status == 200


@on_one
def test_one_address_does_not_use_up_the_day_of_the_whole_site(office: PublicOffice, visitor: Visitor) -> None:
    office.change(feedback=FeedbackRules(daily_reports_each=2))
    visitor = office.visitor()
    replies = [visitor.report() for _ in range(3)]
    assert [one.status for one in replies] == [200, 200, 429]
    assert "已达 2 件" in replies[-1].text
    assert "第二段有错别字" in replies[-1].text
    assert replace(visitor, address="192.0.2.2").report().status == 200
    office.wait(days=1)
    assert visitor.report().status == 200


@on_one
def test_a_report_that_was_not_taken_does_not_count(office: PublicOffice) -> None:
    office.change(feedback=FeedbackRules(daily_reports_each=1))
    visitor = office.visitor()
    assert [visitor.report(text="").status, visitor.report().status] == [400, 200]


def rated(office: PublicOffice, visitor: Visitor, pages: Sequence[str]) -> list[int]:
    return [visitor.post("/feedback/rate", page=page, choice="fair").status for page in pages]


@on_one
def test_one_address_rates_only_so_many_pages_a_day(office: PublicOffice) -> None:
    office.change(feedback=FeedbackRules(daily_ratings_each=2))
    visitor = office.visitor()
    pages = ["index.html", *(publish(office.now, number, "样例").address for number in (1, 2))]
    assert rated(office, visitor, [pages[0], pages[0], pages[1], pages[2]]) == [200, 200, 200, 429]
    assert rated(office, replace(visitor, address="192.0.2.2"), [pages[2]]) == [200]
    today = office.now.date()
    assert feedback.ratings_by_day(today, today)[today].fair == 3


def test_what_is_given_back_may_be_done_again() -> None:
    repeats = Repeats()
    marks = [repeats.take("192.0.2.1", "样例", TODAY, 2) for _ in range(3)]
    assert marks[0] is not None and marks[2] is None
    repeats.give_back(marks[0])
    assert [repeats.take("192.0.2.1", "样例", TODAY, 2) is None for _ in range(2)] == [False, True]
