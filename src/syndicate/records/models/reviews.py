"""What was found, what each channel shall carry, who decided, and what was taken down."""

from django.db import models

from syndicate.records.models.items import Item, Revision


class Finding(models.Model):
    """One hit on a revision. `snapshot` is the hash of the configuration that found it. Personal data is masked."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="findings")
    rule = models.CharField(max_length=128, db_index=True)
    severity = models.CharField(max_length=16)
    part = models.CharField(max_length=255)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField()
    message = models.TextField()
    message_en = models.TextField(blank=True)
    suggestion = models.TextField(null=True)
    basis = models.TextField(blank=True)
    place = models.CharField(max_length=255, blank=True)
    snapshot = models.CharField(max_length=64)
    found_at = models.DateTimeField()


class Rendition(models.Model):
    """What one channel shall carry for one revision, by hash; rendering again adds a row only when it differs."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="renditions")
    channel = models.CharField(max_length=64)
    purpose = models.CharField(max_length=16)
    fields = models.JSONField()
    body = models.TextField()
    files = models.JSONField()
    hash = models.CharField(max_length=64)
    current = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["revision", "channel", "purpose", "hash"], name="one_rendition_per_hash"),
        )


class Decision(models.Model):
    """One person's verdict on one revision at one level.

    `checked` names the checks that were ticked, `comments` are remarks on passages, `behalf` is for whom he acted.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="decisions")
    level = models.PositiveSmallIntegerField()
    verdict = models.CharField(max_length=16)
    actor = models.CharField(max_length=150)
    reason = models.TextField(blank=True)
    overrides = models.JSONField(default=dict)
    approval_hash = models.CharField(max_length=64)
    snapshot = models.CharField(max_length=64)
    at = models.DateTimeField()
    void = models.BooleanField(default=False)
    checked = models.JSONField(default=list)
    comments = models.JSONField(default=list)
    behalf = models.CharField(max_length=150, blank=True, default="")


class Withdrawal(models.Model):
    """One publisher takes an item down at once; it stays listed until a second person confirms."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="withdrawals")
    kind = models.CharField(max_length=16)
    reason = models.TextField()
    actor = models.CharField(max_length=150)
    at = models.DateTimeField()
    behalf = models.CharField(max_length=150, blank=True, default="")
    confirmed_by = models.CharField(max_length=150, blank=True)
    confirmed_at = models.DateTimeField(null=True)
