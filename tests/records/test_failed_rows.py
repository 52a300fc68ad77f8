"""Rows whose article could not be read, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from syndicate.errors import Message
from syndicate.records import failed_rows
from syndicate.records.failed_rows import FailedRow

WHY = Message("net.gone", {"url": "https://a.example/1.html", "status": 404})


def row(now: datetime, key: str = "k1") -> FailedRow:
    return FailedRow("sample", key, "https://a.example/1.html", "样例", 1, now, now, None, WHY)


def test_a_failing_row_is_kept_with_its_reason(records: Path, now: datetime) -> None:
    failed_rows.store(row(now))
    assert failed_rows.of_source("sample") == {"k1": row(now)}


def test_a_row_that_fails_again_is_still_one(records: Path, now: datetime) -> None:
    failed_rows.store(row(now))
    failed_rows.store(replace(row(now), failures=2))
    assert [one.failures for one in failed_rows.of_source("sample").values()] == [2]


def test_only_tasks_are_told_to_people(records: Path, now: datetime) -> None:
    failed_rows.store(row(now))
    failed_rows.store(replace(row(now, "k2"), dead_at=now))
    assert [one.key for one in failed_rows.dead()] == ["k2"]


def test_rows_are_forgotten_by_source_and_key(records: Path, now: datetime) -> None:
    for one in (row(now), row(now, "k2"), replace(row(now), source="other")):
        failed_rows.store(one)
    failed_rows.forget("sample", ["k1"])
    assert (list(failed_rows.of_source("sample")), list(failed_rows.of_source("other"))) == (["k2"], ["k1"])


def test_an_endless_address_and_title_are_kept_cut_off(records: Path, now: datetime) -> None:
    failed_rows.store(replace(row(now), url="https://a.example/" + "x" * 5_000, title="长" * 900))
    (kept,) = failed_rows.of_source("sample").values()
    assert (len(kept.url), len(kept.title)) == (2_048, 500)
