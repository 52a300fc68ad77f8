"""Second factors and switched-off sources on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django_otp.oath import hotp

from syndicate.errors import NotAllowed
from syndicate.model.review import Role
from syndicate.records import people, second_factors, sources
from syndicate.records.second_factors import SecondFactors
from syndicate.records.sources import SwitchedOff

NAME = "样例人员"


@pytest.fixture
def store(records: Path) -> SecondFactors:
    people.add(NAME, Role.EDITOR)
    return SecondFactors(b"office key")


def code(key: bytes, now: datetime) -> str:
    return f"{hotp(key, int(now.timestamp()) // 30):06d}"


def test_a_key_asks_for_nothing_until_it_is_confirmed(store: SecondFactors, now: datetime) -> None:
    key = store.begin(NAME)
    assert not second_factors.has(NAME)
    assert not store.check(NAME, code(key, now), now)
    assert store.confirm(NAME, "000000", now) is None or code(key, now) == "000000"
    assert store.confirm(NAME, code(key, now), now) is not None
    assert second_factors.everybody() == {NAME}


def test_a_new_key_takes_the_place_of_one_that_waits(store: SecondFactors, now: datetime) -> None:
    first, second = store.begin(NAME), store.begin(NAME)
    assert first != second
    assert store.pending(NAME) == second


def test_a_key_in_use_is_not_replaced(store: SecondFactors, now: datetime) -> None:
    store.confirm(NAME, code(store.begin(NAME), now), now)
    with pytest.raises(NotAllowed):
        store.begin(NAME)


def test_a_code_works_once_and_the_next_one_again(store: SecondFactors, now: datetime) -> None:
    key = store.begin(NAME)
    store.confirm(NAME, code(key, now), now)
    assert not store.check(NAME, code(key, now), now)
    later = now + timedelta(minutes=1)
    assert store.check(NAME, code(key, later), later)


def test_recovery_codes_are_kept_as_hashes_and_end_with_the_factor(store: SecondFactors, now: datetime) -> None:
    codes = store.confirm(NAME, code(store.begin(NAME), now), now)
    assert codes is not None
    assert second_factors.recovery_codes_left(NAME) == 10
    assert store.check(NAME, codes[3], now)
    assert second_factors.recovery_codes_left(NAME) == 9
    assert second_factors.reset(NAME)
    assert not store.check(NAME, codes[4], now)
    assert not second_factors.reset(NAME)


def test_a_source_is_off_until_it_is_on(records: Path, now: datetime) -> None:
    off = SwitchedOff("sample", "样例", NAME, now)
    assert sources.switch_off(off)
    assert not sources.switch_off(off)
    assert sources.switched_off() == {"sample": off}
    assert sources.switch_on("sample")
    assert not sources.switch_on("sample")
