"""Articles of a former website among those that stand: dense numbers in the order of first publication."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from syndicate.model.channel import Rendition
from syndicate.model.site import Listing, Place, SiteEntry
from syndicate.site.joining import entry_of, joined

START = datetime(2015, 5, 1, tzinfo=UTC)
YEAR = Listing("disclosure/year-2015", "2015年")


def entry(item: int, day: int, sequence: int = -1, column: str = "news", place: int | None = None) -> SiteEntry:
    places = () if place is None else (Place(YEAR, place),)
    listings = (YEAR,) if place is not None else ()
    at = START + timedelta(days=day)
    return SiteEntry(item, column, f"a/{item}.html", "标题", "", "样例", at, sequence, listings=listings, places=places)


def numbers(entries: tuple[SiteEntry, ...], column: str = "news") -> list[tuple[int, int]]:
    """(number, item) of a column by number."""
    return sorted((one.sequence, one.item) for one in entries if one.column == column)


def test_an_empty_column_is_numbered_from_the_oldest() -> None:
    assert numbers(joined((), [entry(1, 30), entry(2, 10), entry(3, 20)])) == [(0, 2), (1, 3), (2, 1)]


def test_younger_articles_are_appended_and_nothing_is_renumbered() -> None:
    standing = [entry(1, 10, 0), entry(2, 20, 1)]
    assert numbers(joined(standing, [entry(3, 30)])) == [(0, 1), (1, 2), (2, 3)]


def test_older_articles_come_before_what_is_younger_and_numbers_below_stay() -> None:
    standing = [entry(1, 10, 0), entry(2, 40, 1)]
    assert numbers(joined(standing, [entry(3, 30), entry(4, 20)])) == [(0, 1), (1, 4), (2, 3), (3, 2)]


def test_other_columns_keep_their_numbers() -> None:
    standing = [entry(1, 40, 0), entry(2, 50, 0, "policy")]
    assert numbers(joined(standing, [entry(3, 10)]), "policy") == [(0, 2)]


def test_a_withdrawn_entry_keeps_its_turn() -> None:
    gone = SiteEntry(1, "news", "a/1.html", "标题", "", "样例", START + timedelta(days=10), 0, withdrawn=True)
    assert numbers(joined([gone], [entry(2, 5), entry(3, 15)])) == [(0, 2), (1, 1), (2, 3)]


def test_listings_are_numbered_in_the_same_way() -> None:
    standing = [entry(1, 40, 0, place=0)]
    new = SiteEntry(2, "policy", "a/2.html", "标题", "", "样例", START, listings=(YEAR,))
    places = {one.item: one.places for one in joined(standing, [new])}
    assert places == {2: (Place(YEAR, 0),), 1: (Place(YEAR, 1),)}


@given(st.lists(st.integers(0, 50), max_size=25), st.lists(st.integers(0, 50), max_size=25))
def test_numbers_are_dense_and_what_stands_keeps_its_order(stand: list[int], fresh: list[int]) -> None:
    standing = [entry(number + 1, day, number) for number, day in enumerate(stand)]
    found = joined(standing, [entry(1_000 + number, day) for number, day in enumerate(fresh)])
    assert sorted(one.sequence for one in found) == list(range(len(stand) + len(fresh)))
    order = [one.item for one in sorted(found, key=lambda one: one.sequence) if one.item < 1_000]
    assert order == [one.item for one in standing]
    new = [one.published_at for one in sorted(found, key=lambda one: one.sequence) if one.item >= 1_000]
    assert new == sorted(new)


def test_an_entry_takes_its_official_fields_and_listings_from_the_rendition() -> None:
    fields = {
        "column": "policy",
        "address": "a/1.html",
        "title": "通知",
        "field:索引号": "0001",
        "field:成文日期": "2015年5月1日",
    }
    found = entry_of(1, Rendition("website", fields, ""), START)
    assert (found.published_at, found.sequence) == (START, -1)
    assert found.fields == {"索引号": "0001", "成文日期": "2015年5月1日"}
    assert found.listings == (YEAR,)
