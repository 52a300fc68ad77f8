from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from syndicate.errors import InputError, NotAllowed, NotFound, UsageError
from syndicate.model.review import Role
from syndicate.records import people
from tests.records.samples import kinds, together

GOOD = "一个足够长的样例口令-2026"


@pytest.fixture
def clerk(records: Path) -> str:
    people.add("样例编辑", Role.EDITOR)
    return "样例编辑"


def test_a_new_account_has_a_role_and_no_password(clerk: str) -> None:
    assert people.person(clerk) == people.Person(clerk, Role.EDITOR, active=True, has_password=False)


def test_a_name_is_given_once(clerk: str) -> None:
    with pytest.raises(UsageError):
        people.add(clerk, Role.ADMIN)


def test_an_unknown_person_is_not_found(records: Path) -> None:
    with pytest.raises(NotFound):
        people.person("无此人")


def test_a_role_can_be_changed(clerk: str) -> None:
    people.set_role(clerk, Role.PUBLISHER)
    assert people.person(clerk).role is Role.PUBLISHER


def test_everyone_is_listed_by_name(records: Path) -> None:
    for name in ("b", "a"):
        people.add(name, Role.EDITOR)
    assert [person.name for person in people.everyone()] == ["a", "b"]


@pytest.mark.parametrize(
    "password", ["", "short", "12345678901", "password123", "样例编辑", "十一个字的口令样例甲乙", "长" * 129]
)
def test_a_weak_password_is_refused_with_the_reason(clerk: str, password: str) -> None:
    with pytest.raises(InputError, match="密码不符合要求"):
        people.set_password(clerk, password)


@pytest.mark.parametrize("password", ["十二个字的口令样例甲乙丙", "🔑 a b c 样例 🔑 x y z", "长" * 128])
def test_any_characters_make_a_password_of_twelve_to_128(clerk: str, password: str) -> None:
    people.set_password(clerk, password)
    assert people.person(clerk).has_password


def test_a_refused_password_is_not_set(clerk: str) -> None:
    with pytest.raises(InputError):
        people.set_password(clerk, "short")
    assert not people.person(clerk).has_password


def test_a_good_password_is_set(clerk: str) -> None:
    people.set_password(clerk, GOOD)
    assert people.person(clerk).has_password


def test_a_password_is_kept_only_as_an_argon2_hash(clerk: str) -> None:
    people.set_password(clerk, GOOD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM records_user")
        (stored,) = cursor.fetchone()
    assert stored.startswith("argon2$")
    assert GOOD not in stored


def test_a_link_sets_the_password(clerk: str, now: datetime) -> None:
    people.use_link(people.make_link(clerk, now), GOOD, now)
    assert people.person(clerk).has_password


def test_using_a_link_says_who_it_was_for(clerk: str, now: datetime) -> None:
    assert people.use_link(people.make_link(clerk, now), GOOD, now) == people.person(clerk)


def test_a_link_works_once(clerk: str, now: datetime) -> None:
    link = people.make_link(clerk, now)
    people.use_link(link, GOOD, now)
    with pytest.raises(NotAllowed):
        people.use_link(link, GOOD + "x", now)


def test_of_two_people_with_one_link_exactly_one_gets_in(clerk: str, now: datetime) -> None:
    link = people.make_link(clerk, now)
    results = together(*(lambda end=end: people.use_link(link, GOOD + end, now) for end in "ab"))
    assert kinds(results) == ["NotAllowed", "Person"]


def test_a_weak_password_does_not_use_the_link_up(clerk: str, now: datetime) -> None:
    link = people.make_link(clerk, now)
    with pytest.raises(InputError):
        people.use_link(link, "short", now)
    assert people.use_link(link, GOOD, now).name == clerk


def test_a_link_ends_after_its_lifetime(clerk: str, now: datetime) -> None:
    link = people.make_link(clerk, now)
    with pytest.raises(NotAllowed):
        people.use_link(link, GOOD, now + people.LINK_LIFETIME)


def test_a_link_works_just_before_its_end(clerk: str, now: datetime) -> None:
    link = people.make_link(clerk, now)
    assert people.use_link(link, GOOD, now + people.LINK_LIFETIME - timedelta(seconds=1)).name == clerk


def test_a_leaver_is_inactive_and_not_forgotten(clerk: str) -> None:
    people.disable(clerk)
    assert not people.person(clerk).active


def test_a_leavers_link_ends(clerk: str, now: datetime) -> None:
    link = people.make_link(clerk, now)
    people.disable(clerk)
    with pytest.raises(NotAllowed):
        people.use_link(link, GOOD, now)


def test_a_link_is_kept_only_as_a_hash(clerk: str, now: datetime) -> None:
    link = people.make_link(clerk, now)
    with connection.cursor() as cursor:
        cursor.execute("SELECT token_hash FROM records_onetimelink")
        stored = [row[0] for row in cursor.fetchall()]
    assert len(stored) == 1
    assert link not in stored
