"""robots.txt of the sites that are followed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndicate.model.source import SyncResult
from syndicate.records import sources
from tests.flow.web import Beat, Page

DISALLOW = Page(b"User-agent: *\nDisallow: /", type="text/plain")
pytestmark = pytest.mark.parametrize("records", ["sqlite"], indirect=True)


@pytest.fixture
def city(beat: Beat) -> Beat:
    beat.follow("city", "json")
    beat.publish("city", 1)
    return beat


def test_a_list_that_the_site_forbids_is_not_read(city: Beat) -> None:
    city.web.pages["/robots.txt"] = DISALLOW
    result = city.one("city")
    assert (result.result, result.why and result.why.key, city.web.count("/city")) == (
        SyncResult.FAILED,
        "sync.robots",
        0,
    )


def test_articles_that_the_site_forbids_are_not_read(city: Beat) -> None:
    city.web.pages["/robots.txt"] = Page(b"User-agent: syndicate\nDisallow: /1.html", type="text/plain")
    assert (city.one("city").failed, city.web.count("/1.html")) == (1, 0)


def test_a_source_may_say_that_it_does_not_obey(beat: Beat) -> None:
    beat.follow("city", "json", robots=False)
    beat.publish("city", 1)
    beat.web.pages["/robots.txt"] = DISALLOW
    assert (beat.one("city").new, beat.web.count("/robots.txt")) == (1, 0)


def test_a_site_without_the_file_allows_everything(city: Beat) -> None:
    assert city.one("city").new == 1


def test_the_file_is_fetched_once_a_day(city: Beat) -> None:
    city.one("city")
    city.one("city")
    assert city.web.count("/robots.txt") == 1
    city.desk.wait(timedelta(hours=25))
    city.one("city")
    assert city.web.count("/robots.txt") == 2


def test_a_site_that_fails_at_first_allows_nothing(city: Beat) -> None:
    city.web.pages["/robots.txt"] = Page(b"", 500)
    assert (city.one("city").result, city.web.count("/city")) == (SyncResult.FAILED, 0)


def test_what_a_site_said_before_stays_valid_while_it_fails(city: Beat) -> None:
    city.one("city")
    city.web.pages["/robots.txt"] = Page(b"", 500)
    city.desk.wait(timedelta(hours=25))
    assert city.one("city").result is SyncResult.NOTHING_NEW


def test_a_source_that_was_asked_for_quiet_is_looked_at_when_it_said(city: Beat) -> None:
    city.web.pages["/city"] = Page(b"", 503, headers={"Retry-After": "5000"})
    city.one("city")
    next_look = sources.health("city").next_look_at
    assert next_look is not None
    assert abs(next_look - city.desk.workspace.now() - timedelta(seconds=5000)) < timedelta(seconds=5)
