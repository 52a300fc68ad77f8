"""What belongs to the work of reviewing: emergencies to be checked, who acts for whom, kept filters, who looks at what."""

from django.db import models

from syndicate.records.models.items import Item, Revision
from syndicate.records.models.people import User


class Emergency(models.Model):
    """应急发布: one publisher let a revision out alone; it stays listed until a second person has checked it."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="emergencies")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="emergencies")
    reason = models.TextField()
    actor = models.CharField(max_length=150)
    behalf = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField()
    check_by = models.DateTimeField()
    checked_by = models.CharField(max_length=150, blank=True)
    checked_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True)


class Delegation(models.Model):
    """代办: one person lets another act in his role between two times. Ended, never deleted."""

    giver = models.ForeignKey(User, on_delete=models.PROTECT, related_name="given_delegations")
    taker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="taken_delegations")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    reason = models.TextField()
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, blank=True)


class SavedFilter(models.Model):
    """A filter of the queue that one person keeps under a name; `query` is the part of the address behind the `?`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=2000)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "name"], name="one_filter_per_name"),)


class Presence(models.Model):
    """Who has an item open, and when his page said so last. Not kept: rows are replaced and thrown away."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    seen_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "user"], name="one_presence_per_person"),)
