"""Weibo: length rule, topics, safe domains, short links and permalinks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicate.sandbox.weibo_text import address_of, has_safe_link, has_topic, shorten_links, status_length

HTTP = "http://www.gov.example/" + "a" * 31
HTTPS = "https://www.gov.example/" + "a" * 30


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("", 0),
        ("a", 1),
        ("ab", 1),
        ("abc", 2),
        ("中文", 2),
        ("中a", 2),
        (HTTP, 10),
        (HTTPS, 27),
        ("http://a.cn", 10),
        ("https://a.cn", 10),
        ("http://www.gov.example/" + "a" * 137, 20),
        ("http://weibo.com/123", 10),
        ("http://weibo.com/12", 10),
        ("http://weibo.cn/1", 9),
    ],
)
def test_how_long_a_text_is(text, length):
    assert status_length(text) == length


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("#话题#", True),
        ("前#话 题#后", True),
        ("# 话题", False),
        ("C#与F#", True),
        ("http://a.cn/#x#", False),
        ("##", False),
    ],
)
def test_what_a_topic_is(text, found):
    assert has_topic(text) is found


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("看 https://gov.example/1", True),
        ("看http://www.gov.example:8080/1。", True),
        ("http://notgov.example/1", False),
        ("gov.example/1", False),
        ("http://[broken/gov.example", False),
    ],
)
def test_what_a_safe_link_is(text, safe):
    assert has_safe_link(text, ("gov.example",)) is safe


def test_a_link_always_becomes_the_same_short_one():
    short = shorten_links(f"甲{HTTP}乙{HTTP}")
    first, second = short.removeprefix("甲").split("乙")
    assert first == second
    assert first.startswith("http://t.cn/")


@pytest.mark.parametrize(("mid", "address"), [("3501756485200075", "z0JH2lOMb"), ("1", "1"), ("10000001", "10001")])
def test_how_a_mid_becomes_an_address(mid, address):
    assert address_of(mid) == address


@given(st.integers(1, 10**18).map(str))
def test_addresses_are_unique_and_plain(mid):
    assert address_of(mid).isalnum()
    assert address_of(mid) != address_of(str(int(mid) + 1))


@given(st.text())
def test_any_text_has_a_length_and_short_links(text):
    assert 0 <= status_length(text) <= 1 + 10 * len(text)
    assert isinstance(shorten_links(text), str)
