"""The newest entries of a website are read from an index that holds nothing else: a publication costs the same on any site."""

from django.db import migrations, models

SHOWN = models.Q(settled=True, withdrawn=False)


class Migration(migrations.Migration):
    dependencies = [("records", "0007_noise")]
    operations = [
        migrations.RemoveIndex("siteentry", "records_sit_channel_30420f_idx"),
        migrations.RemoveIndex("siteentry", "newest_of_column"),
        migrations.AddIndex(
            "siteentry",
            models.Index(fields=["channel", "published_at", "item"], condition=SHOWN, name="newest_of_site"),
        ),
        migrations.AddIndex(
            "siteentry",
            models.Index(fields=["channel", "column", "published_at", "item"], condition=SHOWN, name="newest_shown"),
        ),
    ]
