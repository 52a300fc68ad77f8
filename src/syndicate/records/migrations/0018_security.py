"""The language of a person's pages, second factors with their recovery codes, and sources that are switched off."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def key() -> tuple[str, "models.BigAutoField[int, int]"]:
    return ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))


class Migration(migrations.Migration):
    dependencies = [("records", "0017_writing")]
    operations = [
        migrations.AddField("user", "language", models.CharField(max_length=8, blank=True, default="")),
        migrations.CreateModel(
            name="SecondFactor",
            fields=[
                key(),
                ("encrypted", models.BinaryField()),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("last_step", models.BigIntegerField(default=0)),
                (
                    "user",
                    models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RecoveryCode",
            fields=[
                key(),
                ("code_hash", models.CharField(max_length=64)),
                ("used_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SourceSwitch",
            fields=[
                key(),
                ("source", models.CharField(max_length=64, unique=True)),
                ("reason", models.TextField()),
                ("actor", models.CharField(max_length=150)),
                ("at", models.DateTimeField()),
            ],
        ),
    ]
