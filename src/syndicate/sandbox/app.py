"""The drill app backend: full states by PUT, recall by DELETE, signed, idempotent, with revision numbers and a feed.

`GET /articles` lists what stands, `GET /feed.json` is the same as JSON Feed 1.1; both page by page, with ETag.
`PUT /articles/{id}` takes a JSON object with `revision` (whole number from 1), `title`, and whatever else the article
has (`body_html` and `files` stand in the feed). An older revision, or the same one with another content, is refused
with 409 and the `revision` held here. `DELETE /articles/{id}` may carry `{"revision": n}`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from threading import Lock
from typing import Any

from syndicate.model.hashing import digest
from syndicate.sandbox.app_feed import feed_reply, list_reply, page_of, tagged
from syndicate.sandbox.app_store import ArticleStore, MemoryArticles, Stored
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.effects import Effects, Journal
from syndicate.sandbox.exchange import Reply, Request, is_integer, json_reply, read_object
from syndicate.sandbox.idempotency import KeyConflict, Keys, read_key
from syndicate.sandbox.jpush import PREFIX, PushService
from syndicate.sandbox.settings import AppSettings
from syndicate.sandbox.signatures import signature_fault

_ID = re.compile(r"/articles/([A-Za-z0-9._:~-]{1,128})")


class AppBackend:
    """The backend of one app."""

    name = "app"

    def __init__(
        self, settings: AppSettings, clock: Clock, journal: Journal | None, store: ArticleStore | None = None
    ) -> None:
        self.address = ""
        self._settings = settings
        self._clock = clock
        self._effects = Effects(self.name, journal)
        self._lock = Lock()
        self._drills = store is None
        self._articles: ArticleStore = store or MemoryArticles()
        self._keys = Keys(self._articles)
        self._pushes = PushService(settings, self._pushed)

    def endpoint(self, method: str, path: str) -> str:
        """The row of `endpoints.tsv`."""
        return "/articles/{id}" if path.startswith("/articles/") else path

    def handle(self, request: Request) -> Reply:
        """Answer one request."""
        if self._drills and request.path.startswith(PREFIX):
            return self._pushes.handle(request)
        if request.path in ("/feed.json", "/articles"):
            return self._list(request) if request.method == "GET" else _error(405, "GET only")
        matched = _ID.fullmatch(request.path)
        if matched is None:
            return _error(404, "not found")
        if request.method == "GET":
            return self._get(matched.group(1), request)
        if request.method not in ("PUT", "DELETE"):
            return _error(405, "GET, PUT or DELETE")
        return self._change(matched.group(1), request)

    def refuse(self, code: int, request: Request) -> Reply:
        """An HTTP error; the backend has no codes of its own."""
        return _error(code, "drill")

    def state(self) -> dict[str, object]:
        """What the app shows, and every effect ever."""
        with self._lock:
            standing = self._articles.newest(0, self._articles.total())
        visible = [self._shown(identity, stored) for identity, stored in reversed(standing)]
        return {"visible": visible} | self._effects.report()

    def reset(self) -> None:
        """An empty backend."""
        with self._lock:
            self._effects.reset(self._clock.now())
            self._articles.clear()
            self._keys = Keys(self._articles)
            self._pushes.clear()

    def _change(self, identity: str, request: Request) -> Reply:
        """Signature, then idempotency, then the change itself."""
        now = self._clock.now()
        fault = signature_fault(request.headers, request.body, self._settings.webhook_secrets, now)
        if fault:
            return _error(401, fault)
        key = read_key(request.headers.get("idempotency-key", ""))
        if key is None:
            return _error(400, "Idempotency-Key missing or malformed")
        if key != request.headers["webhook-id"]:
            return _error(400, "Idempotency-Key and webhook-id differ")
        fingerprint = f"{request.method} {request.path} {hashlib.sha256(request.body).hexdigest()}"
        try:
            with self._lock:
                stored_reply = self._keys.begin(key, fingerprint)
        except KeyConflict as conflict:
            return _error(conflict.status, conflict.why)
        if stored_reply is not None:
            return stored_reply
        request.stall()  # a slow first call: repeats of its key meet 409
        with self._lock, self._articles.changing():
            reply = self._put(identity, request, now) if request.method == "PUT" else self._delete(identity, request)
            self._keys.finish(key, reply, now)
        return reply

    def _put(self, identity: str, request: Request, now: datetime) -> Reply:
        document = _full_state(request.body)
        if document is None:
            return _error(400, "revision (whole number from 1) and title are needed")
        revision: int = document["revision"]
        known = self._articles.get(identity)
        if known is not None and revision < known.revision:
            return _error(409, "older revision", revision=known.revision)
        if known is not None and revision == known.revision:
            if known.deleted or known.document != document:
                return _error(409, "revision already used", revision=known.revision)
            return json_reply(self._shown(identity, known))
        first = known.published_at if known is not None else now
        if known is not None and not known.deleted:
            self._happened("replaced", identity, now, _content_hash(known.document), revision=known.revision)
        stored = Stored(revision, document, first, now)
        self._articles.put(identity, stored)
        title = str(document["title"])
        self._happened("stored", identity, now, _content_hash(document), revision=revision, title=title)
        return json_reply(self._shown(identity, stored), 201 if known is None else 200)

    def _delete(self, identity: str, request: Request) -> Reply:
        known = self._articles.get(identity)
        if known is None:
            return _error(404, "not found")
        if known.deleted:
            return _error(410, "already deleted")
        document = read_object(request.body) or {}
        revision = document.get("revision", known.revision)
        if not is_integer(revision):
            return _error(400, "revision")
        if revision < known.revision:
            return _error(409, "older revision", revision=known.revision)
        self._articles.put(identity, replace(known, deleted=True, revision=revision))
        self._happened("deleted", identity, self._clock.now(), _content_hash(known.document), revision=revision)
        return json_reply({"id": identity, "revision": revision, "state": "deleted"})

    def _happened(self, kind: str, identity: str, at: datetime, content: str, **details: object) -> None:
        """Note an effect for whoever judges a drill; an office's own backend needs none of it."""
        if self._drills:
            self._effects.add(kind, identity, at, content, **details)

    def _pushed(self, cid: str, content: str, alert: str) -> None:
        self._happened("pushed", cid, self._clock.now(), content, alert=alert)

    def _get(self, identity: str, request: Request) -> Reply:
        with self._lock:
            known = self._articles.get(identity)
        if known is None:
            return _error(404, "not found")
        if known.deleted:
            return _error(410, "deleted", revision=known.revision)
        return tagged(request, json_reply(self._shown(identity, known)))

    def _list(self, request: Request) -> Reply:
        page = page_of(request)
        with self._lock:
            total = self._articles.total(page.column)
            entries = self._articles.newest(max(page.start, 0), page.size, page.column)
        if request.path == "/articles":
            return list_reply(request, page, entries, total, self.address)
        more = page.start + len(entries) < total
        return feed_reply(request, page, entries, more, self._settings.title, self.address)

    def _shown(self, identity: str, stored: Stored) -> dict[str, object]:
        own = {
            "id": identity,
            "revision": stored.revision,
            "state": "published",
            "received_at": stored.updated_at.isoformat(),
            "address": f"{self.address}/articles/{identity}",
        }
        return stored.document | own


def _full_state(body: bytes) -> dict[str, Any] | None:
    document = read_object(body) or {}
    revision, title = document.get("revision"), document.get("title")
    if not is_integer(revision) or revision < 1 or not isinstance(title, str) or not title.strip():
        return None
    return document


def _content_hash(document: Mapping[str, Any]) -> str:
    """What makes two articles the same for a reader: everything but the revision number."""
    return digest({name: value for name, value in document.items() if name != "revision"})


def _error(status: int, why: str, **more: object) -> Reply:
    return json_reply({"error": why} | more, status)
