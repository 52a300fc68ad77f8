"""What each configuration's monitor consisted of, so that a recheck can tell which texts a change may touch."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0012_imports")]
    operations = [
        migrations.AddField(model_name="snapshot", name="marks", field=models.JSONField(default=dict)),
    ]
