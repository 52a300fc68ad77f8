"""Error reports and complaints of the public, its ratings by page and day, and pages of the site by their address."""

import django.db.models.deletion
from django.db import migrations, models


def key() -> tuple[str, "models.BigAutoField[int, int]"]:
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = [("records", "0022_reporting")]
    operations = [
        migrations.CreateModel(
            name="Feedback",
            fields=[
                key(),
                ("kind", models.CharField(max_length=16)),
                ("state", models.CharField(max_length=16)),
                ("page", models.CharField(max_length=255, blank=True)),
                ("text", models.TextField()),
                ("contact", models.BinaryField(null=True)),
                ("receipt_hash", models.CharField(max_length=64, unique=True)),
                ("received_at", models.DateTimeField(db_index=True)),
                ("pass_on_due_at", models.DateTimeField()),
                ("answer_due_at", models.DateTimeField()),
                ("assignee", models.CharField(max_length=150, blank=True)),
                ("assigned_at", models.DateTimeField(null=True)),
                ("verdict", models.CharField(max_length=16, blank=True)),
                ("answer", models.TextField(blank=True)),
                ("answered_by", models.CharField(max_length=150, blank=True)),
                ("answered_at", models.DateTimeField(null=True, db_index=True)),
                ("closed_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        null=True,
                        related_name="feedback",
                        to="records.item",
                    ),
                ),
            ],
            options={"indexes": (models.Index(fields=["state", "answer_due_at"], name="feedback_by_duty"),)},
        ),
        migrations.CreateModel(
            name="PageRating",
            fields=[
                key(),
                ("day", models.DateField()),
                ("page", models.CharField(max_length=255)),
                ("satisfied", models.PositiveIntegerField(default=0)),
                ("fair", models.PositiveIntegerField(default=0)),
                ("dissatisfied", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": (
                    models.UniqueConstraint(fields=["day", "page"], name="one_rating_row_per_page_and_day"),
                )
            },
        ),
        migrations.AddIndex("siteentry", models.Index(fields=["channel", "address"], name="entry_by_address")),
    ]
