"""Personal tokens: shown once, kept only as hashes, limited in what they are good for and how long."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from syndicate.errors import NotAllowed, NotFound
from syndicate.model.token import Scope, TokenFacts
from syndicate.records import models
from syndicate.records.people import Person, person

USE_NOTED_EVERY = timedelta(minutes=1)
"""A script that asks ten times a second writes its last use down once a minute."""


@dataclass(frozen=True)
class NewToken:
    """What a new token shall be."""

    person: str
    label: str
    scopes: Collection[Scope]
    expires_at: datetime


def make(new: NewToken, now: datetime) -> str:
    """A new token in place of the person's older ones of the same label; returned once. Raises NotFound."""
    user = models.User.objects.filter(username=new.person).first()
    if user is None:
        raise NotFound("records.no_user", name=new.person)
    token = secrets.token_urlsafe(32)
    models.PersonalToken.objects.filter(user=user, label=new.label, revoked_at=None).update(revoked_at=now)
    models.PersonalToken.objects.create(
        user=user,
        token_hash=_hash(token),
        label=new.label,
        scopes=[scope for scope in Scope if scope in new.scopes],
        created_at=now,
        expires_at=new.expires_at,
    )
    return token


def holder(token: str, now: datetime) -> tuple[Person, TokenFacts]:
    """Whose token this is and what it is good for; its use is noted.

    Raises NotAllowed for one that is wrong, revoked or over, or whose account is disabled.
    """
    row = _living(now).filter(token_hash=_hash(token)).first()
    if row is None:
        raise NotAllowed("records.bad_token")
    if row.last_used_at is None or now - row.last_used_at >= USE_NOTED_EVERY:
        models.PersonalToken.objects.filter(id=row.id).update(last_used_at=now)
    return person(row.user.username), _facts(row)


def of_person(name: str, now: datetime) -> tuple[TokenFacts, ...]:
    """A person's living tokens, newest first."""
    return tuple(_facts(row) for row in _living(now).filter(user__username=name).order_by("-id"))


def ending(now: datetime, until: datetime) -> tuple[TokenFacts, ...]:
    """Living tokens that end by `until`, the first to end first."""
    return tuple(_facts(row) for row in _living(now).filter(expires_at__lte=until).order_by("expires_at", "id"))


def revoke(name: str, token: int, now: datetime) -> TokenFacts:
    """End one of a person's tokens. Raises NotFound where there is none that lives."""
    row = _living(now).filter(user__username=name, id=token).first()
    if row is None or not models.PersonalToken.objects.filter(id=token, revoked_at=None).update(revoked_at=now):
        raise NotFound("token.none", token=token)
    return _facts(row)


def _living(now: datetime) -> QuerySet[models.PersonalToken]:
    rows = models.PersonalToken.objects.filter(revoked_at=None, user__is_active=True).select_related("user")
    return rows.filter(Q(expires_at=None) | Q(expires_at__gt=now))


def _facts(row: models.PersonalToken) -> TokenFacts:
    scopes = frozenset(Scope(name) for name in row.scopes)
    return TokenFacts(row.id, row.user.username, row.label, scopes, row.created_at, row.expires_at, row.last_used_at)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()  # typed by anybody, text or not
