"""Quotas are counted once for all, accounts stand as they were put, and what drivers remember stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from syndicate.errors import Message
from syndicate.model.account import AccountState
from syndicate.model.channel import Channel, ChannelKind
from syndicate.records import accounts
from syndicate.records.connection import one_transaction
from syndicate.records.quotas import CallCounts, ChannelNotes, used
from tests.channels.office import LADDER

BEIJING = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=BEIJING)
WEIBO = Channel("weibo", ChannelKind.WEIBO, "样例微博", LADDER, limits={"calls_per_day": 5, "posts_per_hour": 2})


def test_the_migration_of_accounts_goes_back_and_forth(records: Path) -> None:
    loader = MigrationExecutor(connection).loader
    migration = loader.get_migration("records", "0011_accounts")
    for step, exists in ((migration.unapply, False), (migration.apply, True)):
        with connection.schema_editor(atomic=migration.atomic) as editor:
            step(loader.project_state(("records", "0010_failed_rows")), editor)
        assert ("records_callcount" in connection.introspection.table_names()) is exists


def test_a_call_is_counted_until_nothing_is_left_and_then_says_when_it_may(records: Path) -> None:
    counts = CallCounts()
    assert [counts.take(WEIBO, "statuses/share", NOON) for _ in range(2)] == [None, None]
    assert counts.take(WEIBO, "statuses/share", NOON) == NOON + timedelta(hours=1)


def test_a_refused_call_is_counted_in_no_quota(records: Path) -> None:
    counts = CallCounts()
    for _ in range(4):
        counts.take(WEIBO, "statuses/share", NOON)
    assert {use.quota.name: use.used for use in used(WEIBO, NOON)} == {"calls_per_day": 2, "posts_per_hour": 2}


def test_the_next_window_begins_with_nothing_used(records: Path) -> None:
    counts = CallCounts()
    for _ in range(2):
        counts.take(WEIBO, "statuses/share", NOON)
    assert counts.take(WEIBO, "statuses/share", NOON + timedelta(hours=1)) is None


def test_what_is_kept_for_looking_is_left_to_looks(records: Path) -> None:
    counts = CallCounts()
    taken = [counts.take(WEIBO, "statuses/user_timeline", NOON) for _ in range(6)]
    looked = [counts.take(WEIBO, "statuses/user_timeline", NOON, looking=True) for _ in range(3)]
    assert [one is None for one in taken] == [True, True, True, False, False, False]
    assert [one is None for one in looked] == [True, True, False]


def test_a_platforms_day_begins_at_the_hour_the_account_says(records: Path) -> None:
    early = replace(WEIBO, limits={"calls_per_day": 2, "quota_reset_hour": 8})
    counts = CallCounts()
    six = NOON.replace(hour=6)
    for _ in range(2):
        counts.take(early, "statuses/destroy", six)
    assert counts.take(early, "statuses/destroy", six) == NOON.replace(hour=8)


def test_other_kinds_of_channels_have_no_quota(records: Path) -> None:
    assert CallCounts().take(replace(WEIBO, kind=ChannelKind.LED), "anything", NOON) is None


def test_an_account_without_a_row_is_ok(records: Path) -> None:
    assert accounts.get("weibo").state is AccountState.OK


def test_an_account_stands_as_it_was_put(records: Path) -> None:
    with one_transaction():
        found = accounts.lock("weibo", NOON)
        accounts.put(replace(found, state=AccountState.HELD, message=Message("ledger.expired"), actor="样例终审"))
    kept = accounts.everything()["weibo"]
    assert (kept.state, kept.actor, kept.message) == (AccountState.HELD, "样例终审", Message("ledger.expired"))


def test_a_note_is_kept_changed_and_forgotten(records: Path) -> None:
    notes = ChannelNotes()
    notes.put("wechat", "image:1", "http://127.0.0.1/1", NOON)
    notes.put("wechat", "image:1", "http://127.0.0.1/2", NOON + timedelta(hours=1))
    found = notes.get("wechat", "image:1")
    assert found
    assert (found.value, found.at) == ("http://127.0.0.1/2", NOON + timedelta(hours=1))
    notes.put("wechat", "image:1", "", NOON)
    assert notes.get("wechat", "image:1") is None


def test_a_key_is_added_once(records: Path) -> None:
    notes = ChannelNotes()
    assert notes.add("wechat", "event:1", "x", NOON)
    assert not notes.add("wechat", "event:1", "y", NOON)


@pytest.mark.parametrize("day", [28, 29, 30, 31])
def test_a_month_ends_on_the_first_of_the_next(day: int) -> None:
    wechat = Channel("wechat", ChannelKind.WECHAT, "样例", LADDER, limits={"pushes_per_month": 4})
    from syndicate.model.quota import quotas_of

    monthly = next(quota for quota in quotas_of(wechat) if quota.name == "pushes_per_month")
    assert monthly.ends(NOON.replace(month=12, day=day)) == datetime(2027, 1, 1, tzinfo=BEIJING)
