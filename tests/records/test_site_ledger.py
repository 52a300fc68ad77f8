from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from syndicate.model.site import SiteEntry
from syndicate.records.site_ledger import SiteEntries
from tests.records.samples import CONTENT, kinds, new_item, together

SITE = "website"


@pytest.fixture
def ledger(records: Path) -> SiteEntries:
    return SiteEntries()


def _entry(now: datetime, number: int, column: str = "news") -> SiteEntry:
    item, _ = new_item(now, replace(CONTENT, title=f"样例{number}"))
    at = now + timedelta(minutes=number)
    return SiteEntry(item, column, f"{column}/{item}.html", f"样例{number}", "", "样例县政府办", at)


def _published(ledger: SiteEntries, entry: SiteEntry) -> SiteEntry:
    entry = ledger.view(SITE, entry).entry
    ledger.settle(SITE, entry)
    return entry


def _withdrawn(ledger: SiteEntries, entry: SiteEntry) -> SiteEntry:
    return _published(ledger, replace(entry, withdrawn=True))


def test_sequence_numbers_are_dense_from_zero(ledger: SiteEntries, now: datetime) -> None:
    entries = [_published(ledger, _entry(now, number)) for number in range(3)]
    assert [entry.sequence for entry in entries] == [0, 1, 2]


def test_each_column_counts_by_itself(ledger: SiteEntries, now: datetime) -> None:
    _published(ledger, _entry(now, 1))
    assert _published(ledger, _entry(now, 2, "policy")).sequence == 0


def test_each_website_counts_by_itself(ledger: SiteEntries, now: datetime) -> None:
    _published(ledger, _entry(now, 1))
    assert ledger.view("second", _entry(now, 2)).entry.sequence == 0


def test_an_item_keeps_its_number_and_its_first_publication_time(ledger: SiteEntries, now: datetime) -> None:
    first = _published(ledger, _entry(now, 1))
    again = ledger.view(SITE, replace(first, sequence=-1, published_at=now + timedelta(days=9), title="更正")).entry
    assert (again.sequence, again.published_at, again.title) == (first.sequence, first.published_at, "更正")


def test_two_items_at_once_get_different_numbers(ledger: SiteEntries, now: datetime) -> None:
    entries = [_entry(now, number) for number in range(4)]
    results = together(*(lambda entry=entry: ledger.view(SITE, entry).entry.sequence for entry in entries))
    assert (kinds(results), sorted(results)) == (["int"] * 4, [0, 1, 2, 3])


def test_an_unsettled_entry_is_seen_by_its_own_view(ledger: SiteEntries, now: datetime) -> None:
    view = ledger.view(SITE, _entry(now, 1))
    assert (view.newest("news", 10), view.count("news")) == ((view.entry,), 1)


def test_an_unsettled_entry_is_invisible_to_other_views(ledger: SiteEntries, now: datetime) -> None:
    ledger.view(SITE, _entry(now, 1))
    other = ledger.view(SITE, _entry(now, 2))
    assert (other.newest("", 10), other.slice("news", 0, 10)) == ((other.entry,), (other.entry,))


def test_an_unsettled_entry_is_no_neighbour(ledger: SiteEntries, now: datetime) -> None:
    ledger.view(SITE, _entry(now, 1))
    other = ledger.view(SITE, _entry(now, 2))
    assert other.neighbours("news", other.entry.sequence) == (None, None)


def test_a_settled_entry_is_seen_by_other_views(ledger: SiteEntries, now: datetime) -> None:
    first = _published(ledger, _entry(now, 1))
    assert first in ledger.view(SITE, _entry(now, 2)).newest("news", 10)


def test_the_newest_come_newest_first_and_no_more_than_asked(ledger: SiteEntries, now: datetime) -> None:
    entries = [_published(ledger, _entry(now, number)) for number in range(4)]
    view = ledger.view(SITE, entries[0])
    assert list(view.newest("news", 2)) == [entries[3], entries[2]]


def test_the_newest_of_all_columns_leave_no_column_out(ledger: SiteEntries, now: datetime) -> None:
    entries = [_published(ledger, _entry(now, 1)), _published(ledger, _entry(now, 2, "policy"))]
    assert list(ledger.view(SITE, entries[0]).newest("", 9)) == entries[::-1]


def test_a_withdrawn_entry_stays_as_a_tombstone_in_its_slice(ledger: SiteEntries, now: datetime) -> None:
    first = _published(ledger, _entry(now, 1))
    gone = _withdrawn(ledger, first)
    assert ledger.view(SITE, _entry(now, 2)).slice("news", 0, 1) == (gone,)


def test_a_withdrawn_entry_is_not_among_the_newest(ledger: SiteEntries, now: datetime) -> None:
    _withdrawn(ledger, _published(ledger, _entry(now, 1)))
    view = ledger.view(SITE, _entry(now, 2))
    assert view.newest("news", 10) == (view.entry,)


def test_the_entry_being_withdrawn_is_not_among_the_newest_of_its_own_view(ledger: SiteEntries, now: datetime) -> None:
    older, gone = (_published(ledger, _entry(now, number)) for number in (1, 2))
    assert ledger.view(SITE, replace(gone, withdrawn=True)).newest("news", 1) == (older,)


def test_a_withdrawn_number_is_never_given_again(ledger: SiteEntries, now: datetime) -> None:
    _withdrawn(ledger, _published(ledger, _entry(now, 1)))
    assert ledger.view(SITE, _entry(now, 2)).entry.sequence == 1


def test_neighbours_skip_what_is_withdrawn(ledger: SiteEntries, now: datetime) -> None:
    entries = [_published(ledger, _entry(now, number)) for number in range(3)]
    _withdrawn(ledger, entries[1])
    assert ledger.view(SITE, entries[0]).neighbours("news", 0) == (None, entries[2])


def test_the_entry_being_withdrawn_is_nobodys_neighbour(ledger: SiteEntries, now: datetime) -> None:
    entries = [_published(ledger, _entry(now, number)) for number in range(3)]
    view = ledger.view(SITE, replace(entries[1], withdrawn=True))
    assert (view.neighbours("news", 0), view.neighbours("news", 2)) == ((None, entries[2]), (entries[0], None))


def test_an_entry_that_comes_back_is_a_neighbour_again(ledger: SiteEntries, now: datetime) -> None:
    entries = [_published(ledger, _entry(now, number)) for number in range(2)]
    _withdrawn(ledger, entries[1])
    view = ledger.view(SITE, entries[1])
    assert view.neighbours("news", 0) == (None, entries[1])


def test_a_full_build_sees_every_settled_entry_and_nothing_else(ledger: SiteEntries, now: datetime) -> None:
    first = _published(ledger, _entry(now, 1))
    ledger.view(SITE, _entry(now, 2))
    assert ledger.entries(SITE) == (first,)


def test_an_empty_site_has_no_entries(ledger: SiteEntries) -> None:
    assert ledger.entries(SITE) == ()
