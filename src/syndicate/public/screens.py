"""What a screen's player needs: the files of its playlist folder, and a place to say what it plays.

`GET /screens/{channel}/` plays in a browser. `GET /screens/{channel}/ack?seq=…&showing=…` is kept as the screen's log,
from the player's own address only (the account's setting `player`), at most once in `GAP`.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterable
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from urllib.parse import parse_qs
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from syndicate.channels import settings
from syndicate.errors import SyndicateError
from syndicate.flow.screens import Acknowledgement, keep_acknowledgement
from syndicate.flow.workspace import Workspace
from syndicate.model.channel import Channel, ChannelKind

PREFIX = "/screens/"
GAP = 50.0
"""Seconds between two lines of a screen's log; players speak every half minute."""
LARGEST = 20 * 1024 * 1024
_PATH = re.compile(PREFIX + r"([a-z][a-z0-9-]{0,62})/([A-Za-z0-9][A-Za-z0-9.-]{0,99})?")
_TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "png": "image/png",
    "txt": "text/plain; charset=utf-8",
}
_ITEM = re.compile(r"[0-9]{0,18}")

Answer = tuple[HTTPStatus, list[tuple[str, str]], bytes]
Acknowledge = Callable[[Channel, WSGIEnvironment], Answer]


def screens(workspace: Workspace) -> WSGIApplication:
    """The players' side of every LED channel of the office."""
    spoken: dict[str, float] = {}
    guard = Lock()

    def acknowledge(channel: Channel, environment: WSGIEnvironment) -> Answer:
        if environment.get("REMOTE_ADDR", "") != settings.text(channel, "player"):
            return _bare(HTTPStatus.FORBIDDEN)
        asked = parse_qs(environment.get("QUERY_STRING", "")[:200])
        seq, showing = (asked.get(name, [""])[0] for name in ("seq", "showing"))
        if not (seq.isascii() and seq.isdigit() and len(seq) <= 15 and _ITEM.fullmatch(showing)):
            return _bare(HTTPStatus.BAD_REQUEST)
        with guard:
            now = time.monotonic()
            if now - spoken.get(channel.id, -GAP) >= GAP:
                spoken[channel.id] = now
                keep_acknowledgement(workspace.home, channel.id, Acknowledgement(workspace.now(), int(seq), showing))
        return _bare(HTTPStatus.NO_CONTENT)

    def handle(environment: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        try:
            status, headers, body = _answer(workspace, environment, acknowledge)
        except SyndicateError:
            status, headers, body = _bare(HTTPStatus.SERVICE_UNAVAILABLE)
        shared = [("Cache-Control", "no-cache"), ("X-Content-Type-Options", "nosniff"), ("X-Robots-Tag", "noindex")]
        length = (
            [] if status in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED) else [("Content-Length", str(len(body)))]
        )
        start(f"{status.value} {status.phrase}", [*headers, *shared, *length])
        return [] if environment["REQUEST_METHOD"] == "HEAD" else [body]

    return handle


def _answer(workspace: Workspace, environment: WSGIEnvironment, acknowledge: Acknowledge) -> Answer:
    if environment["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return HTTPStatus.METHOD_NOT_ALLOWED, [("Allow", "GET, HEAD")], b""
    found = _PATH.fullmatch(environment.get("PATH_INFO", ""))
    channel = workspace.snapshot.channels.get(found[1]) if found else None
    if found is None or channel is None or channel.kind is not ChannelKind.LED:
        return _bare(HTTPStatus.NOT_FOUND)
    if found[2] == "ack":
        return acknowledge(channel, environment)
    folder = settings.folder_below(workspace.home, settings.required(channel, "folder"))
    return _file(folder, found[2] or "index.html", environment.get("HTTP_IF_NONE_MATCH", ""))


def _file(folder: Path, name: str, known: str) -> Answer:
    """A file of the folder itself, of a kind that players use."""
    path, kind = folder / name, _TYPES.get(name.rpartition(".")[2])
    try:
        if kind is None or path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
            return _bare(HTTPStatus.NOT_FOUND)
        body = path.read_bytes()
    except OSError:
        return _bare(HTTPStatus.NOT_FOUND)
    kind = "text/plain; charset=gbk" if name.endswith(".gbk.txt") else kind
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = [("Content-Type", kind), ("ETag", tag)]
    if tag in {one.strip().removeprefix("W/") for one in known.split(",")}:
        return HTTPStatus.NOT_MODIFIED, headers, b""
    return HTTPStatus.OK, headers, body


def _bare(status: HTTPStatus) -> Answer:
    return status, [("Content-Type", "text/plain; charset=utf-8")] if status >= HTTPStatus.BAD_REQUEST else [], b""
