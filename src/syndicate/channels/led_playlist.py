"""The screen's playlist as a value, and the folder that holds it: whole state, written atomically under a lock.

Files: `playlist.json` (the state itself, written last), `index.html` (plays it in a browser), `ticker.txt` (UTF-8) and
`ticker.gbk.txt` for simple players, one `slide-*.png` per item for players that only show pictures.
"""

from __future__ import annotations

import base64
import fcntl
import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path

from syndicate.errors import InputError, StorageError, disk_refusal
from syndicate.model.screen import DisplayHours
from syndicate.render.words import outside_gbk
from syndicate.site.atomic import write_atomic

SCHEMA = 1
STATE = "playlist.json"


@dataclass(frozen=True)
class Entry:
    """One item on the screen. Times are aware; None means no limit. `image` is a file of the folder or empty."""

    id: str
    revision: int
    title: str
    text: str
    seconds: int
    image: str = ""
    not_before: datetime | None = None
    expires_at: datetime | None = None
    urgent: bool = False
    """As long as it shows, nothing else does."""

    def shows(self, now: datetime) -> bool:
        """Whether it is on the screen at `now`."""
        return (self.not_before is None or self.not_before <= now) and not self.is_over(now)

    def is_over(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= now


@dataclass(frozen=True)
class Screen:
    """How a screen plays. Its player keeps its last good copy for `stale_after`; `acknowledges` where it tells what it plays."""

    stale_after: timedelta
    hours: tuple[DisplayHours, ...] = ()
    acknowledges: bool = False


@dataclass(frozen=True)
class Playlist:
    """The whole state. `seq` grows with every change, also after the folder was emptied: it follows the clock."""

    seq: int = 0
    entries: tuple[Entry, ...] = ()

    def with_entry(self, entry: Entry, now: datetime) -> Playlist:
        """The entry in its old place, else in front; unchanged when it is there already."""
        if entry in self.entries:
            return self
        known = any(old.id == entry.id for old in self.entries)
        kept = tuple(entry if old.id == entry.id else old for old in self.entries if not old.is_over(now))
        return self._changed(kept if known and entry in kept else (entry, *kept), now)

    def without(self, ids: Sequence[str], now: datetime) -> Playlist:
        """Without these items; unchanged when none of them is there."""
        if not any(old.id in ids for old in self.entries):
            return self
        return self._changed(tuple(old for old in self.entries if old.id not in ids and not old.is_over(now)), now)

    def showing(self, now: datetime) -> tuple[Entry, ...]:
        """What is on the screen at `now`: urgent entries alone, else all whose time it is."""
        current = tuple(entry for entry in self.entries if entry.shows(now))
        return tuple(entry for entry in current if entry.urgent) or current

    def _changed(self, entries: tuple[Entry, ...], now: datetime) -> Playlist:
        return Playlist(max(self.seq + 1, int(now.timestamp())), entries)


@contextmanager
def locked(folder: Path, seconds: float) -> Iterator[None]:
    """Hold the folder alone, over threads and processes. Raises `StorageError` (`channels.led_busy`) after `seconds`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / ".lock").open("ab")
    except OSError as error:
        raise disk_refusal(folder.name, error) from None
    with file:
        end = time.monotonic() + seconds
        while not _taken(file.fileno()):
            if time.monotonic() > end:
                raise StorageError("channels.led_busy")
            time.sleep(0.02)
        yield


def _taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def read_playlist(folder: Path) -> Playlist:
    """The state of the folder; empty where there is none yet. Raises `InputError` (`channels.led_broken`)."""
    path = folder / STATE
    try:
        document = json.loads(path.read_text("utf-8"))
        if document["schema"] != SCHEMA:
            raise ValueError("schema")
        return Playlist(int(document["seq"]), tuple(_entry(item) for item in document["items"]))
    except FileNotFoundError:
        return Playlist()
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise InputError("channels.led_broken", path=f"{folder.name}/{STATE}") from None


def write_playlist(folder: Path, playlist: Playlist, now: datetime, screen: Screen) -> str:
    """Write every file but the slides, the state last. The characters that GBK lacks, which its ticker shows as □.

    Raises `StorageError`; the old state then stays.
    """
    document = {
        "schema": SCHEMA,
        "seq": playlist.seq,
        "generated_at": now.isoformat(),
        "utc_offset_minutes": int((now.utcoffset() or timedelta()).total_seconds() // 60),
        "hours": [_season(one) for one in screen.hours],
        "acknowledge": screen.acknowledges,
        "items": [_item(entry) for entry in playlist.entries],
    }
    text = json.dumps(document, ensure_ascii=False, indent=1)
    ticker = "".join(f"{_line(entry)}\r\n" for entry in playlist.showing(now))
    lost = outside_gbk(ticker)
    plain = "".join("□" if c in lost else c for c in ticker)
    write_atomic(folder / "ticker.txt", ticker.encode("utf-8", "replace"))
    write_atomic(folder / "ticker.gbk.txt", plain.encode("gbk", "replace"))
    write_atomic(folder / "index.html", _page(text, screen.stale_after).encode("utf-8", "replace"))
    write_atomic(folder / STATE, text.encode("utf-8", "replace"))
    _remove_old_slides(folder, playlist)
    return lost


def slide_name(entry: Entry) -> str:
    """A slide's file name changes with what it shows, so that no player keeps an old picture."""
    shown = hashlib.sha256(f"{entry.title}\n{entry.text}".encode("utf-8", "replace")).hexdigest()
    return f"slide-{entry.id}-{shown[:12]}.png"


def write_slide(folder: Path, entry: Entry, picture: bytes) -> Entry:
    """Put an entry's slide into the folder; the entry with its name."""
    named = replace(entry, image=slide_name(entry))
    write_atomic(folder / named.image, picture)
    return named


def moment(value: object) -> datetime | None:
    """An aware time from its ISO form; None for an empty or unusable one."""
    if not isinstance(value, str) or not value:
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed if parsed.tzinfo else None


def _entry(item: dict[str, object]) -> Entry:
    return Entry(
        id=str(item["id"]),
        revision=int(str(item["revision"])),
        title=str(item["title"]),
        text=str(item["text"]),
        seconds=int(str(item["seconds"])),
        image=str(item.get("image") or ""),
        not_before=moment(item.get("not_before")),
        expires_at=moment(item.get("expires_at")),
        urgent=item.get("urgent") is True,
    )


def _item(entry: Entry) -> dict[str, object]:
    return {
        "id": entry.id,
        "revision": entry.revision,
        "title": entry.title,
        "text": entry.text,
        "image": entry.image,
        "seconds": entry.seconds,
        "not_before": entry.not_before.isoformat() if entry.not_before else "",
        "expires_at": entry.expires_at.isoformat() if entry.expires_at else "",
        "urgent": entry.urgent,
    }


def _season(hours: DisplayHours) -> dict[str, object]:
    first, last = ("{:02d}-{:02d}".format(*day) for day in (hours.first, hours.last))
    clock = {"start": f"{hours.start:%H:%M}", "end": f"{hours.end:%H:%M}"}
    return {"first": first, "last": last, **clock, "weekdays": list(hours.weekdays)}


def _line(entry: Entry) -> str:
    words = entry.text if entry.title in entry.text else f"{entry.title}　{entry.text}"
    return " ".join(words.split())


def _page(playlist: str, stale_after: timedelta) -> str:
    """The page with its script, style and a first copy of the playlist. `<` is escaped: no text can end the script."""
    folder = files("syndicate.channels").joinpath("led_page")
    script, style = (folder.joinpath(name).read_text("utf-8") for name in ("player.js", "player.css"))
    return (
        folder.joinpath("index.html")
        .read_text("utf-8")
        .replace("{script_hash}", _source_hash(script))
        .replace("{style_hash}", _source_hash(style))
        .replace("{stale_seconds}", str(int(stale_after.total_seconds())))
        .replace("{style}", style)
        .replace("{script}", script)
        .replace("{playlist}", playlist.replace("<", "\\u003c"))
    )


def _source_hash(source: str) -> str:
    return base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()


def _remove_old_slides(folder: Path, playlist: Playlist) -> None:
    """Slides that no entry names any more. One that cannot be removed harms nothing."""
    wanted = {entry.image for entry in playlist.entries}
    for path in folder.glob("slide-*.png"):
        if path.name not in wanted:
            with suppress(OSError):
                path.unlink()
