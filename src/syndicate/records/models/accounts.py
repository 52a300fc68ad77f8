"""Channel accounts: how they stand, how many calls they made, and what their drivers remember."""

from django.db import models


class ChannelAccount(models.Model):
    """How one account stands since when and why; a channel without a row is `ok`."""

    channel = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=16)
    since = models.DateTimeField()
    message_key = models.CharField(max_length=128, blank=True)
    message_values = models.JSONField(default=dict)
    code = models.CharField(max_length=64, blank=True)
    actor = models.CharField(max_length=150, blank=True)
    confirmed_by = models.CharField(max_length=150, blank=True)
    ends_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)


class CallCount(models.Model):
    """How much of one quota of a channel was used in the window that began at `begins`."""

    channel = models.CharField(max_length=64)
    quota = models.CharField(max_length=64)
    begins = models.DateTimeField()
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["channel", "quota", "begins"], name="one_count_per_window"),)


class ChannelNote(models.Model):
    """What a channel's driver keeps beyond one delivery, by key."""

    channel = models.CharField(max_length=64)
    key = models.CharField(max_length=160)
    value = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["channel", "key"], name="one_note_per_key"),)
