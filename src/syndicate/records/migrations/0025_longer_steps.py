"""Names of steps may hold a file's SHA-256. SQLite never counted their letters, and its tables stay as they are."""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps


def _widths(schema_editor: BaseDatabaseSchemaEditor, width: int) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for table in ("records_delivery", "records_attempt"):
            schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN step TYPE varchar({width})")


def longer(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _widths(schema_editor, 100)


def shorter(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _widths(schema_editor, 32)


class Migration(migrations.Migration):
    dependencies = [("records", "0024_looks_by_kind")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField("delivery", "step", models.CharField(blank=True, max_length=100)),
                migrations.AlterField("attempt", "step", models.CharField(max_length=100)),
            ],
            database_operations=[migrations.RunPython(longer, shorter)],
        )
    ]
