"""Our clock and a platform's differ by minutes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from syndicate.model.delivery import DeliveryState
from syndicate.sandbox.faults import Fault, FaultKind
from tests.databases import on_one
from tests.flow.office import Desk, open_desk

ALL = ("website", "weibo", "wechat", "app", "led")
pytestmark = on_one


@pytest.fixture(params=[-4, 4])
def skewed(records: Path, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """An office whose platforms are minutes behind or ahead."""
    with open_desk(records, timedelta(minutes=request.param)) as opened:
        yield opened


def test_every_channel_takes_an_item_once(skewed: Desk) -> None:
    item = skewed.approved(*ALL)
    skewed.settle(timedelta(hours=4))
    assert set(skewed.states(item).values()) == {DeliveryState.DELIVERED}
    assert (skewed.counts("weibo")["posted"], skewed.counts("wechat")["published"]) == (1, 1)


def test_a_post_whose_reply_was_lost_is_found_and_not_posted_again(skewed: Desk) -> None:
    skewed.strike(Fault("weibo", FaultKind.RESET_AFTER_COMMIT, endpoint="*share*", nth=(1,)))
    item = skewed.approved("weibo")
    skewed.settle(timedelta(hours=4))
    assert (skewed.states(item), skewed.counts("weibo")["posted"]) == ({"weibo": DeliveryState.DELIVERED}, 1)


def test_a_clock_that_the_app_no_longer_accepts_is_named_with_what_to_do(records: Path) -> None:
    with open_desk(records, timedelta(minutes=6)) as desk:
        item = desk.approved("app")
        desk.settle()
        task = desk.delivery(item, "app")
    assert task.message is not None
    assert (task.state, "服务器时间" in task.message.action_zh) == (DeliveryState.NEEDS_PERSON, True)
