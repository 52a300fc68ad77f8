"""robots.txt of the sites that are followed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from syndicate.model.source import SyncResult
from syndicate.records import sources
from tests.databases import on_one
from tests.flow.web import QUICK, Beat, Page

DISALLOW = Page(b"User-agent: *\nDisallow: /", type="text/plain")
pytestmark = on_one


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


def test_the_pause_that_a_site_asks_for_is_kept_between_requests(city: Beat) -> None:
    """The fetcher of this test has no gap of its own."""
    city.web.pages["/robots.txt"] = Page(b"User-agent: *\nCrawl-delay: 1", type="text/plain")
    moments = []

    def noting(path: str) -> Page:
        page = city.web.pages[path]

        def body() -> Iterator[bytes]:
            moments.append(time.monotonic())
            yield page.body if isinstance(page.body, bytes) else b""

        return replace(page, body=body)

    city.web.pages |= {path: noting(path) for path in ("/city", "/1.html")}
    city.one("city")
    assert (len(moments), moments[1] - moments[0] >= 1) == (2, True)


def test_no_site_keeps_us_waiting_for_longer_than_the_limit(city: Beat) -> None:
    city.web.pages["/robots.txt"] = Page(b"User-agent: *\nCrawl-delay: 86400", type="text/plain")
    begun = time.monotonic()
    city.one("city", replace(QUICK, longest_gap=0.1))
    assert time.monotonic() - begun < 20
