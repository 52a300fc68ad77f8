"""What each configuration's rules consisted of: kept once, found again, and the column goes back and forth."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from syndicate.records import office
from syndicate.records.office import Ruling

NOW = datetime(2026, 11, 26, tzinfo=UTC)
MARKS = {"rules": {"a.rule": "1"}, "words": {}, "people": {}, "tables": {}}


def test_the_migration_of_marks_goes_back_and_forth(records: Path) -> None:
    loader = MigrationExecutor(connection).loader
    migration = loader.get_migration("records", "0013_monitor_marks")
    for step, exists in ((migration.unapply, False), (migration.apply, True)):
        with connection.schema_editor(atomic=migration.atomic) as editor:
            step(loader.project_state(migration.dependencies[0]), editor)
        with connection.cursor() as cursor:
            columns = connection.introspection.get_table_description(cursor, "records_snapshot")
        assert ("marks" in {column.name for column in columns}) is exists


def test_marks_are_kept_with_their_configuration(records: Path) -> None:
    office.remember_snapshot("a", NOW, lambda: Ruling("r", MARKS))
    assert (office.rule_marks("a"), office.rule_marks("b")) == (MARKS, {})
    assert office.snapshots_with_rules("r") == {"a"}


def test_they_are_made_for_a_new_configuration_only(records: Path) -> None:
    made: list[int] = []

    def ruling() -> Ruling:
        made.append(1)
        return Ruling("r", MARKS)

    assert office.remember_snapshot("a", NOW, ruling) == office.remember_snapshot("a", NOW, ruling)
    assert made == [1]


def test_a_configuration_from_before_gets_its_marks_later(records: Path) -> None:
    office.remember_snapshot("a", NOW)
    office.remember_snapshot("a", NOW, lambda: Ruling("r", MARKS))
    assert office.rule_marks("a") == MARKS
