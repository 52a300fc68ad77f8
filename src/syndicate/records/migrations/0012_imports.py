"""Articles of the former website by their old addresses, and the addresses at which they stay."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0011_accounts")]
    operations = [
        migrations.AddField(
            model_name="item",
            name="old_address",
            field=models.CharField(blank=True, default="", max_length=255),
        ),
        migrations.CreateModel(
            name="ImportedPage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=2048, unique=True)),
                ("url", models.CharField(max_length=2048)),
                ("column", models.CharField(max_length=64)),
                ("title", models.TextField(blank=True)),
                ("sha256", models.CharField(blank=True, max_length=64)),
                ("message_key", models.CharField(blank=True, max_length=128)),
                ("message_values", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                (
                    "item",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imported",
                        to="records.item",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OldList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("url", models.CharField(max_length=2048, unique=True)),
                ("column", models.CharField(max_length=64)),
            ],
        ),
    ]
