"""One alarm when a source stops being well, one all-clear when it is again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.flow.overview import queue_rows
from syndicate.model.item import ItemState
from syndicate.records import audit, sources
from tests.databases import on_one
from tests.flow.web import Beat, Page

pytestmark = on_one


def told() -> list[str]:
    return [row.action for row in audit.of_subject("source:city")]


@pytest.fixture
def city(beat: Beat) -> Beat:
    beat.follow("city", "json")
    beat.publish("city", 1)
    beat.one("city")
    return beat


def test_a_well_source_is_no_incident(city: Beat) -> None:
    assert told() == []
    assert sources.open_incident("city") is None


def test_a_long_trouble_is_one_alarm_and_one_all_clear(city: Beat) -> None:
    good = city.web.pages["/city"]
    city.web.pages["/city"] = Page(b"", 500)
    alarms = [city.one("city").alarm for _ in range(3)]
    city.web.pages["/city"] = good
    recovered = [city.one("city").recovered for _ in range(2)]
    assert (alarms, recovered, told()) == ([True, False, False], [True, False], ["source.alarm", "source.recovered"])


def test_an_incident_that_goes_on_says_since_when(city: Beat) -> None:
    begun = city.desk.workspace.now()
    city.web.pages["/city"] = Page(b"", 500)
    city.one("city")
    city.desk.wait(timedelta(hours=5))
    city.one("city")
    incident = sources.open_incident("city")
    assert incident is not None
    assert incident.opened_at == begun


def test_another_trouble_later_is_another_incident(city: Beat) -> None:
    good = city.web.pages["/city"]
    for _ in range(2):
        city.web.pages["/city"] = Page(b"", 500)
        city.one("city")
        city.web.pages["/city"] = good
        city.one("city")
    assert told().count("source.alarm") == 2


def test_every_reprint_in_the_queue_has_its_hours_left(city: Beat) -> None:
    city.desk.wait(timedelta(hours=1))
    (row,) = queue_rows(city.desk.workspace, [ItemState.SUBMITTED], 10)
    deadline = row.item.deadline_at
    assert deadline is not None
    assert row.hours_left == round((deadline - city.desk.workspace.now()) / timedelta(hours=1), 1)
