"""电子屏台账: what each player acknowledged, one line a minute in one file a day, and the share of time that it ran."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from syndicate.channels.settings import display_hours
from syndicate.errors import disk_refusal
from syndicate.inspection.screen import running_share
from syndicate.model.channel import Channel

FOLDER = Path("var") / "screens"


@dataclass(frozen=True)
class Acknowledgement:
    """What a player says it plays: the playlist's number, and the item on the screen (empty: the clock, or off)."""

    at: datetime
    seq: int
    showing: str


def keep_acknowledgement(home: Path, channel: str, seen: Acknowledgement) -> None:
    """Append one line to the day's file. Raises StorageError (`site.disk`)."""
    path = _file(home, channel, seen.at)
    line = f"{seen.at.isoformat(timespec='seconds')}\t{seen.seq}\t{seen.showing}\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(line)
    except OSError as error:
        raise disk_refusal(path.name, error) from error


def acknowledgements(home: Path, channel: str, start: datetime, end: datetime) -> tuple[Acknowledgement, ...]:
    """What was acknowledged from `start` to before `end`, oldest first; lines that were cut short are left out."""
    days = range((end.date() - start.date()).days + 1)
    found = [one for day in days for one in _read(_file(home, channel, start + timedelta(days=day)))]
    return tuple(one for one in found if start <= one.at < end)


def screen_share(home: Path, channel: Channel, start: datetime, end: datetime) -> float | None:
    """Percent of its display hours in which a screen ran; None for one whose player never said anything."""
    seen = acknowledgements(home, channel.id, start, end)
    known = bool(seen) or (home / FOLDER / channel.id).is_dir()
    return running_share(display_hours(channel), [one.at for one in seen], start, end) if known else None


def _file(home: Path, channel: str, day: datetime) -> Path:
    return home / FOLDER / channel / f"{day:%Y-%m-%d}.tsv"


def _read(path: Path) -> list[Acknowledgement]:
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []
    return [one for line in lines if (one := _parsed(line)) is not None]


def _parsed(line: str) -> Acknowledgement | None:
    at, _, rest = line.partition("\t")
    seq, tab, showing = rest.partition("\t")
    try:
        moment = datetime.fromisoformat(at)
        return Acknowledgement(moment, int(seq), showing) if tab and moment.tzinfo else None
    except ValueError:
        return None
