"""Where the app backend keeps its articles and the replies it has given: in memory for drills."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from syndicate.sandbox.exchange import Reply


@dataclass(frozen=True)
class Stored:
    """One article as it stands. `document` is the whole state as it was put."""

    revision: int
    document: dict[str, Any]
    published_at: datetime
    updated_at: datetime
    deleted: bool = False


class ArticleStore(Protocol):
    """Articles and replies. The backend holds its lock around every call."""

    def get(self, identity: str) -> Stored | None:
        """An article, also one that was taken down."""
        ...

    def put(self, identity: str, stored: Stored) -> None:
        """Keep an article in place of what was known of it."""
        ...

    def newest(self, start: int, count: int, column: str = "") -> list[tuple[str, Stored]]:
        """What stands, in one column where it is named; first published last comes first."""
        ...

    def total(self, column: str = "") -> int:
        """How many stand."""
        ...

    def reply_to(self, key: str) -> tuple[str, Reply] | None:
        """What was asked under an idempotency key, as a fingerprint, and what was answered."""
        ...

    def keep_reply(self, key: str, fingerprint: str, reply: Reply, at: datetime) -> None:
        """Keep an answer for repeats of its key."""
        ...

    def changing(self) -> AbstractContextManager[None]:
        """What is kept inside is kept together or not at all."""
        ...

    def clear(self) -> None:
        """Forget everything."""
        ...


@dataclass
class MemoryArticles:
    """Articles of a drill."""

    _articles: dict[str, Stored] = field(default_factory=dict)
    _replies: dict[str, tuple[str, Reply]] = field(default_factory=dict)

    def get(self, identity: str) -> Stored | None:
        """An article, also one that was taken down."""
        return self._articles.get(identity)

    def put(self, identity: str, stored: Stored) -> None:
        """Keep an article in place of what was known of it."""
        self._articles[identity] = stored

    def newest(self, start: int, count: int, column: str = "") -> list[tuple[str, Stored]]:
        """What stands, in one column where it is named; first published last comes first."""
        return self._standing(column)[start : start + count]

    def total(self, column: str = "") -> int:
        """How many stand."""
        return len(self._standing(column))

    def _standing(self, column: str) -> list[tuple[str, Stored]]:
        rows = reversed(self._articles.items())
        return [(name, one) for name, one in rows if not one.deleted and column in ("", one.document.get("column"))]

    def reply_to(self, key: str) -> tuple[str, Reply] | None:
        """What was asked under an idempotency key, as a fingerprint, and what was answered."""
        return self._replies.get(key)

    def keep_reply(self, key: str, fingerprint: str, reply: Reply, at: datetime) -> None:
        """Keep an answer for repeats of its key."""
        self._replies[key] = (fingerprint, reply)

    @contextmanager
    def changing(self) -> Iterator[None]:
        """What is kept inside is kept together; memory has no other way."""
        yield

    def clear(self) -> None:
        """Forget everything."""
        self._articles.clear()
        self._replies.clear()
