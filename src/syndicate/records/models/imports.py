"""What came from the office's former website: every old article by its old address, and the lists they stood in."""

from django.db import models

from syndicate.records.models.items import Item


class ImportedPage(models.Model):
    """One article of the former site. `key` is its old address in one spelling; without `item` it could not be read."""

    key = models.CharField(max_length=2048, unique=True)
    url = models.CharField(max_length=2048)
    column = models.CharField(max_length=64)
    title = models.TextField(blank=True)
    item = models.OneToOneField(Item, on_delete=models.PROTECT, null=True, related_name="imported")
    sha256 = models.CharField(max_length=64, blank=True)
    message_key = models.CharField(max_length=128, blank=True)
    message_values = models.JSONField(default=dict)
    at = models.DateTimeField()


class OldList(models.Model):
    """A list of the former site and the column that its articles went to; its address leads there."""

    url = models.CharField(max_length=2048, unique=True)
    column = models.CharField(max_length=64)
