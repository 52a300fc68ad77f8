from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction

from syndicate.errors import Message
from syndicate.model.incident import Incident
from syndicate.records import incidents
from syndicate.records.connection import one_transaction

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = timedelta(hours=1)
SEEN = Incident("site_down", "", Message("incident.over", {"what_zh": "样例", "what_en": "sample"}), "/", NOW)
OPEN = replace(SEEN, opened_at=NOW, deadline=NOW + HOUR)
CLOSED = replace(OPEN, gone_at=NOW + HOUR, closed_at=NOW + HOUR)

pytestmark = pytest.mark.usefixtures("records")


def test_an_incident_is_kept_whole() -> None:
    number = incidents.keep(OPEN)
    assert incidents.several([number])[number] == replace(OPEN, id=number)


def test_an_incident_that_is_kept_again_is_the_same_one() -> None:
    number = incidents.keep(OPEN)
    incidents.keep(replace(CLOSED, id=number))
    assert incidents.several([number])[number] == replace(CLOSED, id=number)


def test_of_one_subject_only_one_incident_goes_on() -> None:
    incidents.keep(OPEN)
    with pytest.raises(IntegrityError), transaction.atomic():
        incidents.keep(SEEN)


def test_trouble_that_returns_is_a_new_incident() -> None:
    first = incidents.keep(CLOSED)
    assert incidents.keep(OPEN) != first


def test_what_goes_on_is_seen_or_open() -> None:
    incidents.keep(CLOSED)
    seen, opened = incidents.keep(SEEN), incidents.keep(replace(OPEN, subject="b"))
    with one_transaction():
        assert [one.id for one in incidents.lock_living()] == [seen, opened]


def test_only_what_has_opened_is_shown_as_open() -> None:
    incidents.keep(SEEN)
    opened = incidents.keep(replace(OPEN, subject="b"))
    assert [one.id for one in incidents.open_ones()] == [opened]


def test_what_was_never_open_can_be_forgotten_and_nothing_else() -> None:
    seen, opened = incidents.keep(SEEN), incidents.keep(replace(OPEN, subject="b"))
    incidents.forget(seen)
    incidents.forget(opened)
    assert [one.id for one in incidents.living()] == [opened]


@pytest.mark.parametrize(
    ("incident", "counts"),
    [
        (OPEN, True),
        (replace(OPEN, opened_at=NOW + 2 * HOUR), False),
        (replace(CLOSED, closed_at=NOW - HOUR, deadline=NOW - 2 * HOUR), False),
        (replace(CLOSED, closed_at=NOW - HOUR, deadline=NOW + HOUR), True),
        (replace(CLOSED, closed_at=NOW), True),
        (SEEN, False),
    ],
    ids=["open", "later", "over and past its deadline", "over and still before it", "over at the start", "only seen"],
)
def test_a_span_holds_what_went_on_ended_or_was_due_in_it(incident: Incident, counts: bool) -> None:
    number = incidents.keep(incident)
    found = [one.id for one in incidents.between(NOW, NOW + HOUR)]
    assert found == ([number] if counts else [])


def test_a_number_that_there_is_not_is_left_out() -> None:
    assert incidents.several([99]) == {}
