"""The audit log: a hash chain. Triggers in the migration refuse UPDATE and DELETE on both databases."""

from django.db import models


class AuditEvent(models.Model):
    """One thing somebody did. `hash` covers the row and `previous_hash`."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField(db_index=True)
    actor = models.CharField(max_length=150)
    via = models.CharField(max_length=16)
    os_user = models.CharField(max_length=64, blank=True)
    action = models.CharField(max_length=64, db_index=True)
    subject = models.CharField(max_length=128, db_index=True)
    data = models.JSONField()
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = (models.Index(fields=["action", "at"], name="audit_by_action"),)


class AuditHead(models.Model):
    """The one row that every append locks, so that the chain never forks."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64)
