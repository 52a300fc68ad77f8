"""Silent periods as they are kept: one at a time, with their exceptions."""

from __future__ import annotations

from pathlib import Path

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def test_the_tables_can_be_taken_back_and_made_again(records: Path) -> None:
    loader = MigrationExecutor(connection).loader
    migration = loader.get_migration("records", "0009_silence")
    for step, exists in ((migration.unapply, False), (migration.apply, True)):
        with connection.schema_editor(atomic=migration.atomic) as editor:
            step(loader.project_state(("records", "0008_site_newest")), editor)
        assert ("records_silenceexception" in connection.introspection.table_names()) is exists
