"""Looks by kind and items by deadline: asked for every two minutes, by a history of years."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0023_feedback")]
    operations = [
        migrations.AddIndex("probe", models.Index(fields=["kind", "at"], name="probes_by_kind")),
        migrations.AddIndex("item", models.Index(fields=["deadline_at"], name="items_by_deadline")),
    ]
