"""How each channel's account stands, how many calls it made, and what its driver remembers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0010_failed_rows")]
    operations = [
        migrations.CreateModel(
            name="ChannelAccount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(max_length=64, unique=True)),
                ("state", models.CharField(max_length=16)),
                ("since", models.DateTimeField()),
                ("message_key", models.CharField(blank=True, max_length=128)),
                ("message_values", models.JSONField(default=dict)),
                ("code", models.CharField(blank=True, max_length=64)),
                ("actor", models.CharField(blank=True, max_length=150)),
                ("confirmed_by", models.CharField(blank=True, max_length=150)),
                ("ends_at", models.DateTimeField(null=True)),
                ("looked_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="CallCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(max_length=64)),
                ("quota", models.CharField(max_length=64)),
                ("begins", models.DateTimeField()),
                ("used", models.PositiveIntegerField(default=0)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "quota", "begins"), name="one_count_per_window")
                ],
            },
        ),
        migrations.CreateModel(
            name="ChannelNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("channel", models.CharField(max_length=64)),
                ("key", models.CharField(max_length=160)),
                ("value", models.TextField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("channel", "key"), name="one_note_per_key")],
            },
        ),
    ]
