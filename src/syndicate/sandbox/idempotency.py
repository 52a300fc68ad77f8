"""Idempotency-Key as the IETF draft describes it: one effect and one reply per key, whatever is repeated."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime

from syndicate.sandbox.app_store import ArticleStore
from syndicate.sandbox.exchange import Reply

_QUOTED = re.compile(r'"([!#-\[\]-~]{1,255})"')
_BARE = re.compile(r"[A-Za-z0-9._:~-]{1,255}")


def read_key(header: str) -> str | None:
    """The key of a header: a quoted string (RFC 8941), or bare as many clients send it; None for anything else."""
    quoted = _QUOTED.fullmatch(header.strip())
    if quoted:
        return quoted.group(1)
    return header.strip() if _BARE.fullmatch(header.strip()) else None


@dataclass
class Keys:
    """What was asked under each key and what was answered; what still runs is known to this process alone.

    The caller holds the platform's lock.
    """

    store: ArticleStore
    _running: dict[str, str] = field(default_factory=dict)

    def begin(self, key: str, fingerprint: str) -> Reply | None:
        """None: go on, the key is yours. Raises `KeyConflict` while the first call runs or for another payload."""
        answered = self.store.reply_to(key)
        first = answered[0] if answered else self._running.get(key)
        if first is not None and first != fingerprint:
            raise KeyConflict(422, "key used for another payload")
        if answered:
            return answered[1]
        if first is not None:
            raise KeyConflict(409, "first call still running")
        self._running[key] = fingerprint
        return None

    def finish(self, key: str, reply: Reply, at: datetime) -> None:
        """Keep the reply for repeats; a refusal frees the key, so that a corrected state can be tried again."""
        fingerprint = self._running.pop(key)
        if reply.status < 400:
            self.store.keep_reply(key, fingerprint, reply, at)


class KeyConflict(Exception):
    """A key that cannot be used: `status` 409 or 422."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
