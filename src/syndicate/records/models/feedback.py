"""What the public sent in about our pages, and how it rated them. Nothing here says who anybody was but the contact."""

from django.db import models

from syndicate.records.models.items import Item


class Feedback(models.Model):
    """One error report or complaint. `receipt_hash` is SHA-256 of the number that its sender got; we do not keep that.

    `contact` is encrypted with the office key and goes some time after `closed_at`; then `erased_at` says when.
    """

    kind = models.CharField(max_length=16)
    state = models.CharField(max_length=16)
    page = models.CharField(max_length=255, blank=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, related_name="feedback")
    text = models.TextField()
    contact = models.BinaryField(null=True)
    receipt_hash = models.CharField(max_length=64, unique=True)
    received_at = models.DateTimeField(db_index=True)
    pass_on_due_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    assignee = models.CharField(max_length=150, blank=True)
    assigned_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=16, blank=True)
    answer = models.TextField(blank=True)
    answered_by = models.CharField(max_length=150, blank=True)
    answered_at = models.DateTimeField(null=True, db_index=True)
    closed_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (models.Index(fields=["state", "answer_due_at"], name="feedback_by_duty"),)


class PageRating(models.Model):
    """How one page of the site was rated on one day: three counts and nothing else."""

    day = models.DateField()
    page = models.CharField(max_length=255)
    satisfied = models.PositiveIntegerField(default=0)
    fair = models.PositiveIntegerField(default=0)
    dissatisfied = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["day", "page"], name="one_rating_row_per_page_and_day"),)
