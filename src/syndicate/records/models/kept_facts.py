"""What the report needs of a past moment and no other record dates."""

from django.db import models


class KeptFact(models.Model):
    """How one thing stood from `at` on, until a later row of the same kind and key. `value` None: it was over."""

    kind = models.CharField(max_length=16)
    key = models.CharField(max_length=200)
    at = models.DateTimeField()
    value = models.JSONField(null=True)

    class Meta:
        indexes = (models.Index(fields=["kind", "key", "at"], name="kept_fact_at"),)


class FormerFinding(models.Model):
    """A finding that a later check no longer made, or made with another severity, and since when."""

    revision = models.ForeignKey("Revision", on_delete=models.PROTECT, related_name="former_findings")
    rule = models.CharField(max_length=128)
    severity = models.CharField(max_length=16)
    part = models.CharField(max_length=255)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    message = models.TextField()
    suggestion = models.TextField(null=True)
    found_at = models.DateTimeField()
    gone_at = models.DateTimeField(db_index=True)
