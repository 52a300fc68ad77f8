"""People: accounts with one role each, one-time links and personal tokens (only their hashes are kept)."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """An account. Its name is what the audit says; a leaver is disabled, never deleted."""

    role = models.CharField(max_length=16)


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
