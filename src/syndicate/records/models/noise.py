"""Exceptions to findings and editors' verdicts on rules."""

from django.db import models

from syndicate.records.models.items import Item


class FindingException(models.Model):
    """One rule on one text is no error here, in a column or anywhere. Ended, never deleted."""

    rule = models.CharField(max_length=128, db_index=True)
    text = models.TextField()
    scope = models.CharField(max_length=16)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="finding_exceptions")
    column = models.CharField(max_length=64, blank=True)
    actor = models.CharField(max_length=150)
    reason = models.TextField()
    at = models.DateTimeField()
    until = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)


class RuleVerdict(models.Model):
    """One editor's word on one finding: an error, or not. The newest ones make a rule's precision."""

    rule = models.CharField(max_length=128)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="rule_verdicts")
    text = models.TextField()
    right = models.BooleanField()
    actor = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["rule", "-at"]),)
        constraints = (models.UniqueConstraint(fields=["rule", "item", "text"], name="one_verdict_per_finding"),)
