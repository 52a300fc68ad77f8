"""What people are writing before they save it."""

from django.db import models


class KeptWriting(models.Model):
    """The form of one person for one item (0: a new one) as it was kept last. No revision, and nobody else's."""

    person = models.CharField(max_length=150)
    item = models.PositiveBigIntegerField(default=0)
    typed = models.JSONField()
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "item"], name="one_kept_writing"),)
