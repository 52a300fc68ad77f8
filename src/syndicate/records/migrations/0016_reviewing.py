"""Reviewing: what was ticked and remarked, emergencies, delegations, times of publication, kept filters, presence, titles."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

TITLES = (
    "UPDATE records_item SET title = COALESCE((SELECT substr(r.title, 1, 255) FROM records_revision r "
    "WHERE r.item_id = records_item.id ORDER BY r.number DESC LIMIT 1), '')"
)


def never_purged(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """SQLite adds columns by building the table anew, without the trigger of `0002_immutable`."""
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute(
            "CREATE TRIGGER IF NOT EXISTS records_decision_no_delete BEFORE DELETE ON records_decision "
            "BEGIN SELECT RAISE(ABORT, 'this table is never purged'); END"
        )


def key() -> tuple[str, "models.BigAutoField[int, int]"]:
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def to(model: str, related: str | None = None, *, kept: bool = True) -> "models.ForeignKey[object, object]":
    gone = django.db.models.deletion.PROTECT if kept else django.db.models.deletion.CASCADE
    return models.ForeignKey(on_delete=gone, related_name=related, to=model)


class Migration(migrations.Migration):
    dependencies = [("records", "0015_notices")]
    operations = [
        migrations.RunPython(migrations.RunPython.noop, never_purged),
        migrations.AddField("Decision", "checked", models.JSONField(default=list)),
        migrations.AddField("Decision", "comments", models.JSONField(default=list)),
        migrations.AddField("Decision", "behalf", models.CharField(blank=True, default="", max_length=150)),
        migrations.RunPython(never_purged, migrations.RunPython.noop),
        migrations.AddField("Withdrawal", "behalf", models.CharField(blank=True, default="", max_length=150)),
        migrations.AddField("Item", "publish_at", models.DateTimeField(null=True)),
        migrations.AddField("Item", "embargo_until", models.DateTimeField(null=True)),
        migrations.AddField("Item", "title", models.CharField(default="", max_length=255)),
        migrations.RunSQL(TITLES, migrations.RunSQL.noop),
        migrations.AddIndex("Item", models.Index(fields=["title"], name="items_by_title")),
        migrations.CreateModel(
            name="Emergency",
            fields=[
                key(),
                ("item", to("records.item", "emergencies")),
                ("revision", to("records.revision", "emergencies")),
                ("reason", models.TextField()),
                ("actor", models.CharField(max_length=150)),
                ("behalf", models.CharField(blank=True, max_length=150)),
                ("at", models.DateTimeField()),
                ("check_by", models.DateTimeField()),
                ("checked_by", models.CharField(blank=True, max_length=150)),
                ("checked_at", models.DateTimeField(null=True)),
                ("remark", models.TextField(blank=True)),
            ],
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                key(),
                ("giver", to(settings.AUTH_USER_MODEL, "given_delegations")),
                ("taker", to(settings.AUTH_USER_MODEL, "taken_delegations")),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("reason", models.TextField()),
                ("created_by", models.CharField(max_length=150)),
                ("created_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=150)),
            ],
        ),
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                key(),
                ("user", to(settings.AUTH_USER_MODEL, kept=False)),
                ("name", models.CharField(max_length=30)),
                ("query", models.CharField(max_length=2000)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("user", "name"), name="one_filter_per_name")]},
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                key(),
                ("item", to("records.item", kept=False)),
                ("user", to(settings.AUTH_USER_MODEL, kept=False)),
                ("seen_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("item", "user"), name="one_presence_per_person")]
            },
        ),
    ]
