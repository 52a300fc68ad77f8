"""A cancelled delivery does not stop the same duty from being created again (after an undo, say)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("records", "0002_immutable")]
    operations = [
        migrations.RemoveConstraint("delivery", "one_delivery_per_duty"),
        migrations.AddConstraint(
            "delivery",
            models.UniqueConstraint(
                fields=["revision", "channel", "action"],
                name="one_delivery_per_duty",
                condition=~models.Q(state="cancelled"),
            ),
        ),
    ]
