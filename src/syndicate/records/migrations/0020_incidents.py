"""Incidents, reprints that were demanded by a list, and notices that wait for the end of the quiet hours."""

from django.db import migrations, models


def key() -> tuple[str, "models.BigAutoField[int, int]"]:
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = [("records", "0019_operations")]
    operations = [
        migrations.CreateModel(
            name="Incident",
            fields=[
                key(),
                ("alarm", models.CharField(max_length=80)),
                ("subject", models.CharField(max_length=500)),
                ("message_key", models.CharField(max_length=128)),
                ("message_values", models.JSONField(default=dict)),
                ("place", models.CharField(max_length=200)),
                ("seen_at", models.DateTimeField()),
                ("opened_at", models.DateTimeField(null=True, db_index=True)),
                ("deadline", models.DateTimeField(null=True)),
                ("gone_at", models.DateTimeField(null=True)),
                ("closed_at", models.DateTimeField(null=True, db_index=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("alarm", "subject"),
                        condition=models.Q(("closed_at", None)),
                        name="one_incident_at_a_time",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RequiredReprint",
            fields=[
                key(),
                ("title", models.CharField(max_length=500)),
                ("url", models.CharField(max_length=2048, blank=True)),
                ("address", models.CharField(max_length=2048, blank=True)),
                ("source_title", models.CharField(max_length=255, blank=True)),
                ("deadline_at", models.DateTimeField(db_index=True)),
                ("listed_at", models.DateTimeField()),
                ("listed_by", models.CharField(max_length=150)),
                ("removed_at", models.DateTimeField(null=True)),
                ("removed_by", models.CharField(max_length=150, blank=True)),
            ],
        ),
        migrations.AddField("notice", "not_before", models.DateTimeField(null=True)),
    ]
