"""What the patrol knows of the public site, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syndicate.records import crawling, retention, site_problems
from syndicate.records.connection import one_transaction
from syndicate.records.crawling import LinkRecord, PageRecord, RoundRecord
from syndicate.records.site_problems import ProblemRecord

HOUR = timedelta(hours=1)
LONG = "https://a.example/" + "长" * 600


def page(now: datetime, address: str = "news/1.html", **more: object) -> PageRecord:
    return replace(PageRecord(address, "article", now, now), **more)  # type: ignore[arg-type]


def test_a_page_is_kept_as_it_was_seen(records: Path, now: datetime) -> None:
    seen = page(now, looked_at=now, first_looked_at=now, status=200, sha256="a" * 64, size=10, links=("b.html", LONG))
    crawling.store_pages([seen])
    assert crawling.pages(["news/1.html"]) == {"news/1.html": seen}


def test_only_the_last_look_at_a_page_is_kept(records: Path, now: datetime) -> None:
    crawling.store_pages([page(now, status=500)])
    crawling.store_pages([page(now, status=200), page(now, "b.html")])
    assert [one.status for one in crawling.pages(["news/1.html"]).values()] == [200]


def test_a_page_that_is_known_is_not_added_again(records: Path, now: datetime) -> None:
    crawling.store_pages([page(now, sha256="a" * 64)])
    crawling.add_pages([page(now), page(now, "b.html")])
    assert dict(crawling.known_pages()) == {"news/1.html": "a" * 64, "b.html": ""}


def test_pages_are_due_in_the_order_of_their_time(records: Path, now: datetime) -> None:
    crawling.store_pages(
        [page(now, "b", due_at=now + HOUR), page(now, "a", due_at=now), page(now, "c", due_at=now - HOUR)]
    )
    assert [one.address for one in crawling.due_pages(now, 10, (), now)] == ["c", "a"]


def test_pages_of_urgent_kinds_and_new_articles_come_first(records: Path, now: datetime) -> None:
    old, new = page(now, "old", due_at=now - HOUR), page(now, "new", due_at=now, published_at=now - HOUR)
    crawling.store_pages([old, new, page(now, "home", kind="home")])
    found = [crawling.due_pages(now, limit, ("home",), now - 2 * HOUR) for limit in (1, 2, 3)]
    assert [[one.address for one in pages] for pages in found] == [["new"], ["new", "home"], ["new", "home", "old"]]


def test_a_page_is_made_due_earlier_and_never_later(records: Path, now: datetime) -> None:
    crawling.store_pages([page(now, "a", due_at=now + HOUR), page(now, "b", due_at=now - HOUR)])
    crawling.make_due(["a", "b"], now)
    assert [one.due_at for one in crawling.due_pages(now, 10, (), now)] == [now - HOUR, now]


def test_a_page_nobody_has_looked_at_lately_is_unseen(records: Path, now: datetime) -> None:
    crawling.store_pages([page(now, "a"), page(now, "b", looked_at=now), page(now, "c", looked_at=now - HOUR)])
    assert [one.address for one in crawling.unseen_pages(now, 10)] == ["a", "c"]
    assert (crawling.count_pages(), crawling.count_unseen(), crawling.count_unseen(now)) == (3, 1, 2)


def test_a_page_that_is_forgotten_is_gone(records: Path, now: datetime) -> None:
    crawling.store_pages([page(now, "a"), page(now, "b")])
    crawling.forget_pages(["a"])
    assert set(crawling.known_pages()) == {"b"}


def test_a_link_is_new_and_due_when_it_is_first_named(records: Path, now: datetime) -> None:
    crawling.add_links([LONG], "new", now)
    assert crawling.due_links(now, 5) == (LinkRecord(LONG, "new", now, now),)


def test_a_link_that_is_named_again_keeps_what_is_known(records: Path, now: datetime) -> None:
    crawling.store_links([LinkRecord("https://a.example/", "broken", now, now + HOUR, status=404)])
    crawling.add_links(["https://a.example/"], "new", now)
    assert [one.status for one in crawling.links(["https://a.example/"]).values()] == [404]


def test_links_that_no_page_names_are_forgotten(records: Path, now: datetime) -> None:
    crawling.add_links(["https://a.example/", "https://b.example/"], "new", now)
    crawling.forget_links(["https://b.example/"])
    assert [one.url for one in crawling.links_in(["new"])] == ["https://b.example/"]


def set_problems(found: list[ProblemRecord], now: datetime, pages: tuple[str, ...] | None = None) -> None:
    with one_transaction():
        site_problems.set_problems(("tag", "link"), pages, found, now)


TAG = ProblemRecord("tag", "news/1.html", detail="缺少 PubDate")


def test_a_problem_stands_from_the_look_that_found_it_to_the_one_that_does_not(records: Path, now: datetime) -> None:
    set_problems([TAG], now)
    set_problems([TAG], now + HOUR)
    set_problems([], now + 2 * HOUR)
    at = [site_problems.problems_at(now + wait) for wait in (timedelta(0), HOUR, 2 * HOUR, 3 * HOUR)]
    assert [[one.opened_at for one in found] for found in at] == [[], [now], [now], []]


def test_a_problem_that_comes_again_is_another_one(records: Path, now: datetime) -> None:
    for hours, found in ((0, [TAG]), (1, []), (2, [TAG])):
        set_problems(list(found), now + hours * HOUR)
    assert [one.opened_at for one in site_problems.open_problems()] == [now + 2 * HOUR]


def test_problems_of_other_pages_and_kinds_are_left_alone(records: Path, now: datetime) -> None:
    other, slow = replace(TAG, page="b.html"), replace(TAG, kind="slow")
    set_problems([TAG, other], now)
    with one_transaction():
        site_problems.set_problems(("slow",), None, [slow], now)
    set_problems([], now + HOUR, pages=("news/1.html",))
    assert {(one.kind, one.page) for one in site_problems.open_problems()} == {
        ("tag", "b.html"),
        ("slow", "news/1.html"),
    }


def test_a_link_is_the_same_problem_whatever_page_names_it(records: Path, now: datetime) -> None:
    link = ProblemRecord("link", "b.html", "https://a.example/", "404")
    set_problems([link], now)
    set_problems([replace(link, page="c.html", detail="410")], now + HOUR)
    assert site_problems.open_problems() == (replace(link, page="c.html", detail="410", opened_at=now),)


@pytest.mark.parametrize("first", [False, True])
def test_a_link_that_comes_to_the_home_page_or_leaves_it_is_another_problem_from_then_on(
    records: Path, now: datetime, first: bool
) -> None:
    link = ProblemRecord("link", "b.html", "https://a.example/", "404", on_home=first)
    set_problems([link], now)
    set_problems([replace(link, on_home=not first)], now + HOUR)
    at = [site_problems.problems_at(now + wait) for wait in (HOUR, 2 * HOUR)]
    assert [[(one.on_home, one.opened_at) for one in found] for found in at] == [
        [(first, now)],
        [(not first, now + HOUR)],
    ]


def test_problems_that_ended_long_ago_are_dropped(records: Path, now: datetime) -> None:
    set_problems([TAG], now)
    set_problems([], now + HOUR)
    assert retention.remove("site_problems", now + 2 * HOUR) == 1
    assert site_problems.problems_at(now + timedelta(minutes=30)) == ()


def test_the_last_round_before_a_moment_is_told(records: Path, now: datetime) -> None:
    first, second = RoundRecord(now, 1, 2, 3, 4), RoundRecord(now + HOUR, 5, 6, 7, 0)
    crawling.add_round(first)
    crawling.add_round(second)
    moments = (now, now + HOUR, now + 2 * HOUR)
    assert [crawling.last_round(moment) for moment in moments] == [None, first, second]
    assert retention.remove("site_rounds", now + HOUR) == 1
    assert crawling.last_round(now + HOUR) is None


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_what_no_database_can_keep_is_replaced(records: Path, now: datetime, text: str) -> None:
    crawling.store_links([LinkRecord("https://a.example/", "fine", now, now, title=text, why=text)])
    set_problems([replace(TAG, detail=text)], now)
    assert crawling.links_in(["fine"])[0].title == "a\N{REPLACEMENT CHARACTER}b"
    assert site_problems.open_problems()[0].detail == "a\N{REPLACEMENT CHARACTER}b"
