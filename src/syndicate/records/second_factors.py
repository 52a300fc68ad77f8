"""Second factors: one-time codes by time (RFC 6238), their keys encrypted with the office key, and recovery codes."""

from __future__ import annotations

import base64
import hashlib
import secrets
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from django.db.models import Q
from django_otp.oath import hotp

from syndicate.errors import NotAllowed
from syndicate.records import models
from syndicate.records.connection import one_transaction

STEP_SECONDS = 30
DIGITS = 6
_KEY_BYTES = 20
_RECOVERY_CODES = 10
_TOLERANCE = 1
"""Steps that a telephone's clock may be off, to either side (RFC 6238 §5.2)."""


class SecondFactors:
    """Everybody's second factors. Call what writes inside a transaction with its audit row."""

    def __init__(self, office_key: bytes) -> None:
        derived = hashlib.sha256(b"syndicate second factors" + office_key).digest()
        self._cipher = Fernet(base64.urlsafe_b64encode(derived))

    def begin(self, name: str) -> bytes:
        """A new key that asks for nothing until it is confirmed. Raises NotAllowed where one is in use."""
        user = models.User.objects.get(username=name)
        if models.SecondFactor.objects.filter(user=user, confirmed_at__isnull=False).exists():
            raise NotAllowed("security.factor_in_use")
        key = secrets.token_bytes(_KEY_BYTES)
        encrypted = self._cipher.encrypt(key)
        models.SecondFactor.objects.update_or_create(user=user, defaults={"encrypted": encrypted, "last_step": 0})
        return key

    def pending(self, name: str) -> bytes | None:
        """The key that waits to be confirmed."""
        row = models.SecondFactor.objects.filter(user__username=name, confirmed_at=None).first()
        return self._key(row) if row else None

    def confirm(self, name: str, code: str, now: datetime) -> tuple[str, ...] | None:
        """Take the pending key into use; returns the recovery codes, shown once. None: the code does not fit it."""
        row = models.SecondFactor.objects.filter(user__username=name, confirmed_at=None).first()
        if row is None or not self._take(row, code, now):
            return None
        models.SecondFactor.objects.filter(id=row.id).update(confirmed_at=now)
        return new_recovery_codes(name)

    def check(self, name: str, code: str, now: datetime) -> bool:
        """Whether this is the code of the moment or an unused recovery code. Either works once.

        Raises NotAllowed where the key cannot be read: it was kept with another office key.
        """
        row = models.SecondFactor.objects.filter(user__username=name, confirmed_at__isnull=False).first()
        return row is not None and (self._take(row, code, now) or _take_recovery_code(name, code, now))

    def _take(self, row: models.SecondFactor, code: str, now: datetime) -> bool:
        digits = code.replace(" ", "")
        if len(digits) != DIGITS or not digits.isascii() or not digits.isdecimal():
            return False
        present, key = int(now.timestamp()) // STEP_SECONDS, self._key(row)
        for step in range(present - _TOLERANCE, present + _TOLERANCE + 1):
            if secrets.compare_digest(f"{hotp(key, step, DIGITS):0{DIGITS}d}", digits):
                # Compare and set, so that a code that somebody overheard does not work a second time.
                return bool(models.SecondFactor.objects.filter(id=row.id, last_step__lt=step).update(last_step=step))
        return False

    def _key(self, row: models.SecondFactor) -> bytes:
        try:
            return self._cipher.decrypt(bytes(row.encrypted))
        except InvalidToken:
            raise NotAllowed("security.factor_unreadable") from None


def has(name: str) -> bool:
    """Whether somebody's log-in asks for a code."""
    return models.SecondFactor.objects.filter(user__username=name, confirmed_at__isnull=False).exists()


def everybody() -> frozenset[str]:
    """The names of all whose log-in asks for a code."""
    rows = models.SecondFactor.objects.filter(confirmed_at__isnull=False)
    return frozenset(rows.values_list("user__username", flat=True))


def reset(name: str) -> bool:
    """Take somebody's second factor and recovery codes away; False when there was none."""
    own = Q(user__username=name)
    models.RecoveryCode.objects.filter(own).delete()
    return bool(models.SecondFactor.objects.filter(own).delete()[0])


def new_recovery_codes(name: str) -> tuple[str, ...]:
    """Fresh recovery codes in place of all earlier ones; kept only as hashes."""
    user = models.User.objects.get(username=name)
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    parts = [["".join(secrets.choice(alphabet) for _ in range(5)) for _ in range(2)] for _ in range(_RECOVERY_CODES)]
    codes = tuple("-".join(part) for part in parts)
    with one_transaction():
        models.RecoveryCode.objects.filter(user=user).delete()
        rows = [models.RecoveryCode(user=user, code_hash=_hash(name, code)) for code in codes]
        models.RecoveryCode.objects.bulk_create(rows)
    return codes


def recovery_codes_left(name: str) -> int:
    """How many recovery codes somebody has not used."""
    return models.RecoveryCode.objects.filter(user__username=name, used_at=None).count()


def _take_recovery_code(name: str, code: str, now: datetime) -> bool:
    wanted = _hash(name, code.strip().lower())
    unused = models.RecoveryCode.objects.filter(user__username=name, code_hash=wanted, used_at=None)
    return bool(unused.update(used_at=now))


def _hash(name: str, code: str) -> str:
    return hashlib.sha256(f"{name}\0{code}".encode(errors="surrogatepass")).hexdigest()
