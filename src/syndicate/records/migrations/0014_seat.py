"""Where the one living copy of the office stands."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0013_monitor_marks")]
    operations = [
        migrations.CreateModel(
            name="Seat",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("place", models.CharField(max_length=64)),
                ("since", models.DateTimeField()),
            ],
        )
    ]
