"""The drill LED player: reads the playlist folder as a player would, keeps the last good copy, says what it shows."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Lock

from syndicate.model.hashing import digest
from syndicate.sandbox.clock import Clock
from syndicate.sandbox.effects import Effects, Journal
from syndicate.sandbox.exchange import Reply, Request, is_integer, json_reply, read_object
from syndicate.sandbox.settings import LedSettings

LARGEST_FILE = 20 * 1024 * 1024
_SERVED = frozenset({".json", ".html", ".txt", ".png", ".jpg", ".jpeg", ".css", ".js"})


@dataclass(frozen=True)
class _Entry:
    id: str
    content: str
    title: str
    text: str
    not_before: datetime | None
    expires_at: datetime | None
    urgent: bool

    def shows(self, now: datetime) -> bool:
        """Whether the player has it on the screen's round at `now`."""
        started = self.not_before is None or self.not_before <= now
        return started and (self.expires_at is None or now < self.expires_at)


@dataclass(frozen=True)
class _Playlist:
    seq: int
    entries: Sequence[_Entry]


class LedPlayer:
    """One screen. Reads the folder at every request, never writes to it."""

    name = "led"

    def __init__(self, settings: LedSettings, clock: Clock, journal: Journal | None) -> None:
        self.address = ""
        self._folder = settings.folder
        self._clock = clock
        self._effects = Effects(self.name, journal)
        self._lock = Lock()
        self._start()

    def _start(self) -> None:
        self._good = _Playlist(0, ())
        self._trouble = ""
        self._shown: dict[str, _Entry] = {}

    def endpoint(self, method: str, path: str) -> str:
        """The row of `endpoints.tsv`."""
        return path if path == "/acknowledgement" else "/{file}"

    def handle(self, request: Request) -> Reply:
        """Answer one request; the player looks at its playlist first."""
        if request.method != "GET":
            return json_reply({"error": "GET only"}, 405)
        with self._lock:
            now = self._clock.now()
            showing = self._look(now)
            if request.path == "/acknowledgement":
                ids = [entry.id for entry in showing]
                return json_reply({"seq": self._good.seq, "showing": ids, "at": now.isoformat()})
        return self._file(request)

    def refuse(self, code: int, request: Request) -> Reply:
        """An HTTP error; the player has no codes of its own."""
        return json_reply({"error": "drill"}, code)

    def state(self) -> dict[str, object]:
        """What the square sees, why the player holds on to an old copy if it does, and every effect ever."""
        with self._lock:
            showing = self._look(self._clock.now())
            visible = [{"id": entry.id, "title": entry.title, "text": entry.text} for entry in showing]
            own = {"visible": visible, "seq": self._good.seq, "trouble": self._trouble}
        return own | self._effects.report()

    def reset(self) -> None:
        """A player that was just switched on."""
        with self._lock:
            self._effects.reset(self._clock.now())
            self._start()

    def _look(self, now: datetime) -> list[_Entry]:
        """Read the playlist, note what came onto and went off the screen, return what is on it."""
        playlist, self._trouble = self._read()
        if playlist is not None:
            self._good = playlist
        due = [entry for entry in self._good.entries if entry.shows(now)]
        showing = [entry for entry in due if entry.urgent] or due
        current = {entry.id: entry for entry in showing}
        for entry in self._shown.values():
            if current.get(entry.id) != entry:
                self._effects.add("hidden", entry.id, now, entry.content)
        for entry in showing:
            if self._shown.get(entry.id) != entry:
                self._effects.add("shown", entry.id, now, entry.content, seq=self._good.seq, title=entry.title)
        self._shown = current
        return showing

    def _read(self) -> tuple[_Playlist | None, str]:
        if self._folder is None:
            return None, "no folder"
        body = _read_file(self._folder / "playlist.json")
        if body is None:
            return None, "playlist away"
        playlist = _playlist(body)
        return (playlist, "") if playlist is not None else (None, "playlist broken")

    def _file(self, request: Request) -> Reply:
        """A file of the folder, with ETag. Nothing outside the folder, no hidden files, only a player's types."""
        name = request.path.removeprefix("/") or "index.html"
        parts = name.split("/")
        if self._folder is None or any(part in ("", "..") or part.startswith(".") or "\0" in part for part in parts):
            return json_reply({"error": "not found"}, 404)
        path = self._folder / name
        if path.suffix.lower() not in _SERVED or not path.resolve().is_relative_to(self._folder.resolve()):
            return json_reply({"error": "not found"}, 404)
        body = _read_file(path)
        if body is None:
            return json_reply({"error": "not found"}, 404)
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"ETag": tag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
        if request.headers.get("if-none-match", "").removeprefix("W/") == tag:
            return Reply(304, headers=headers)
        media_type = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        charset = "" if media_type.startswith("image/") or name.endswith(".gbk.txt") else "; charset=utf-8"
        return Reply(200, body, media_type + charset, headers)


def _read_file(path: Path) -> bytes | None:
    try:
        if not path.is_file() or path.stat().st_size > LARGEST_FILE:
            return None
        return path.read_bytes()
    except (OSError, ValueError):
        return None


def _playlist(body: bytes) -> _Playlist | None:
    """A whole playlist, or None when anything in it is not as it should be: a player shows all or the old one."""
    document = read_object(body) or {}
    seq, items = document.get("seq"), document.get("items")
    if not is_integer(seq) or seq < 0 or not isinstance(items, list) or "schema" not in document:
        return None
    try:
        entries = tuple(_entry(item) for item in items)
    except ValueError:
        return None
    return _Playlist(seq, entries) if len({entry.id for entry in entries}) == len(entries) else None


def _entry(item: object) -> _Entry:
    if not isinstance(item, dict):
        raise ValueError("item")
    identity, title, text = (item.get(name) for name in ("id", "title", "text"))
    if is_integer(identity):
        identity = str(identity)
    if not isinstance(identity, str) or not identity or not isinstance(title, str) or not isinstance(text, str):
        raise ValueError("item")
    return _Entry(
        id=identity,
        content=digest([title, text, item.get("image")]),
        title=title,
        text=text,
        not_before=_moment(item.get("not_before")),
        expires_at=_moment(item.get("expires_at")),
        urgent=item.get("urgent") is True,
    )


def _moment(value: object) -> datetime | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise ValueError("moment")
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("moment without zone")
    return moment
