"""The office's own records: configuration snapshots, platform tokens, probes and reports."""

from django.db import models


class Snapshot(models.Model):
    """One configuration as it was loaded, numbered by its row and named by its hash."""

    hash = models.CharField(max_length=64, unique=True)
    loaded_at = models.DateTimeField()
    monitor = models.CharField(max_length=64, blank=True, default="")
    marks = models.JSONField(default=dict)


class Seat(models.Model):
    """Where the one living copy of the office stands, as a hash of machine and folder, and a hash to know its key by."""

    place = models.CharField(max_length=64)
    since = models.DateTimeField()
    key_check = models.CharField(max_length=64, default="")


class Pulse(models.Model):
    """When a regular verb, or a worker, last said that it is alive."""

    verb = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField()


class ChannelToken(models.Model):
    """A platform's access token, encrypted with the office key."""

    channel = models.CharField(max_length=64, unique=True)
    encrypted = models.BinaryField()
    expires_at = models.DateTimeField()


class Probe(models.Model):
    """One look at an address of our own: reachable or not, how long it took, what was found."""

    at = models.DateTimeField(db_index=True)
    kind = models.CharField(max_length=16)
    target = models.CharField(max_length=2048)
    ok = models.BooleanField()
    status = models.PositiveIntegerField(default=0)
    milliseconds = models.PositiveIntegerField(default=0)
    detail = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=["kind", "at"], name="probes_by_kind"),)


class DailyReport(models.Model):
    """A report as it was written: its file under `var/reports` and its hash. `day` is the first of its period."""

    kind = models.CharField(max_length=8, default="day")
    day = models.DateField(db_index=True)
    made_at = models.DateTimeField()
    standing = models.CharField(max_length=16)
    path = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
