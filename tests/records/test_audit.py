from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from syndicate.model.review import Actor, Role
from syndicate.records import audit
from syndicate.records.connection import one_transaction

CLERK = Actor("审核员甲", Role.REVIEWER, "cli", "root")


def _append(now: datetime, count: int) -> None:
    with one_transaction():
        for number in range(count):
            audit.append(
                CLERK, "item.approved", f"item:{number}", {"理由": "无误", "n": number}, now + timedelta(seconds=number)
            )


def test_an_empty_log_is_whole(records: Path) -> None:
    assert audit.verify() == audit.Verification(0, None)


def test_a_log_that_nobody_touched_is_whole(records: Path, now: datetime) -> None:
    _append(now, 5)
    assert audit.verify() == audit.Verification(5, None)


def test_the_database_refuses_to_change_an_event(records: Path, now: datetime) -> None:
    _append(now, 1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE records_auditevent SET actor = 'x'")


def test_the_database_refuses_to_delete_an_event(records: Path, now: datetime) -> None:
    _append(now, 1)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_auditevent")


def _without_triggers(statement: str) -> None:
    """What somebody with the database's password could do."""
    with connection.cursor() as cursor:
        for verb in ("update", "delete"):
            on = "" if connection.vendor == "sqlite" else " ON records_auditevent"
            cursor.execute(f"DROP TRIGGER records_auditevent_no_{verb}{on}")
        cursor.execute(statement)


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE records_auditevent SET actor = '别人' WHERE number = 3", 3),
        ("UPDATE records_auditevent SET data = '{}' WHERE number = 2", 2),
        ("DELETE FROM records_auditevent WHERE number = 2", 3),
        ("DELETE FROM records_auditevent WHERE number = 5", 5),
    ],
)
def test_verification_names_the_first_event_that_does_not_fit(
    records: Path, now: datetime, statement: str, broken: int
) -> None:
    _append(now, 5)
    _without_triggers(statement)
    assert audit.verify().broken == broken


def test_an_event_that_is_rolled_back_leaves_no_gap(records: Path, now: datetime) -> None:
    _append(now, 1)
    with one_transaction():
        audit.append(CLERK, "item.approved", "item:9", {}, now)
        transaction.set_rollback(True)
    _append(now, 1)
    assert audit.verify() == audit.Verification(2, None)


def test_the_subject_shows_who_did_what(records: Path, now: datetime) -> None:
    _append(now, 3)
    (event,) = audit.of_subject("item:1")
    assert (event.actor, event.action, event.data["理由"]) == ("审核员甲", "item.approved", "无误")
