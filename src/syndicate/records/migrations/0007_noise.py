"""Exceptions to findings, verdicts on rules, and which rules a snapshot of the configuration had."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0006_search")]
    operations = [
        migrations.AddField("Snapshot", "monitor", models.CharField(max_length=64, blank=True, default="")),
        migrations.CreateModel(
            name="FindingException",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(db_index=True, max_length=128)),
                ("text", models.TextField()),
                ("scope", models.CharField(max_length=16)),
                ("column", models.CharField(blank=True, max_length=64)),
                ("actor", models.CharField(max_length=150)),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("until", models.DateField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=150)),
                (
                    "item",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="finding_exceptions",
                        to="records.item",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RuleVerdict",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rule", models.CharField(max_length=128)),
                ("text", models.TextField()),
                ("right", models.BooleanField()),
                ("actor", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rule_verdicts", to="records.item"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["rule", "-at"], name="records_rul_rule_a0d4ad_idx")],
                "constraints": [
                    models.UniqueConstraint(fields=("rule", "item", "text"), name="one_verdict_per_finding")
                ],
            },
        ),
    ]
