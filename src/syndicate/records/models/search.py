"""What the public can search. The index itself is not Django's: see the migration and `records.search`."""

from django.db import models

from syndicate.records.models.items import Item


class SearchDocument(models.Model):
    """One published article as plain text. `position` grows with the publication time, so that newer ones come first."""

    position = models.BigIntegerField(primary_key=True)
    channel = models.CharField(max_length=64)
    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    column = models.CharField(max_length=64)
    year = models.PositiveSmallIntegerField()
    published_at = models.DateTimeField()
    address = models.CharField(max_length=255)
    title = models.TextField()
    text = models.TextField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["channel", "item"], name="one_search_document_per_item"),)
        indexes = (models.Index(fields=["channel", "position"], name="search_by_position"),)
