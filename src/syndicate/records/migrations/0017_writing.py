"""Channels' wordings of a revision, the day an item is read again, and what people are writing before they save it.

The columns of existing tables are nullable: SQLite then adds them in place, and the triggers on those tables stay.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0016_reviewing")]
    operations = [
        migrations.AddField("revision", "adaptations", models.JSONField(null=True)),
        migrations.AddField("item", "review_on", models.DateField(null=True)),
        migrations.CreateModel(
            name="KeptWriting",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("person", models.CharField(max_length=150)),
                ("item", models.PositiveBigIntegerField(default=0)),
                ("typed", models.JSONField()),
                ("kept_at", models.DateTimeField(db_index=True)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["person", "item"], name="one_kept_writing")],
            },
        ),
    ]
