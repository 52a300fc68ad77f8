"""Incidents that alarms are about, and reprints that somebody demanded by a list."""

from django.db import models


class Incident(models.Model):
    """One trouble that an alarm is about, from its first sight to its end. Of one subject at most one goes on."""

    alarm = models.CharField(max_length=80)
    subject = models.CharField(max_length=500)
    message_key = models.CharField(max_length=128)
    message_values = models.JSONField(default=dict)
    place = models.CharField(max_length=200)
    seen_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, db_index=True)
    deadline = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True, db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["alarm", "subject"], condition=models.Q(closed_at=None), name="one_incident_at_a_time"
            ),
        )


class RequiredReprint(models.Model):
    """A text that this office was told to reprint, by a list. `address` is its canonical form without scheme."""

    title = models.CharField(max_length=500)
    url = models.CharField(max_length=2048, blank=True)
    address = models.CharField(max_length=2048, blank=True)
    source_title = models.CharField(max_length=255, blank=True)
    deadline_at = models.DateTimeField(db_index=True)
    listed_at = models.DateTimeField()
    listed_by = models.CharField(max_length=150)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.CharField(max_length=150, blank=True)
