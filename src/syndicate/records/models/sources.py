"""What was seen at each source, and how each source is."""

from django.db import models

from syndicate.records.models.items import Item


class SeenKey(models.Model):
    """The seen-set: a key of a source that was looked at. `item` is null for the archive of the first run."""

    source = models.CharField(max_length=64)
    key = models.CharField(max_length=512)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True)
    row_hash = models.CharField(max_length=64)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "key"], name="seen_once"),)


class SourceHealth(models.Model):
    """One row per source: when it last worked, when it last had something new, and when to look again."""

    source = models.CharField(max_length=64, unique=True)
    result = models.CharField(max_length=16)
    message_key = models.CharField(max_length=128, blank=True)
    message_values = models.JSONField(default=dict)
    last_look_at = models.DateTimeField(null=True)
    last_success_at = models.DateTimeField(null=True)
    last_new_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    next_look_at = models.DateTimeField(null=True)
    etag = models.CharField(max_length=255, blank=True)
    last_modified = models.CharField(max_length=255, blank=True)


class SourceLook(models.Model):
    """One look at one source, as the report counts it, and how the source stood afterwards."""

    source = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(db_index=True)
    result = models.CharField(max_length=16)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    last_success_at = models.DateTimeField(null=True)
    last_new_at = models.DateTimeField(null=True)
    next_look_at = models.DateTimeField(null=True)
    message_key = models.CharField(max_length=128, blank=True)
    message_values = models.JSONField(default=dict)


class SourceSwitch(models.Model):
    """A source that is switched off in the desk: it is not followed until somebody switches it on again."""

    source = models.CharField(max_length=64, unique=True)
    reason = models.TextField()
    actor = models.CharField(max_length=150)
    at = models.DateTimeField()
