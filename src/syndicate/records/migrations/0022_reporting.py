"""What a report of a past moment needs: former findings, kept facts, how a source stood; reports of longer periods, by mail."""

import django.db.models.deletion
from django.db import migrations, models


def key() -> tuple[str, "models.BigAutoField[int, int]"]:
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = [("records", "0021_crawling")]
    operations = [
        migrations.CreateModel(
            name="KeptFact",
            fields=[
                key(),
                ("kind", models.CharField(max_length=16)),
                ("key", models.CharField(max_length=200)),
                ("at", models.DateTimeField()),
                ("value", models.JSONField(null=True)),
            ],
            options={"indexes": [models.Index(fields=["kind", "key", "at"], name="kept_fact_at")]},
        ),
        migrations.CreateModel(
            name="FormerFinding",
            fields=[
                key(),
                ("rule", models.CharField(max_length=128)),
                ("severity", models.CharField(max_length=16)),
                ("part", models.CharField(max_length=255)),
                ("start", models.PositiveIntegerField()),
                ("end", models.PositiveIntegerField()),
                ("text", models.TextField()),
                ("message", models.TextField()),
                ("suggestion", models.TextField(null=True)),
                ("found_at", models.DateTimeField()),
                ("gone_at", models.DateTimeField(db_index=True)),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_findings",
                        to="records.revision",
                    ),
                ),
            ],
        ),
        migrations.AddField("sourcelook", "last_success_at", models.DateTimeField(null=True)),
        migrations.AddField("sourcelook", "last_new_at", models.DateTimeField(null=True)),
        migrations.AddField("sourcelook", "next_look_at", models.DateTimeField(null=True)),
        migrations.AddField("dailyreport", "kind", models.CharField(default="day", max_length=8)),
        migrations.AlterField("dailyreport", "day", models.DateField(db_index=True)),
        migrations.AddField(
            "letter",
            "report",
            models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to="records.dailyreport"),
        ),
    ]
