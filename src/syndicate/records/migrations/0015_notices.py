"""Notices, their outbox and what people want of them; scopes and an end for personal tokens; indexes for the overview."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

EVERY_SCOPE = ["read", "write", "decide", "deliver"]


def allow_everything(apps: StateApps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Tokens from before scopes existed were made to do everything their person may."""
    apps.get_model("records", "PersonalToken").objects.update(scopes=EVERY_SCOPE)


def key() -> tuple[str, "models.BigAutoField[int, int]"]:
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


def person(name: str) -> tuple[str, "models.ForeignKey[object, object]"]:
    return (
        "user",
        models.ForeignKey(
            on_delete=django.db.models.deletion.CASCADE, related_name=name, to=settings.AUTH_USER_MODEL
        ),
    )


class Migration(migrations.Migration):
    dependencies = [("records", "0014_seat")]
    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                key(),
                ("event", models.CharField(max_length=32)),
                ("incident", models.CharField(max_length=160)),
                ("place", models.CharField(max_length=200)),
                ("message_key", models.CharField(max_length=128)),
                ("message_values", models.JSONField(default=dict)),
                ("how", models.CharField(max_length=8)),
                ("created_at", models.DateTimeField(db_index=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(null=True)),
                person("notices"),
            ],
            options={
                "constraints": (
                    models.UniqueConstraint(fields=["user", "incident"], name="one_notice_per_incident"),
                ),
                "indexes": (models.Index(fields=["user", "read_at"], name="notices_unread"),),
            },
        ),
        migrations.CreateModel(
            name="NoticeChoice",
            fields=[
                key(),
                ("event", models.CharField(max_length=32)),
                ("how", models.CharField(max_length=8)),
                person("notice_choices"),
            ],
            options={
                "constraints": (models.UniqueConstraint(fields=["user", "event"], name="one_choice_per_event"),),
            },
        ),
        migrations.CreateModel(
            name="Letter",
            fields=[
                key(),
                ("way", models.CharField(max_length=8)),
                ("recipient", models.CharField(max_length=150)),
                ("address", models.CharField(max_length=254)),
                ("message_id", models.CharField(max_length=200, unique=True)),
                ("subject", models.CharField(max_length=200)),
                ("body", models.TextField()),
                ("created_at", models.DateTimeField()),
                ("due_at", models.DateTimeField(db_index=True, null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("sent_at", models.DateTimeField(null=True)),
                ("message_key", models.CharField(blank=True, max_length=128)),
                ("message_values", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="NoticeMark",
            fields=[
                key(),
                ("audit_number", models.PositiveBigIntegerField()),
                ("digest_day", models.DateField(null=True)),
            ],
        ),
        migrations.AddField("personaltoken", "label", models.CharField(max_length=60, default="cli")),
        migrations.AddField("personaltoken", "scopes", models.JSONField(default=list)),
        migrations.AddField("personaltoken", "expires_at", models.DateTimeField(null=True)),
        migrations.AddField("personaltoken", "last_used_at", models.DateTimeField(null=True)),
        migrations.RunPython(allow_everything, migrations.RunPython.noop),
        migrations.AddIndex("item", models.Index(fields=["first_published_at"], name="items_by_publication")),
        migrations.AddIndex("auditevent", models.Index(fields=["action", "at"], name="audit_by_action")),
    ]
