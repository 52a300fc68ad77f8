from __future__ import annotations

import pytest

from syndicate.public.pace import MOST_ADDRESSES, Pace, Rate


@pytest.fixture
def pace() -> Pace:
    return Pace(Rate(burst=3, per_minute=60))


def test_a_burst_is_answered_and_then_a_second_must_pass(pace: Pace) -> None:
    assert [pace.wait("192.0.2.1", 0) for _ in range(4)] == [0, 0, 0, 1]
    assert pace.wait("192.0.2.1", 1.1) == 0


def test_another_address_has_its_own_bucket(pace: Pace) -> None:
    for _ in range(4):
        pace.wait("192.0.2.1", 0)
    assert pace.wait("192.0.2.2", 0) == 0


def test_the_addresses_of_one_ipv6_network_share_a_bucket(pace: Pace) -> None:
    assert [pace.wait(f"2001:db8::{number}", 0) for number in range(4)] == [0, 0, 0, 1]


def test_an_ipv4_address_written_as_ipv6_is_the_same_one(pace: Pace) -> None:
    assert [pace.wait(name, 0) for name in ("::ffff:192.0.2.1", "192.0.2.1", "::ffff:192.0.2.1")] == [0, 0, 0]
    assert [pace.wait(name, 0) for name in ("192.0.2.1", "::ffff:192.0.2.2")] == [1, 0]


def test_what_is_no_address_shares_a_bucket(pace: Pace) -> None:
    assert [pace.wait(name, 0) for name in ("", "x", "1.2.3", "y")] == [0, 0, 0, 1]


def test_memory_has_an_end(pace: Pace) -> None:
    for number in range(MOST_ADDRESSES + 10):
        pace.wait(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 0)
    assert len(pace._buckets) == MOST_ADDRESSES
