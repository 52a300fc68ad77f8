"""What is remembered about other people's sites and about the originals of our reprints."""

from django.db import models

from syndicate.records.models.items import Item


class SitePaging(models.Model):
    """How a site (host and port) numbers the further pages of its lists; asked once."""

    site = models.CharField(max_length=260, unique=True)
    numbers = models.CharField(max_length=16)
    asked_at = models.DateTimeField()


class SiteRobots(models.Model):
    """A site's robots.txt as it was fetched last; `status` 0: it could not be fetched."""

    origin = models.CharField(max_length=280, unique=True)
    status = models.PositiveSmallIntegerField()
    text = models.TextField(blank=True)
    fetched_at = models.DateTimeField()


class Likeness(models.Model):
    """By what a document is known again at another source: its number, its title, a sketch of its text."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="likeness")
    number = models.CharField(max_length=100, blank=True, db_index=True)
    title = models.CharField(max_length=500)
    sketch = models.JSONField(default=list)
    seen_at = models.DateTimeField(db_index=True)


class Original(models.Model):
    """The page that an item's text was read from, and when it is looked at again. No `next_look_at`: no more."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="original")
    source = models.CharField(max_length=64)
    key = models.CharField(max_length=512)
    url = models.CharField(max_length=2048)
    title = models.TextField(blank=True)
    step = models.PositiveSmallIntegerField(default=0)
    next_look_at = models.DateTimeField(null=True, db_index=True)
    absences = models.PositiveSmallIntegerField(default=0)
    absent_since = models.DateTimeField(null=True)
    gone_at = models.DateTimeField(null=True, db_index=True)


class SourceIncident(models.Model):
    """One trouble of a source from the first bad look to the first good one."""

    source = models.CharField(max_length=64, db_index=True)
    result = models.CharField(max_length=16)
    message_key = models.CharField(max_length=128, blank=True)
    message_values = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, db_index=True)
