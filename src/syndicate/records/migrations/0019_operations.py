"""Who took over a leaver's work, when each regular verb last ran, how long a check took, and attempts that may end.

Attempts of deliveries that are done may be removed when the office keeps them no longer (`flow/retention.tsv`); those of a
delivery that is not done never, for they say what may have happened.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

MESSAGE = "this table is never purged"
OPEN = "SELECT 1 FROM records_delivery WHERE id = OLD.delivery_id AND finished_at IS NULL"


def _drop(schema_editor: BaseDatabaseSchemaEditor) -> None:
    table = " ON records_attempt" if schema_editor.connection.vendor == "postgresql" else ""
    schema_editor.execute(f"DROP TRIGGER IF EXISTS records_attempt_no_delete{table}")


def only_of_open_deliveries(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _drop(schema_editor)
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE TRIGGER records_attempt_no_delete BEFORE DELETE ON records_attempt "
            f"WHEN EXISTS ({OPEN}) BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
        return
    schema_editor.execute(
        "CREATE OR REPLACE FUNCTION records_refuse_open() RETURNS trigger AS "
        f"$$ BEGIN IF EXISTS ({OPEN}) THEN RAISE EXCEPTION '{MESSAGE}'; END IF; RETURN OLD; END $$ LANGUAGE plpgsql"
    )
    schema_editor.execute(
        "CREATE TRIGGER records_attempt_no_delete BEFORE DELETE ON records_attempt "
        "FOR EACH ROW EXECUTE FUNCTION records_refuse_open()"
    )


def all_of_them(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _drop(schema_editor)
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE TRIGGER records_attempt_no_delete BEFORE DELETE ON records_attempt "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )
        return
    schema_editor.execute("DROP FUNCTION IF EXISTS records_refuse_open()")
    schema_editor.execute(
        "CREATE TRIGGER records_attempt_no_delete BEFORE DELETE ON records_attempt "
        "FOR EACH ROW EXECUTE FUNCTION records_refuse()"
    )


class Migration(migrations.Migration):
    dependencies = [("records", "0018_security")]
    operations = [
        migrations.AddField(
            "user",
            "successor",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="predecessors",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField("revision", "checked_milliseconds", models.PositiveIntegerField(null=True)),
        migrations.CreateModel(
            name="Pulse",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("verb", models.CharField(max_length=32, unique=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.AddIndex("attempt", models.Index(fields=["started_at"], name="attempts_by_start")),
        migrations.RunPython(only_of_open_deliveries, all_of_them),
    ]
