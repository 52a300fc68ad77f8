"""Triggers: the audit log cannot be changed; receipts, attempts, decisions and revisions cannot be deleted."""

from collections.abc import Iterator

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

NO_DELETE = ("records_auditevent", "records_receipt", "records_attempt", "records_decision", "records_revision")
NO_UPDATE = ("records_auditevent",)
MESSAGE = "this table is never purged"


def _statements(vendor: str) -> Iterator[str]:
    for verb, tables in (("DELETE", NO_DELETE), ("UPDATE", NO_UPDATE)):
        for table in tables:
            name = f"{table}_no_{verb.lower()}"
            if vendor == "sqlite":
                yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            else:
                yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION records_refuse()"


def add_triggers(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute(
            "CREATE OR REPLACE FUNCTION records_refuse() RETURNS trigger AS "
            f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$ LANGUAGE plpgsql"
        )
    for statement in _statements(vendor):
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("records", "0001_first")]
    operations = [migrations.RunPython(add_triggers)]
