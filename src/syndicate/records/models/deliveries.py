"""The ledger: deliveries, their attempts, their receipts, and what stands on each website."""

from django.db import models

from syndicate.records.models.items import Item, Revision
from syndicate.records.models.reviews import Rendition


class Delivery(models.Model):
    """The duty to bring one rendition to one channel. `version` is what claim and outcome compare and set."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="deliveries")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="deliveries")
    rendition = models.ForeignKey(Rendition, on_delete=models.PROTECT)
    channel = models.CharField(max_length=64)
    action = models.CharField(max_length=16)
    state = models.CharField(max_length=16)
    wait_reason = models.CharField(max_length=16, blank=True)
    due_at = models.DateTimeField()
    created_at = models.DateTimeField()
    first_attempt_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    step = models.CharField(max_length=100, blank=True)
    step_repeatable = models.BooleanField(default=True)
    notes = models.JSONField(default=dict)
    attempts_made = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    looks = models.PositiveIntegerField(default=0)
    polls = models.PositiveIntegerField(default=0)
    maybe_sent = models.BooleanField(default=False)
    lease_owner = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=32, blank=True)
    message_key = models.CharField(max_length=128, blank=True)
    message_values = models.JSONField(default=dict)
    code = models.CharField(max_length=64, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["revision", "channel", "action"],
                name="one_delivery_per_duty",
                condition=~models.Q(state="cancelled"),
            ),
        )
        indexes = (
            models.Index(fields=["state", "due_at"]),
            models.Index(fields=["item", "channel", "id"]),
            models.Index(fields=["lease_owner"]),
        )


class Attempt(models.Model):
    """One try: written down before the call, completed after it. `applied` False: the lease had been taken over."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=8)
    step = models.CharField(max_length=100)
    worker = models.CharField(max_length=64)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=32, blank=True)
    message_key = models.CharField(max_length=128, blank=True)
    message_values = models.JSONField(default=dict)
    code = models.CharField(max_length=64, blank=True)
    reply = models.TextField(blank=True)
    applied = models.BooleanField(default=True)

    class Meta:
        indexes = (models.Index(fields=["started_at"], name="attempts_by_start"),)


class Receipt(models.Model):
    """Proof of what a channel holds. Never purged; `removed_by` says which delivery took it down or replaced it."""

    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="receipt")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="receipts")
    channel = models.CharField(max_length=64)
    remote_id = models.CharField(max_length=255)
    url = models.CharField(max_length=2048)
    at = models.DateTimeField()
    details = models.JSONField(default=dict)
    rendition_hash = models.CharField(max_length=64)
    proof_sha256 = models.CharField(max_length=64, blank=True)
    proof_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(Delivery, on_delete=models.PROTECT, null=True, related_name="removed_receipts")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["item", "channel"]),)


_SHOWN = models.Q(settled=True, withdrawn=False)


class SiteEntry(models.Model):
    """One article of one website channel with its dense sequence number; `settled` once its files are written."""

    channel = models.CharField(max_length=64)
    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    column = models.CharField(max_length=64)
    sequence = models.PositiveIntegerField()
    address = models.CharField(max_length=255)
    title = models.TextField()
    summary = models.TextField(blank=True)
    source_name = models.CharField(max_length=255)
    fields = models.JSONField(default=dict)
    published_at = models.DateTimeField()
    withdrawn = models.BooleanField(default=False)
    settled = models.BooleanField(default=False)
    listings = models.JSONField(default=list)
    document_number = models.CharField(max_length=255, blank=True, default="")
    index_number = models.CharField(max_length=255, blank=True, default="")
    explains = models.CharField(max_length=255, blank=True, default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["channel", "item"], name="one_entry_per_item"),
            models.UniqueConstraint(fields=["channel", "column", "sequence"], name="dense_sequence"),
        )
        indexes = (
            models.Index(fields=["channel", "published_at", "item"], condition=_SHOWN, name="newest_of_site"),
            models.Index(fields=["channel", "column", "published_at", "item"], condition=_SHOWN, name="newest_shown"),
            models.Index(fields=["document_number"], name="entry_by_document_number"),
            models.Index(fields=["index_number"], name="entry_by_index_number"),
            models.Index(fields=["explains"], name="entry_by_explains"),
            models.Index(fields=["channel", "address"], name="entry_by_address"),
        )


class SitePlace(models.Model):
    """The dense number of an entry in a listing of the 信息公开目录; kept when the entry leaves the listing."""

    channel = models.CharField(max_length=64)
    item = models.ForeignKey(Item, on_delete=models.PROTECT)
    listing = models.CharField(max_length=64)
    title = models.CharField(max_length=255)
    sequence = models.PositiveIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["channel", "item", "listing"], name="one_place_per_listing"),
            models.UniqueConstraint(fields=["channel", "listing", "sequence"], name="dense_place"),
        )
        indexes = (models.Index(fields=["channel", "sequence"], name="listings_of_site"),)
