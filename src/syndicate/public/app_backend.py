"""A first app backend that an office can run itself: the reference backend of the drills on one SQLite file.

It speaks docs/reference/app-openapi.yaml: our own program puts and deletes signed articles, the app reads
`/articles`, `/articles/{id}` and `/feed.json` without an account.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from http import HTTPStatus
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from syndicate.errors import SyndicateError
from syndicate.sandbox.app import AppBackend
from syndicate.sandbox.app_store import ArticleStore
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.exchange import Reply, Request, json_reply
from syndicate.sandbox.settings import AppSettings

LARGEST_BODY = 12 * 1024 * 1024
_LOG = logging.getLogger(__name__)


def app_backend(
    store: ArticleStore, secrets: Sequence[str], title: str, address: str, now: Callable[[], datetime]
) -> WSGIApplication:
    """The backend over a store. `secrets` may have signed (two during a rotation); `address` is where it is reached."""
    backend = AppBackend(AppSettings(tuple(secrets), title), Clock(now), None, store)
    backend.address = address.rstrip("/")

    def handle(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        try:
            reply = _answered(backend, environment)
        except SyndicateError as error:
            _LOG.error("%s", error)
            reply = json_reply({"error": "storage"}, 503, {"Retry-After": "60"})
        status = HTTPStatus(reply.status)
        headers = [*reply.headers.items(), ("X-Content-Type-Options", "nosniff")]
        if status is not HTTPStatus.NOT_MODIFIED:
            headers += [("Content-Type", reply.content_type), ("Content-Length", str(len(reply.body)))]
        start(f"{status.value} {status.phrase}", headers)
        return [] if environment["REQUEST_METHOD"] == "HEAD" else [reply.body]

    return handle


def _answered(backend: AppBackend, environment: WSGIEnvironment) -> Reply:
    method = environment["REQUEST_METHOD"]
    length = environment.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST_BODY:
        return json_reply({"error": "body too large"}, 413)
    path = environment.get("PATH_INFO", "")
    names = {name[5:].replace("_", "-").lower(): value for name, value in environment.items() if name[:5] == "HTTP_"}
    request = Request(
        method="GET" if method == "HEAD" else method,
        path=path,
        endpoint=backend.endpoint(method, path),
        query=dict(parse_qsl(environment.get("QUERY_STRING", "")[:2_000], keep_blank_values=True, errors="replace")),
        headers=names,
        body=environment["wsgi.input"].read(int(length)),
    )
    return backend.handle(request)
