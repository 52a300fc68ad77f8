"""What people are writing, between two saves."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from syndicate.records import kept_writing
from syndicate.records.kept_writing import KEPT_FOR, NEW, Kept


def test_the_last_form_of_a_person_is_kept_for_each_item(records: Path, now: datetime) -> None:
    kept_writing.keep("样例甲", NEW, {"title": ["一"]}, now)
    kept_writing.keep("样例甲", NEW, {"title": ["二"], "channels": ["a", "b"]}, now)
    kept_writing.keep("样例甲", 7, {"title": ["三"]}, now)
    assert kept_writing.kept("样例甲", NEW) == Kept({"title": ["二"], "channels": ["a", "b"]}, now)
    assert kept_writing.kept("样例甲", 7) == Kept({"title": ["三"]}, now)


def test_nobody_gets_what_another_one_typed(records: Path, now: datetime) -> None:
    kept_writing.keep("样例甲", 7, {"title": ["一"]}, now)
    assert kept_writing.kept("样例乙", 7) is None


def test_what_was_saved_is_forgotten(records: Path, now: datetime) -> None:
    kept_writing.keep("样例甲", 7, {"title": ["一"]}, now)
    kept_writing.forget("样例甲", 7)
    assert kept_writing.kept("样例甲", 7) is None


def test_what_nobody_came_back_to_is_forgotten(records: Path, now: datetime) -> None:
    kept_writing.keep("样例甲", 7, {"title": ["一"]}, now)
    kept_writing.keep("样例乙", 8, {"title": ["二"]}, now + KEPT_FOR + timedelta(seconds=1))
    assert kept_writing.kept("样例甲", 7) is None


def test_characters_that_no_database_takes_are_replaced(records: Path, now: datetime) -> None:
    kept_writing.keep("样例甲", 7, {"title": ["一\0\ud800"]}, now)
    assert kept_writing.kept("样例甲", 7) == Kept({"title": ["一\ufffd\ufffd"]}, now)
