"""The desk as a WSGI application, and its server. Django must know `syndicate.desk.settings` before this is imported."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import waitress
from django.core.wsgi import get_wsgi_application

from syndicate.desk.request import OPENING, Opening
from syndicate.errors import UsageError

THREADS = 8
LARGEST_BODY = 64 * 1024 * 1024
"""Bytes of a request: two of the largest attachments (`flow/upload_limits.tsv`), for browsers that upload with the form."""


def application(opening: Opening) -> WSGIApplication:
    """The desk of one office; `opening` gives the office for each request."""
    django_application = get_wsgi_application()

    def handle(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        environment[OPENING] = opening
        return django_application(environment, start)

    return handle


def make_server(opening: Opening, host: str, port: int, proxy: str = "127.0.0.1") -> Any:
    """A waitress server that is bound; `run()` serves until it is closed. Raises UsageError when the port is taken.

    The proxy at that address may say whom it speaks for; headers of anybody else are thrown away.
    """
    return waitress.create_server(
        application(opening),
        sockets=[_listen(host, port)],
        threads=THREADS,
        ident="",
        max_request_body_size=LARGEST_BODY,
        trusted_proxy=proxy,
        trusted_proxy_headers={"x-forwarded-for", "x-forwarded-proto"},
        clear_untrusted_proxy_headers=True,
    )


def _listen(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise UsageError("desk.port_taken", port=port, why=error.strerror or "", other=port + 1) from error
