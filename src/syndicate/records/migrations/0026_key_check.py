"""By what the office key is recognised: another one in its place is told before it seals anything."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0025_longer_steps")]
    operations = [migrations.AddField("seat", "key_check", models.CharField(default="", max_length=64))]
