"""Silent periods: while one is in force nothing new is put before the public, except what was named with a reason."""

from django.db import models

from syndicate.records.models.items import Item


class Silence(models.Model):
    """One silent period. `until` None: until somebody ends it; `ended_at` is when somebody did."""

    started_at = models.DateTimeField()
    until = models.DateTimeField(null=True)
    actor = models.CharField(max_length=150)
    reason = models.TextField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)


class SilenceException(models.Model):
    """An item that goes out in spite of one silent period: who said so and why."""

    silence = models.ForeignKey(Silence, on_delete=models.PROTECT, related_name="exceptions")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="silence_exceptions")
    actor = models.CharField(max_length=150)
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["silence", "item"], name="one_exception_per_item"),)
