"""Every effect a platform ever had, in memory and in an append-only journal that outlives a kill."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Lock

from syndicate.errors import StorageError

APPEARED = frozenset({"published", "posted", "stored", "shown", "mass_sent"})
"""Effects after which the public sees something."""
VANISHED = frozenset({"deleted", "hidden", "blocked", "replaced"})
"""Effects after which the public no longer sees it."""


@dataclass(frozen=True)
class Effect:
    """Something happened on a platform at `at` (sandbox time, ISO). `content` is a hash of what the public reads."""

    platform: str
    kind: str
    id: str
    at: str
    content: str = ""
    details: dict[str, object] = field(default_factory=dict)


class Journal:
    """Append-only JSON lines. Raises `StorageError` when the file cannot be opened or written."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        except OSError as problem:
            raise StorageError("sandbox.journal", path=str(path), why=problem.strerror) from problem

    def append(self, effect: Effect) -> None:
        """One line in one write, so that lines of several threads and of a killed process stay whole."""
        line = json.dumps(asdict(effect), ensure_ascii=False) + "\n"
        try:
            os.write(self._file, line.encode("utf-8", "replace"))
        except OSError as problem:
            raise StorageError("sandbox.journal", path=str(self._path), why=problem.strerror) from problem

    def close(self) -> None:
        """Give the file back; only once."""
        os.close(self._file)


class Effects:
    """The effects of one platform in order; thread-safe."""

    def __init__(self, platform: str, journal: Journal | None) -> None:
        self._platform = platform
        self._journal = journal
        self._effects: list[Effect] = []
        self._lock = Lock()

    def add(self, kind: str, identity: str, at: datetime, content: str = "", **details: object) -> None:
        """Record an effect."""
        effect = Effect(self._platform, kind, identity, at.isoformat(), content, dict(details))
        with self._lock:
            if self._journal is not None:
                self._journal.append(effect)
            self._effects.append(effect)

    def all(self) -> tuple[Effect, ...]:
        """Everything since the start or the last reset."""
        with self._lock:
            return tuple(self._effects)

    def reset(self, at: datetime) -> None:
        """Forget; the journal keeps its lines and gets one that says so."""
        with self._lock:
            self._effects.clear()
            if self._journal is not None:
                self._journal.append(Effect(self._platform, "reset", "", at.isoformat()))

    def report(self) -> dict[str, object]:
        """The part of a platform's state that concerns effects."""
        effects = self.all()
        return {
            "effects": [asdict(effect) for effect in effects],
            "counts": dict(Counter(effect.kind for effect in effects)),
            "duplicates": duplicates(effects),
        }


def duplicates(effects: Sequence[Effect]) -> list[dict[str, object]]:
    """Contents that the public could see more than once at the same time, with the ids that ever carried them."""
    present: dict[str, dict[str, None]] = {}
    ever: dict[str, dict[str, None]] = {}
    most: Counter[str] = Counter()
    carried: dict[str, str] = {}
    for effect in effects:
        if effect.kind in APPEARED:
            carried[effect.id] = effect.content
            ever.setdefault(effect.content, {})[effect.id] = None
            there = present.setdefault(effect.content, {})
            there[effect.id] = None
            most[effect.content] = max(most[effect.content], len(there))
        elif effect.kind in VANISHED and effect.id in carried:
            present[carried[effect.id]].pop(effect.id, None)
    return [
        {"content": content, "most_at_once": number, "ids": list(ever[content])}
        for content, number in most.items()
        if number > 1
    ]
