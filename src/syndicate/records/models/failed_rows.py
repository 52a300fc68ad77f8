"""Rows of lists whose article could not be read so far."""

from django.db import models


class FailedRow(models.Model):
    """One row that failed at every look since `first_at`; it goes away when it is read. `dead_at`: a task since then."""

    source = models.CharField(max_length=64)
    key = models.CharField(max_length=512)
    url = models.CharField(max_length=2048)
    title = models.CharField(max_length=500)
    failures = models.PositiveIntegerField()
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    dead_at = models.DateTimeField(null=True, db_index=True)
    message_key = models.CharField(max_length=128)
    message_values = models.JSONField(default=dict)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "key"], name="failed_once"),)
