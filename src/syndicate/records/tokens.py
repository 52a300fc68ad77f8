"""Platform tokens, encrypted with the office key; one writer at a time over threads and processes.

The library that encrypts is loaded with the first token: it takes seven megabytes, and a website needs none.
"""

from __future__ import annotations

import base64
import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import connection

from syndicate.model.channel import Token
from syndicate.records import models
from syndicate.records.locks import file_lock

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class TokenStore:
    """Implements `model.channel.TokenVault`."""

    def __init__(self, home: Path, office_key: bytes) -> None:
        self._locks = home / "var" / "locks"
        self._key = hashlib.sha256(b"syndicate platform tokens" + office_key).digest()
        self._threads: dict[str, threading.RLock] = {}
        self._guard = threading.Lock()

    def get(self, channel: str) -> Token | None:
        """The stored token; None when there is none or it was written with another office key."""
        row = models.ChannelToken.objects.filter(channel=channel).first()
        if row is None:
            return None
        from cryptography.fernet import InvalidToken

        try:
            value = self._cipher.decrypt(bytes(row.encrypted)).decode()
        except InvalidToken:
            return None
        return Token(value, row.expires_at)

    def put(self, channel: str, token: Token) -> None:
        """Store a token; an empty value never replaces one."""
        if not token.value:
            return
        encrypted = self._cipher.encrypt(token.value.encode())
        models.ChannelToken.objects.update_or_create(
            channel=channel, defaults={"encrypted": encrypted, "expires_at": token.expires_at}
        )

    @contextmanager
    def lock(self, channel: str) -> Iterator[None]:
        """Held while a new token is fetched. An advisory lock on PostgreSQL, a locked file beside SQLite.

        Raises StorageError where the file cannot be made.
        """
        with self._guard:
            thread_lock = self._threads.setdefault(channel, threading.RLock())
        with thread_lock:
            if connection.vendor == "postgresql":
                yield from self._advisory(channel)
            else:
                yield from self._file(channel)

    @cached_property
    def _cipher(self) -> Fernet:
        from cryptography.fernet import Fernet

        return Fernet(base64.urlsafe_b64encode(self._key))

    def _advisory(self, channel: str) -> Iterator[None]:
        number = int.from_bytes(hashlib.sha256(channel.encode()).digest()[:7], "big")
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [number])
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [number])

    def _file(self, channel: str) -> Iterator[None]:
        with file_lock(self._locks / f"token-{hashlib.sha256(channel.encode()).hexdigest()[:16]}"):
            yield
