"""People: accounts with one role each, one-time links, personal tokens (only their hashes are kept), second factors."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """An account. Its name is what the audit says; a leaver is disabled, never deleted."""

    role = models.CharField(max_length=16)
    language = models.CharField(max_length=8, blank=True, default="")
    """Of the desk's pages; empty: Chinese."""
    successor = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="predecessors")
    """Who took over a leaver's open work."""


class OneTimeLink(models.Model):
    """Lets one person set a password once, before it ends."""

    user = models.ForeignKey(User, on_delete=models.PROTECT)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class PersonalToken(models.Model):
    """What `--as USER` and the API ask for. `scopes` limit it; it never allows more than its person's role."""

    user = models.ForeignKey(User, on_delete=models.PROTECT)
    token_hash = models.CharField(max_length=64, unique=True)
    label = models.CharField(max_length=60, default="cli")
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)


class SecondFactor(models.Model):
    """The key of a person's app for one-time codes, encrypted with the office key. Without `confirmed_at` it asks for nothing."""

    user = models.OneToOneField(User, on_delete=models.PROTECT)
    encrypted = models.BinaryField()
    confirmed_at = models.DateTimeField(null=True)
    last_step = models.BigIntegerField(default=0)
    """The time step of the last code that was taken: a code works once."""


class RecoveryCode(models.Model):
    """In place of a code when the telephone is gone; works once."""

    user = models.ForeignKey(User, on_delete=models.PROTECT)
    code_hash = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)
