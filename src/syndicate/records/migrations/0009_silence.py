"""Silent periods with their exceptions, and items that are urgent."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0008_site_newest")]
    operations = [
        migrations.AddField("Item", "urgent", models.BooleanField(default=False)),
        migrations.CreateModel(
            name="Silence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("started_at", models.DateTimeField()),
                ("until", models.DateTimeField(null=True)),
                ("actor", models.CharField(max_length=150)),
                ("reason", models.TextField()),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=150)),
            ],
        ),
        migrations.CreateModel(
            name="SilenceException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor", models.CharField(max_length=150)),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="silence_exceptions",
                        to="records.item",
                    ),
                ),
                (
                    "silence",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exceptions", to="records.silence"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("silence", "item"), name="one_exception_per_item")],
            },
        ),
    ]
