from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from syndicate.errors import NotAllowed, NotFound
from syndicate.model.review import Role
from syndicate.model.token import Scope
from syndicate.records import models, people, personal_tokens
from syndicate.records.personal_tokens import NewToken

CLERK = "样例编辑"
MONTH = timedelta(days=30)


@pytest.fixture
def clerk(records: Path) -> str:
    people.add(CLERK, Role.EDITOR)
    return CLERK


def made(now: datetime, label: str = "cli", scopes: Collection[Scope] = tuple(Scope)) -> str:
    return personal_tokens.make(NewToken(CLERK, label, scopes, now + MONTH), now)


def test_a_token_leads_to_its_person_and_what_it_is_good_for(clerk: str, now: datetime) -> None:
    person, facts = personal_tokens.holder(made(now, "统计", [Scope.WRITE, Scope.READ]), now)
    assert (person.name, facts.label, facts.scopes) == (clerk, "统计", {Scope.READ, Scope.WRITE})


@pytest.mark.parametrize("token", ["", "x", "None", "\udcff"])
def test_a_wrong_token_is_refused(clerk: str, now: datetime, token: str) -> None:
    made(now)
    with pytest.raises(NotAllowed):
        personal_tokens.holder(token, now)


def test_a_new_token_ends_the_old_one_of_its_label(clerk: str, now: datetime) -> None:
    old = made(now)
    made(now)
    with pytest.raises(NotAllowed):
        personal_tokens.holder(old, now)


def test_a_token_of_another_label_lives_on(clerk: str, now: datetime) -> None:
    other = made(now, "统计")
    made(now)
    assert personal_tokens.holder(other, now)[1].label == "统计"


def test_a_token_ends_at_its_time(clerk: str, now: datetime) -> None:
    token = made(now)
    assert personal_tokens.holder(token, now + MONTH - timedelta(seconds=1))
    with pytest.raises(NotAllowed):
        personal_tokens.holder(token, now + MONTH)


def test_a_revoked_token_opens_nothing_and_is_not_listed(clerk: str, now: datetime) -> None:
    token = made(now)
    personal_tokens.revoke(clerk, personal_tokens.of_person(clerk, now)[0].id, now)
    assert personal_tokens.of_person(clerk, now) == ()
    with pytest.raises(NotAllowed):
        personal_tokens.holder(token, now)


def test_somebody_elses_token_cannot_be_revoked(clerk: str, now: datetime) -> None:
    people.add("样例同事", Role.EDITOR)
    made(now)
    (mine,) = personal_tokens.of_person(clerk, now)
    with pytest.raises(NotFound):
        personal_tokens.revoke("样例同事", mine.id, now)


def test_the_last_use_is_noted_once_a_minute(clerk: str, now: datetime) -> None:
    token = made(now)
    uses = []
    for seconds in (0, 59, 60):
        personal_tokens.holder(token, now + timedelta(seconds=seconds))
        uses.append(personal_tokens.of_person(clerk, now)[0].last_used_at)
    assert uses == [now, now, now + timedelta(minutes=1)]


def test_tokens_that_end_soon_are_found(clerk: str, now: datetime) -> None:
    made(now)
    assert personal_tokens.ending(now, now + MONTH - timedelta(days=1)) == ()
    assert [one.person for one in personal_tokens.ending(now, now + MONTH)] == [clerk]


def test_a_token_is_kept_only_as_a_hash(clerk: str, now: datetime) -> None:
    token = made(now)
    assert token not in str(models.PersonalToken.objects.values_list().get())


def test_a_leavers_token_ends(clerk: str, now: datetime) -> None:
    token = made(now)
    people.disable(clerk)
    with pytest.raises(NotAllowed):
        personal_tokens.holder(token, now)


def test_a_token_made_for_a_leaver_opens_nothing(clerk: str, now: datetime) -> None:
    people.disable(clerk)
    token = made(now)
    with pytest.raises(NotAllowed):
        personal_tokens.holder(token, now)


def test_nobody_gets_no_token(records: Path, now: datetime) -> None:
    with pytest.raises(NotFound):
        made(now)


def test_the_migration_goes_back_and_forth_and_old_tokens_may_do_everything(clerk: str, now: datetime) -> None:
    token = made(now, scopes=[Scope.READ])
    loader = MigrationExecutor(connection).loader
    migration = loader.get_migration("records", "0015_notices")
    for step, exists in ((migration.unapply, False), (migration.apply, True)):
        with connection.schema_editor(atomic=migration.atomic) as editor:
            step(loader.project_state(migration.dependencies[0]), editor)
        assert ("records_notice" in connection.introspection.table_names()) is exists
    assert personal_tokens.holder(token, now)[1].scopes == set(Scope)
