"""The drill push service after JPush v3: a repeated cid returns the first result and notifies nobody again."""

from __future__ import annotations

import base64
from collections.abc import Callable
from threading import Lock

from syndicate.model.hashing import digest
from syndicate.sandbox.exchange import Reply, Request, json_reply, read_object
from syndicate.sandbox.settings import AppSettings

PREFIX = "/v3/push"
Notify = Callable[[str, str, str], None]
"""Called with cid, content hash and alert when readers are notified."""


class PushService:
    """One app's push account. Own construction: no recorded samples of the service exist."""

    def __init__(self, settings: AppSettings, notify: Notify) -> None:
        pair = f"{settings.push_app_key}:{settings.push_master_secret}"
        self._authorisation = "Basic " + base64.b64encode(pair.encode()).decode()
        self._notify = notify
        self._lock = Lock()
        self.clear()

    def clear(self) -> None:
        """Forget every notice."""
        self._given = 0
        self._results: dict[str, str] = {}

    def handle(self, request: Request) -> Reply:
        """Answer one request."""
        if request.headers.get("authorization", "") != self._authorisation:
            return _refused(401, 1004, "Basic authentication failed")
        if request.path == f"{PREFIX}/cid" and request.method == "GET":
            return self._cids(request)
        if request.path == PREFIX and request.method == "POST":
            return self._push(request)
        return _refused(404, 1001, "no such call")

    def _cids(self, request: Request) -> Reply:
        count = request.query.get("count", "1")
        if not (count.isascii() and count.isdigit() and 1 <= int(count) <= 10):
            return _refused(400, 1003, "count")
        with self._lock:
            first, self._given = self._given, self._given + int(count)
        return json_reply({"cidlist": [f"sandbox-cid-{number}" for number in range(first, self._given)]})

    def _push(self, request: Request) -> Reply:
        document = read_object(request.body) or {}
        notice = document.get("notification")
        alert = notice.get("alert") if isinstance(notice, dict) else None
        if not isinstance(alert, str) or not alert or not document.get("platform") or not document.get("audience"):
            return _refused(400, 1002, "platform, audience and notification are needed")
        cid = str(document.get("cid", ""))
        with self._lock:
            known = self._results.get(cid)
            message = known or str(1_000_000 + len(self._results))
            self._results[cid or f"none-{len(self._results)}"] = message
        if known is None:
            self._notify(cid, digest(notice), alert)
        return json_reply({"sendno": "0", "msg_id": message})


def _refused(status: int, code: int, why: str) -> Reply:
    return json_reply({"error": {"code": code, "message": why}}, status)
