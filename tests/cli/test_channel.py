"""The accounts of the channels as an officer sees, stops and starts them."""

from __future__ import annotations

import pytest

from tests.cli.terminal import Office

WEIBO = """title: 官方微博
kind: weibo
base_url: http://127.0.0.1:9
settings: {rip: 203.0.113.10}
secrets: {access_token: weibo-access-token}
"""


@pytest.fixture
def with_weibo(office: Office) -> Office:
    (office.home / "channels" / "weibo.yaml").write_text(WEIBO, "utf-8")
    return office


def test_the_list_says_how_each_account_stands_and_what_is_left(with_weibo: Office) -> None:
    answer = with_weibo("channel", "list")
    assert answer.code == 0
    assert "正常" in answer.out
    assert "calls_per_day 100/100" in answer.out


def test_one_channel_shows_every_quota(with_weibo: Office) -> None:
    shown = with_weibo("channel", "show", "weibo", "--json").document
    assert {one["name"]: (one["used"], one["left"]) for one in shown["quotas"]} == {
        "calls_per_day": (0, 100),
        "posts_per_hour": (0, 30),
    }
    assert "posts_per_hour" in with_weibo("channel", "show", "weibo").out


def test_a_publisher_stops_a_channel_and_another_confirms_and_starts_it(with_weibo: Office) -> None:
    stopped = with_weibo("channel", "hold", "weibo", "--reason", "账号疑似被盗", "--as", "样例终审", user="样例终审")
    assert stopped.code == 0
    assert "已暂停" in stopped.out
    assert "账号疑似被盗" in with_weibo("channel", "show", "weibo").out
    started = with_weibo(
        "channel", "release", "weibo", "--reason", "已改密码", "--as", "样例终审", "--json", user="样例终审"
    )
    assert started.document["state"] == "ok"


def test_an_editor_cannot_stop_a_channel(with_weibo: Office) -> None:
    answer = with_weibo("channel", "hold", "weibo", "--reason", "样例", "--as", "样例编辑", user="样例编辑")
    assert answer.code == 1
    assert "发布人" in answer.err


def test_the_one_who_stopped_it_cannot_confirm_it(with_weibo: Office) -> None:
    with_weibo("channel", "hold", "weibo", "--reason", "样例", "--as", "样例终审", user="样例终审")
    answer = with_weibo("channel", "confirm", "weibo", "--as", "样例终审", user="样例终审")
    assert answer.code == 1
    assert "另一位发布人" in answer.err


def test_a_channel_that_cannot_be_reached_stays_as_it_is(with_weibo: Office) -> None:
    assert with_weibo("channel", "probe", "weibo", "--json").document["state"] == "ok"


def test_a_channel_without_an_account_to_ask_is_ok(office: Office) -> None:
    assert office("channel", "probe", "website", "--json").document["state"] == "ok"


def test_a_channel_that_does_not_exist_is_named(office: Office) -> None:
    answer = office("channel", "show", "telegraph")
    assert answer.code == 2
    assert "telegraph" in answer.err
