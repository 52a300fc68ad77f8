"""Accounts and one-time links, which are shown once and kept only as hashes."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from syndicate.errors import InputError, NotAllowed, NotFound, UsageError
from syndicate.model.review import Role
from syndicate.records import models
from syndicate.records.connection import one_transaction

LINK_LIFETIME = timedelta(hours=24)


@dataclass(frozen=True)
class Person:
    """An account as others may see it."""

    name: str
    role: Role
    active: bool
    has_password: bool
    successor: str = ""
    """Who took over a leaver's open work."""


def add(name: str, role: Role) -> None:
    """Create an account without a password. Raises UsageError when the name is taken."""
    if models.User.objects.filter(username=name).exists():
        raise UsageError("records.user_exists", name=name)
    user = models.User(username=name, role=role)
    user.set_unusable_password()
    user.save()


def person(name: str) -> Person:
    """One account. Raises NotFound."""
    return _person(_user(name))


def everyone() -> tuple[Person, ...]:
    """All accounts by name, disabled ones included."""
    return tuple(_person(user) for user in models.User.objects.select_related("successor").order_by("username"))


def set_role(name: str, role: Role) -> None:
    """Change what a person may do."""
    user = _user(name)
    user.role = role
    user.save(update_fields=["role"])


def set_password(name: str, password: str) -> None:
    """Set a password. Raises InputError saying why a weak one is refused."""
    user = _user(name)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise InputError("records.weak_password", why=" ".join(error.messages)) from error
    user.set_password(password)
    user.save(update_fields=["password"])


def password_fits(name: str, password: str) -> bool:
    """Whether this is somebody's password."""
    return _user(name).check_password(password)


def set_language(name: str, language: str) -> None:
    """Keep in which language somebody reads the desk."""
    user = _user(name)
    user.language = language
    user.save(update_fields=["language"])


def disable(name: str) -> None:
    """A leaver can no longer log in; what he did stays under his name, his tokens and links end."""
    user = _user(name)
    user.is_active = False
    user.save(update_fields=["is_active"])
    _end_ways_in(user)


def _end_ways_in(user: models.User) -> None:
    models.PersonalToken.objects.filter(user=user).delete()
    models.OneTimeLink.objects.filter(user=user, used_at=None).delete()


def hand_over(name: str, successor: str) -> None:
    """What a leaver has not finished is somebody else's from now on."""
    models.User.objects.filter(username=name).update(successor=_user(successor))


def stands_for() -> dict[str, frozenset[str]]:
    """For whose work everybody answers: his own, and that of leavers who handed theirs to him, however often."""
    rows = list(models.User.objects.values_list("username", "is_active", "successor__username"))
    handed = {name: successor for name, active, successor in rows if not active}
    return {
        name: frozenset({name, *(leaver for leaver in handed if name in _chain(leaver, handed))})
        for name, _active, _successor in rows
    }


def _chain(leaver: str, handed: Mapping[str, str | None]) -> list[str]:
    """To whom a leaver's work went, and from him to whom; leavers who hand it to each other end it."""
    chain: list[str] = []
    following = handed.get(leaver)
    while following and following not in (leaver, *chain):
        chain.append(following)
        following = handed.get(following)
    return chain


def lock_out(name: str) -> None:
    """Nobody gets in as this person any more: sessions, tokens, open links and the password end."""
    user = _user(name)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    _end_ways_in(user)


def make_link(name: str, now: datetime) -> str:
    """The secret part of a one-time link that lets a person set a password."""
    token = secrets.token_urlsafe(32)
    models.OneTimeLink.objects.create(user=_user(name), token_hash=_hash(token), expires_at=now + LINK_LIFETIME)
    return token


def use_link(token: str, password: str, now: datetime) -> Person:
    """Set the password of the person a link was made for; the link ends. Raises NotAllowed or InputError."""
    open_links = models.OneTimeLink.objects.filter(token_hash=_hash(token), used_at=None, expires_at__gt=now)
    with one_transaction():
        link = open_links.first()
        # Compare and set, so that of two people who click at once only one gets in.
        if link is None or not link.user.is_active or not open_links.update(used_at=now):
            raise NotAllowed("records.bad_link")
        set_password(link.user.username, password)
    return person(link.user.username)


def _user(name: str) -> models.User:
    user = models.User.objects.filter(username=name).first()
    if user is None:
        raise NotFound("records.no_user", name=name)
    return user


def _person(user: models.User) -> Person:
    successor = user.successor.username if user.successor else ""
    return Person(user.username, Role(user.role), user.is_active, user.has_usable_password(), successor)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="surrogatepass")).hexdigest()  # typed by anybody, text or not
