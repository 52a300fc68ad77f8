"""Rows of lists whose article could not be read so far; what a seen key never counted goes."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0009_silence")]
    operations = [
        migrations.CreateModel(
            name="FailedRow",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("source", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=512)),
                ("url", models.CharField(max_length=2048)),
                ("title", models.CharField(max_length=500)),
                ("failures", models.PositiveIntegerField()),
                ("first_at", models.DateTimeField()),
                ("last_at", models.DateTimeField()),
                ("dead_at", models.DateTimeField(db_index=True, null=True)),
                ("message_key", models.CharField(max_length=128)),
                ("message_values", models.JSONField(default=dict)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("source", "key"), name="failed_once")],
            },
        ),
        migrations.RemoveField("SeenKey", "failures"),
    ]
