from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from syndicate.errors import NotFound
from syndicate.model.delivery import DeliveryState
from syndicate.model.site import Listing, SiteEntry
from syndicate.records import models
from syndicate.records.site_columns import adopt_columns
from syndicate.records.site_ledger import SiteEntries
from tests.records.samples import CONTENT, kinds, new_delivery, new_item, together

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


def test_a_number_that_was_given_and_never_settled_is_not_written(ledger: SiteEntries, now: datetime) -> None:
    ledger.view(SITE, _entry(now, 1))
    other = ledger.view(SITE, _entry(now, 2))
    assert (other.count("news"), other.written("news")) == (2, 0)


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


@pytest.mark.parametrize(("column", "index"), [("", "newest_of_site"), ("policy", "newest_shown")])
def test_the_newest_are_read_from_an_index_in_their_order(
    ledger: SiteEntries, now: datetime, column: str, index: str
) -> None:
    view = ledger.view(SITE, _published(ledger, _entry(now, 1)))
    with CaptureQueriesContext(connection) as asked:
        view.newest(column, 6)
    explain = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # it reads small tables whole
        cursor.execute(f"{explain} {asked[0]['sql']}")
        plan = str(cursor.fetchall())
    assert index in plan
    assert "TEMP B-TREE" not in plan
    assert "Sort" not in plan


def test_a_withdrawn_number_is_never_given_again(ledger: SiteEntries, now: datetime) -> None:
    _withdrawn(ledger, _published(ledger, _entry(now, 1)))
    assert ledger.view(SITE, _entry(now, 2)).entry.sequence == 1


def test_an_entry_that_is_written_again_counts_as_written(ledger: SiteEntries, now: datetime) -> None:
    entries = [_published(ledger, _entry(now, number)) for number in range(3)]
    assert ledger.view(SITE, entries[2]).written("news") == 3


def test_a_withdrawn_number_stays_written(ledger: SiteEntries, now: datetime) -> None:
    _withdrawn(ledger, _published(ledger, _entry(now, 1)))
    assert ledger.view(SITE, _entry(now, 2)).written("news") == 1


def test_a_full_build_sees_every_settled_entry_and_nothing_else(ledger: SiteEntries, now: datetime) -> None:
    first = _published(ledger, _entry(now, 1))
    ledger.view(SITE, _entry(now, 2))
    assert ledger.entries(SITE) == (first,)


def test_an_empty_site_has_no_entries(ledger: SiteEntries) -> None:
    assert ledger.entries(SITE) == ()


YEAR = Listing("disclosure/year-2026", "2026年")
ORGAN = Listing("disclosure/organ-1", "样例县政府")


def _document(now: datetime, number: int, **fields: str) -> SiteEntry:
    named = {"索引号": f"0/{number}", "发文字号": f"样政发〔2026〕{number}号", **fields}
    return replace(_entry(now, number, "policy"), fields=named, listings=(YEAR, ORGAN))


def test_places_in_a_listing_are_dense_and_kept(ledger: SiteEntries, now: datetime) -> None:
    first = _published(ledger, _document(now, 1))
    second = _published(ledger, _document(now, 2))
    assert [place.sequence for place in first.places] == [0, 0]
    assert [place.sequence for place in second.places] == [1, 1]
    moved = ledger.view(SITE, replace(first, listings=(ORGAN,))).entry
    assert moved.places == first.places


def test_a_listing_is_written_up_to_its_last_settled_document(ledger: SiteEntries, now: datetime) -> None:
    settled = _published(ledger, _document(now, 1, 主题分类="综合政务"))
    name = settled.places[0].listing.name
    new, again = ledger.view(SITE, _document(now, 2, 主题分类="综合政务")), ledger.view(SITE, settled)
    assert (new.count(name), new.written(name), again.written(name)) == (2, 1, 1)


def test_a_listing_shows_settled_entries_and_the_one_being_written(ledger: SiteEntries, now: datetime) -> None:
    first = _published(ledger, _document(now, 1))
    ledger.view(SITE, _document(now, 2))  # its worker died before it settled
    view = ledger.view(SITE, _document(now, 3))
    assert [one.item for one in view.slice(YEAR.name, 0, 20)] == [first.item, view.entry.item]
    assert view.count(YEAR.name) == 3
    assert view.listings() == (ORGAN, YEAR)


def test_documents_and_interpretations_find_each_other(ledger: SiteEntries, now: datetime) -> None:
    document = _published(ledger, _document(now, 1))
    explaining = replace(_entry(now, 2), fields={"解读文件": "样政发〔2026〕1号"})
    view = ledger.view(SITE, explaining)
    assert [one.item for one in view.related(view.entry)] == [document.item]
    assert [one.item for one in view.affected()] == [document.item]
    assert [one.item for one in view.related(document)] == [explaining.item]
    ledger.settle(SITE, view.entry)
    gone = ledger.view(SITE, replace(explaining, fields={}, withdrawn=True))
    assert [one.item for one in gone.affected()] == [document.item]
    assert gone.related(document) == ()


def test_what_stands_is_what_the_channel_received_last(ledger: SiteEntries, now: datetime) -> None:
    item, revision = new_item(now)
    with pytest.raises(NotFound):
        ledger.standing(SITE, item)
    new_delivery(item, revision, now, channel=SITE, state=DeliveryState.DELIVERED)
    models.Delivery.objects.update(attempts_made=1)
    assert ledger.standing(SITE, item).fields == {"text": "样例短文"}


def test_a_renamed_column_keeps_numbers_and_addresses(ledger: SiteEntries, now: datetime) -> None:
    before = [_published(ledger, _entry(now, number)) for number in range(3)]
    for _ in range(2):
        adopt_columns(SITE, {"news": "xinwen"})
    after = ledger.entries(SITE)
    assert [(one.item, one.sequence, one.address) for one in after] == [
        (one.item, one.sequence, one.address) for one in before
    ]
    assert {one.column for one in after} == {"xinwen"}


def test_two_columns_that_become_one_are_numbered_by_time(ledger: SiteEntries, now: datetime) -> None:
    entries = [_published(ledger, _entry(now, number, "news" if number % 2 else "xinwen")) for number in range(7)]
    adopt_columns(SITE, {"news": "xinwen"})
    after = ledger.entries(SITE)
    assert [(one.item, one.sequence) for one in after] == [(one.item, n) for n, one in enumerate(entries)]
    assert _published(ledger, _entry(now, 9, "xinwen")).sequence == 7
