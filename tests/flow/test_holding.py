"""Why a delivery must not start yet, and until when: silence, a channel's windows, urgency. No database."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.flow.holding import Silent, is_open, must_wait, next_opening
from syndicate.model.channel import Channel, ChannelKind, Window
from syndicate.model.delivery import Action, WaitReason
from syndicate.model.item import ItemKind, ItemState
from syndicate.records.values import DeliveryRecord, ItemRecord, SilenceRecord
from tests.flow.test_policy import LADDER, NOW
from tests.flow.test_policy import SENDING as RECORD

ITEM = ItemRecord(
    id=1,
    column="news",
    kind=ItemKind.ORIGINAL,
    state=ItemState.APPROVED,
    level=2,
    levels=2,
    submitter="样例编辑",
    created_by="样例编辑",
    created_at=NOW,
    deadline_at=None,
    submitted_at=NOW,
    approved_at=NOW,
    first_published_at=None,
    expires_at=None,
    channels=(),
    urgent=False,
    version=1,
)
ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=ZONE)
NIGHT = NOON.replace(hour=23)
DAY_TIME = (Window(time(7), time(22)),)
OVER_MIDNIGHT = (Window(time(22), time(6)),)
SILENT = Silent(SilenceRecord(1, NOON, None, "样例终审", "全国哀悼日", None, ""), frozenset())
TIMES = st.times(timezones=st.none()).map(lambda one: one.replace(second=0, microsecond=0))


def _wait(
    now: datetime,
    *,
    windows: tuple[Window, ...] = (),
    silent: Silent | None = None,
    delivery: DeliveryRecord = RECORD,
    item: ItemRecord = ITEM,
) -> tuple[WaitReason, datetime] | None:
    channel = Channel("weibo", ChannelKind.WEIBO, "样例微博", LADDER, windows=windows)
    wait = must_wait(delivery, item, channel, silent, now)
    return (wait.reason, wait.until) if wait else None


def test_without_silence_and_windows_nothing_waits() -> None:
    assert _wait(NIGHT) is None


def test_in_its_window_a_channel_publishes() -> None:
    assert _wait(NOON, windows=DAY_TIME) is None


def test_outside_of_its_window_a_channel_waits_for_the_next_morning() -> None:
    assert _wait(NIGHT, windows=DAY_TIME) == (WaitReason.WINDOW, (NIGHT + timedelta(days=1)).replace(hour=7))


def test_a_window_begins_on_the_dot_and_its_end_is_no_part_of_it() -> None:
    edges = [NOON.replace(hour=7), NOON.replace(hour=22), NOON.replace(hour=6, minute=59)]
    assert [is_open(DAY_TIME, edge) for edge in edges] == [True, False, False]


def test_a_window_may_cross_midnight() -> None:
    assert [is_open(OVER_MIDNIGHT, NOON.replace(hour=hour)) for hour in (21, 22, 0, 5, 6)] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_of_several_windows_the_next_one_opens() -> None:
    windows = (Window(time(8), time(9)), Window(time(18), time(20)))
    assert _wait(NOON, windows=windows) == (WaitReason.WINDOW, NOON.replace(hour=18))


def test_urgent_items_wait_for_no_window() -> None:
    assert _wait(NIGHT, windows=DAY_TIME, item=replace(ITEM, urgent=True)) is None


def test_urgent_items_wait_for_silence() -> None:
    assert _wait(NOON, silent=SILENT, item=replace(ITEM, urgent=True)) == (WaitReason.SILENCE, NOON)


def test_silence_holds_until_the_time_that_was_set() -> None:
    until = NOON + timedelta(days=1)
    silent = replace(SILENT, silence=replace(SILENT.silence, until=until))
    assert _wait(NOON, silent=silent) == (WaitReason.SILENCE, until)


def test_silence_goes_before_windows() -> None:
    assert _wait(NIGHT, silent=SILENT, windows=DAY_TIME) == (WaitReason.SILENCE, NIGHT)


def test_an_exception_breaks_the_silence_for_its_item_alone() -> None:
    silent = replace(SILENT, exempt=frozenset({ITEM.id}))
    assert (_wait(NOON, silent=silent), _wait(NOON, silent=silent, item=replace(ITEM, id=99))) == (
        None,
        (WaitReason.SILENCE, NOON),
    )


def test_an_exception_from_silence_is_none_from_windows() -> None:
    silent = replace(SILENT, exempt=frozenset({ITEM.id}))
    wait = _wait(NIGHT, silent=silent, windows=DAY_TIME)
    assert wait and wait[0] is WaitReason.WINDOW


@pytest.mark.parametrize("action", [Action.PUBLISH, Action.AMEND])
def test_corrections_are_held_like_publications(action: Action) -> None:
    assert _wait(NOON, silent=SILENT, delivery=replace(RECORD, action=action)) == (WaitReason.SILENCE, NOON)


def test_taking_down_never_waits() -> None:
    assert _wait(NIGHT, silent=SILENT, windows=DAY_TIME, delivery=replace(RECORD, action=Action.RETRACT)) is None


@given(st.lists(st.tuples(TIMES, TIMES).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=3), TIMES)
def test_a_closed_channel_opens_within_a_day_and_not_before(pairs: list[tuple[time, time]], at: time) -> None:
    windows = tuple(Window(*pair) for pair in pairs)
    now = datetime.combine(NOON.date(), at, ZONE)
    if is_open(windows, now):
        return
    opening = next_opening(windows, now)
    assert timedelta(0) < opening - now <= timedelta(days=1)
    assert is_open(windows, opening)
    assert not is_open(windows, opening - timedelta(minutes=1)) or opening - now < timedelta(minutes=1)
