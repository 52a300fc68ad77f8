from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from syndicate.errors import Message
from syndicate.model.source import SyncResult
from syndicate.records import sources
from tests.records.samples import new_item


def test_nothing_was_seen_before_the_first_look(records: Path) -> None:
    assert dict(sources.seen("sample")) == {}


def test_what_was_seen_is_remembered_with_its_item(records: Path, now: datetime) -> None:
    item, _ = new_item(now)
    sources.mark_seen("sample", "k1", item, "hash", now)
    assert sources.seen("sample") == {"k1": sources.Seen(item, "hash")}


def test_each_source_has_its_own_seen_set(records: Path, now: datetime) -> None:
    sources.mark_seen("one", "k1", None, "hash", now)
    assert dict(sources.seen("two")) == {}


def test_an_archive_counts_as_seen_without_items(records: Path, now: datetime) -> None:
    sources.mark_archive("sample", {"k1": "h1", "k2": "h2"}, now)
    assert {key: seen.item for key, seen in sources.seen("sample").items()} == {"k1": None, "k2": None}


def test_an_archive_never_overwrites_what_was_seen(records: Path, now: datetime) -> None:
    item, _ = new_item(now)
    sources.mark_seen("sample", "k1", item, "h1", now)
    sources.mark_archive("sample", {"k1": "other"}, now)
    assert sources.seen("sample")["k1"] == sources.Seen(item, "h1")


def test_a_changed_row_keeps_its_key_and_gets_its_new_hash(records: Path, now: datetime) -> None:
    for row_hash in ("old", "new"):
        sources.mark_seen("sample", "k1", None, row_hash, now)
    assert sources.seen("sample") == {"k1": sources.Seen(None, "new")}


def test_a_source_that_was_never_looked_at_has_no_result(records: Path) -> None:
    assert sources.health("sample").result is None


def test_health_comes_back_as_it_was_stored(records: Path, now: datetime) -> None:
    why = Message("ledger.expired")
    health = sources.Health("sample", SyncResult.WALL, why, now, None, None, 3, now, '"etag"', "yesterday")
    sources.store_health(health)
    assert sources.health("sample") == health


def test_health_is_replaced_as_a_whole(records: Path, now: datetime) -> None:
    first = sources.Health("sample", SyncResult.WALL, Message("ledger.expired"), now, None, None, 3, now, "", "")
    sources.store_health(first)
    better = replace(first, result=SyncResult.NEW, message=None, failures=0)
    sources.store_health(better)
    assert sources.health("sample") == better


def test_looks_are_found_by_day(records: Path, now: datetime) -> None:
    look = sources.Look("sample", now, SyncResult.NEW, 2, 1, 0, None)
    sources.add_look(look)
    sources.add_look(replace(look, at=now + timedelta(days=1)))
    assert sources.looks_between(now, now + timedelta(days=1)) == (look,)


def test_the_last_look_of_a_moment_says_how_the_source_stood_then(records: Path, now: datetime) -> None:
    def look(minutes: int, result: SyncResult, message: Message | None = None, **stood: datetime) -> sources.Look:
        return sources.Look("city", now + timedelta(minutes=minutes), result, 0, 0, 0, message, **stood)

    sources.add_look(look(0, SyncResult.NEW, last_success_at=now, next_look_at=now + timedelta(hours=1)))
    sources.add_look(look(10, SyncResult.WALL, last_success_at=now, next_look_at=now + timedelta(hours=2)))
    sources.add_look(
        look(20, SyncResult.NOTHING_NEW, Message("sync.original_gone", {"item": 1, "title": "样例", "url": "u"}))
    )
    stood = {
        minutes: sources.last_looks(["city", "province"], now + timedelta(minutes=minutes)) for minutes in (0, 5, 30)
    }
    assert {minutes: found["city"].result for minutes, found in stood.items() if found} == {
        5: SyncResult.NEW,
        30: SyncResult.WALL,
    }
    assert stood[30]["city"].next_look_at == now + timedelta(hours=2)
