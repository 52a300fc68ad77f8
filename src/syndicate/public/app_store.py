"""The app backend's articles in one SQLite file, for an office that has no app backend of its own yet."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from syndicate.errors import StorageError
from syndicate.sandbox.app_store import Stored
from syndicate.sandbox.exchange import Reply

KEPT = timedelta(days=7)
"""How long replies are kept for repeats; deliveries give up after three days."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS article (
  place INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, revision INTEGER NOT NULL, document TEXT NOT NULL,
  shown_in TEXT NOT NULL, published_at TEXT NOT NULL, updated_at TEXT NOT NULL, deleted INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS article_standing ON article (deleted, shown_in, place);
CREATE TABLE IF NOT EXISTS reply (
  key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL, body BLOB NOT NULL, at REAL NOT NULL
);
"""


class SqliteArticles:
    """Implements `sandbox.app_store.ArticleStore`. Raises StorageError for whatever the file refuses."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
            self._file.execute("PRAGMA journal_mode=WAL")
            self._file.execute("PRAGMA synchronous=FULL")
            self._file.executescript(_SCHEMA)
        except (OSError, sqlite3.Error) as error:
            raise self._refused(error) from error

    def get(self, identity: str) -> Stored | None:
        """An article, also one that was taken down."""
        rows = self._ask(
            "SELECT revision, document, published_at, updated_at, deleted FROM article WHERE id = ?", identity
        )
        return _stored(*rows[0]) if rows else None

    def put(self, identity: str, stored: Stored) -> None:
        """Keep an article in place of what was known of it; its place in lists stays."""
        self._ask(
            "INSERT INTO article (id, revision, document, shown_in, published_at, updated_at, deleted)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET revision = excluded.revision,"
            " document = excluded.document, shown_in = excluded.shown_in, updated_at = excluded.updated_at,"
            " deleted = excluded.deleted",
            identity,
            stored.revision,
            json.dumps(stored.document, ensure_ascii=False),
            str(stored.document.get("column", "")),
            stored.published_at.isoformat(),
            stored.updated_at.isoformat(),
            stored.deleted,
        )

    def newest(self, start: int, count: int, column: str = "") -> list[tuple[str, Stored]]:
        """What stands, in one column where it is named; first published last comes first."""
        rows = self._ask(
            "SELECT id, revision, document, published_at, updated_at, deleted FROM article"
            " WHERE deleted = 0 AND ? IN ('', shown_in) ORDER BY place DESC LIMIT ? OFFSET ?",
            column,
            count,
            start,
        )
        return [(str(row[0]), _stored(*row[1:])) for row in rows]

    def total(self, column: str = "") -> int:
        """How many stand."""
        return int(self._ask("SELECT count(*) FROM article WHERE deleted = 0 AND ? IN ('', shown_in)", column)[0][0])

    def reply_to(self, key: str) -> tuple[str, Reply] | None:
        """What was asked under an idempotency key, as a fingerprint, and what was answered."""
        rows = self._ask("SELECT fingerprint, status, body FROM reply WHERE key = ?", key)
        return (rows[0][0], Reply(rows[0][1], rows[0][2])) if rows else None

    def keep_reply(self, key: str, fingerprint: str, reply: Reply, at: datetime) -> None:
        """Keep an answer for repeats of its key, and forget those that nobody repeats any more."""
        self._ask("DELETE FROM reply WHERE at < ?", (at - KEPT).timestamp())
        self._ask(
            "INSERT INTO reply VALUES (?, ?, ?, ?, ?)", key, fingerprint, reply.status, reply.body, at.timestamp()
        )

    @contextmanager
    def changing(self) -> Iterator[None]:
        """What is kept inside is on the disk together or not at all."""
        self._ask("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._file.rollback()
            raise
        self._ask("COMMIT")

    def clear(self) -> None:
        """Forget everything."""
        self._ask("DELETE FROM article")
        self._ask("DELETE FROM reply")

    def close(self) -> None:
        """Give the file back."""
        self._file.close()

    def _ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        try:
            return self._file.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._refused(error) from error

    def _refused(self, error: Exception) -> StorageError:
        return StorageError("site.disk", path=self._path.name, reason=str(error))


def _stored(revision: int, document: str, published_at: str, updated_at: str, deleted: int) -> Stored:
    times = datetime.fromisoformat(published_at), datetime.fromisoformat(updated_at)
    return Stored(revision, json.loads(document), *times, bool(deleted))
