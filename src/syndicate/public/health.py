"""`GET /healthz`: whether the office can work, for monitoring systems on this machine; nginx does not hand it on."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from syndicate.flow.health import health
from syndicate.flow.workspace import Workspace
from syndicate.records.connection import close_connections

PREFIX = "/healthz"
MISTAKE = "系统出错，请稍候再试；一直这样请与网站管理单位联系。\nA mistake of ours. Try again later, or tell the office that runs this website.\n"


def healthz(workspace: Workspace) -> WSGIApplication:
    """200 when database, worker and disk are well, else 503; which of them is not."""

    def handle(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        try:
            found = health(workspace.home, workspace.now())
        finally:
            close_connections()
        body = json.dumps({"well": found.well, **asdict(found)}).encode()
        return _answer(
            environment, start, "200 OK" if found.well else "503 Service Unavailable", "application/json", body
        )

    return handle


def mistake(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
    """What is said when our own code failed: what to do, and nothing about the code."""
    return _answer(environment, start, "500 Internal Server Error", "text/plain; charset=utf-8", MISTAKE.encode())


def _answer(environment: WSGIEnvironment, start: StartResponse, status: str, kind: str, body: bytes) -> Iterable[bytes]:
    headers = [("Content-Type", kind), ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff")]
    start(status, [*headers, ("Content-Length", str(len(body)))])
    return [] if environment["REQUEST_METHOD"] == "HEAD" else [body]
