"""Notices to people, what each person wants by mail, and the outbox of everything that leaves by mail or webhook."""

from django.db import models

from syndicate.records.models.office import DailyReport
from syndicate.records.models.people import User


class Notice(models.Model):
    """One thing that one person is told once. `incident` names what happened; `mailed_at` is when a letter took it up.

    `not_before`: the end of the quiet hours that held when it was written.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices")
    event = models.CharField(max_length=32)
    incident = models.CharField(max_length=160)
    place = models.CharField(max_length=200)
    message_key = models.CharField(max_length=128)
    message_values = models.JSONField(default=dict)
    how = models.CharField(max_length=8)
    created_at = models.DateTimeField(db_index=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)
    not_before = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "incident"], name="one_notice_per_incident"),)
        indexes = (models.Index(fields=["user", "read_at"], name="notices_unread"),)


class NoticeChoice(models.Model):
    """How one person wants to hear of one event, where it is not as the office has it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notice_choices")
    event = models.CharField(max_length=32)
    how = models.CharField(max_length=8)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["user", "event"], name="one_choice_per_event"),)


class Letter(models.Model):
    """One mail or webhook call. `due_at` None: it is done, sent or given up. `message_id` stays the same at every try.

    `report`: what it brings along, as it was written.
    """

    way = models.CharField(max_length=8)
    recipient = models.CharField(max_length=150)
    address = models.CharField(max_length=254)
    message_id = models.CharField(max_length=200, unique=True)
    subject = models.CharField(max_length=200)
    body = models.TextField()
    created_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, db_index=True)
    failures = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    report = models.ForeignKey(DailyReport, on_delete=models.PROTECT, null=True)
    message_key = models.CharField(max_length=128, blank=True)
    message_values = models.JSONField(default=dict)


class NoticeMark(models.Model):
    """The one row that says up to which audit event people were told, and for which day the digest was written."""

    audit_number = models.PositiveBigIntegerField()
    digest_day = models.DateField(null=True)
