"""The open office of a process that runs for weeks: configuration that changed is loaded; bad files never replace good ones."""

from __future__ import annotations

import logging
import threading
from datetime import datetime, timedelta
from pathlib import Path

from syndicate.errors import ConfigurationError, StorageError
from syndicate.flow.workspace import Clock, Workspace, open_workspace

log = logging.getLogger("syndicate.office")

LOOK_EVERY = timedelta(seconds=5)
_CONFIGURATION = ("channels", "content")

Fingerprint = frozenset[tuple[str, int, int]]


class LivingOffice:
    """Gives the office as it is configured now. May be used from several threads.

    `sends` as for `open_workspace`; `first` is the office where it is open already.
    """

    def __init__(self, home: Path, clock: Clock, *, sends: bool = False, first: Workspace | None = None) -> None:
        self._home = home
        self._sends = sends
        self._clock = clock
        self._guard = threading.Lock()
        self._seen = _fingerprint(home)
        self._looked_at: datetime = clock()
        self._workspace = first or open_workspace(home, clock, sends=sends)

    def __call__(self) -> Workspace:
        """The workspace of the newest good configuration. Requests under way keep the one they began with."""
        with self._guard:
            now = self._clock()
            if abs(now - self._looked_at) >= LOOK_EVERY:  # set back, a clock does not end the looking
                self._looked_at = now
                self._load_if_changed()
            return self._workspace

    def close(self) -> None:
        """Give connections back."""
        self._workspace.close()

    def _load_if_changed(self) -> None:
        present = _fingerprint(self._home)
        if present == self._seen:
            return
        try:
            self._workspace = open_workspace(self._home, self._clock, sends=self._sends)
        except ConfigurationError as error:
            log.error("configuration not reloaded, the old one stays\n%s", error)
        except StorageError as error:
            log.error("configuration not reloaded yet, the old one stays\n%s", error)
            return  # the next look tries again
        self._seen = present


def _fingerprint(home: Path) -> Fingerprint:
    """Names, sizes and times of every configuration file."""
    found = set()
    for folder in _CONFIGURATION:
        for path in (home / folder).rglob("*"):
            try:
                facts = path.stat()
            except OSError:
                continue  # it vanished between listing and looking: the next look sees what became of it
            found.add((str(path), facts.st_size, facts.st_mtime_ns))
    return frozenset(found)
