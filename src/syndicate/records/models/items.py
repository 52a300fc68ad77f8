"""Items, their immutable revisions, their files and the sources they came from."""

from django.db import models


class Item(models.Model):
    """One piece of content and where it stands. `version` grows with every change (optimistic locking).

    `title` is the newest revision's, cut to what an index takes: the queue searches and shows it.
    """

    title = models.CharField(max_length=255, default="")
    column = models.CharField(max_length=64, db_index=True)
    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=16, db_index=True)
    level = models.PositiveSmallIntegerField(default=1)
    levels = models.PositiveSmallIntegerField()
    submitter = models.CharField(max_length=150, blank=True)
    created_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()
    deadline_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    first_published_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True)
    publish_at = models.DateTimeField(null=True)
    embargo_until = models.DateTimeField(null=True)
    channels = models.JSONField(default=list)
    urgent = models.BooleanField(default=False)
    old_address = models.CharField(max_length=255, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (
            models.Index(fields=["state", "created_at"]),
            models.Index(fields=["title"], name="items_by_title"),
            models.Index(fields=["first_published_at"], name="items_by_publication"),
            models.Index(fields=["deadline_at"], name="items_by_deadline"),
        )


class ItemSource(models.Model):
    """Where an item was seen; the same document from two sources is one item with two rows."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="sources")
    source = models.CharField(max_length=64)
    key = models.CharField(max_length=512)
    url = models.CharField(max_length=2048)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["source", "key"], name="one_item_per_source_key"),)


class Revision(models.Model):
    """What one version says. Never changed, never deleted."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField()
    title = models.TextField()
    body = models.TextField()
    kind = models.CharField(max_length=16)
    source_name = models.CharField(max_length=255)
    source_url = models.CharField(max_length=2048, blank=True)
    published_at = models.DateTimeField(null=True)
    author = models.CharField(max_length=255, blank=True)
    summary = models.TextField(blank=True)
    fields = models.JSONField(default=dict)
    adaptations = models.JSONField(null=True)
    content_hash = models.CharField(max_length=64, db_index=True)
    created_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField()
    checked_with = models.CharField(max_length=64, blank=True)
    checked_milliseconds = models.PositiveIntegerField(null=True)
    """How long the last check took; None where it was not measured."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=["item", "number"], name="one_revision_per_number"),)


class Attachment(models.Model):
    """A file of a revision; its bytes lie under `var/files` by content hash."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="attachments")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    media_type = models.CharField(max_length=127)
    size = models.PositiveBigIntegerField()
    role = models.CharField(max_length=16)
    url = models.CharField(max_length=2048, blank=True)
