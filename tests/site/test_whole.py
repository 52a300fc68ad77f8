from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from syndicate.model.site import SiteEntry
from syndicate.site.whole import WholeSite

START = datetime(2026, 11, 25, tzinfo=ZoneInfo("Asia/Shanghai"))


def entry(item: int, sequence: int, column: str = "news", *, withdrawn: bool = False) -> SiteEntry:
    published = START + timedelta(minutes=item)
    return SiteEntry(item, column, f"{column}/202611/{item}.html", "样稿", "", "", published, sequence, withdrawn)


def test_the_entry_being_written_replaces_the_settled_one() -> None:
    changed = replace(entry(1, 0), title="更正")
    whole = WholeSite([entry(1, 0)], changed)
    assert whole.entry == changed
    assert whole.newest("", 5) == [changed]


def test_tombstones_keep_their_number_and_are_not_among_the_newest() -> None:
    whole = WholeSite([entry(1, 0), entry(2, 1, withdrawn=True), entry(3, 2)])
    assert [one.item for one in whole.slice("news", 0, 20)] == [1, 2, 3]
    assert [one.item for one in whole.newest("news", 20)] == [3, 1]
    assert whole.count("news") == 3


def test_a_number_that_is_not_settled_leaves_a_gap() -> None:
    whole = WholeSite([entry(1, 0), entry(3, 2)])
    assert [one.item for one in whole.slice("news", 0, 3)] == [1, 3]


def test_an_entry_never_settled_is_given_and_not_written() -> None:
    whole = WholeSite([entry(1, 0), entry(2, 1, withdrawn=True)], entry(3, 2))
    assert (whole.count("news"), whole.written("news")) == (3, 2)


def test_an_unknown_column_is_empty() -> None:
    assert WholeSite([]).count("news") == 0
