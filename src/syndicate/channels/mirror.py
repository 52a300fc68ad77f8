"""Mirroring 同步到目标: bring one target up to what the manifest says, in order, proved, resumable at any point.

Files are staged first, as they were when the manifest was read and with the hash that it names: what another
publication replaces meanwhile, or a link that somebody put into the site, never leaves.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from pathlib import Path

from syndicate.channels.target_calls import TargetHand, not_proved
from syndicate.errors import StorageError
from syndicate.model.target import Target
from syndicate.site.holding import Holding
from syndicate.site.lock import site_lock
from syndicate.site.mirroring import Difference, batches
from syndicate.site.paths import on_disk

_AT_ONCE = 500
"""Files of one transfer: few enough to end within its time limit."""


def mirror(root: Path, target: Target, hand: TargetHand, patience: timedelta, seconds: float) -> bool:
    """True: the target holds the whole site. False: `seconds` are over and something is left, call it again.

    Raises `NotDone` and `CallError` for the target's failures, `StorageError` for our own disk, for a lock that is
    not free within `patience`, and for a local file that is not what the manifest says.
    """
    holding = Holding(root, target.name, target.place)
    end = time.monotonic() + seconds
    differing = ""
    with site_lock(holding.folder, patience) as lock:
        while True:
            with site_lock(root, patience):
                difference = holding.compare()
            try:
                return _Round(root, target.name, hand, holding, lock).bring(difference, end)
            except _Moved as moved:
                # Another publication replaced the file: the next look at the manifest knows it. Twice: nobody did.
                if moved.args[0] == differing:
                    raise StorageError("targets.local_differs", path=moved.args[0][0]) from None
                differing = moved.args[0]


class _Moved(Exception):
    """A file is not what the manifest said a moment ago; carries its path and the hash that was expected."""


class _Round:
    """One look at the manifest and everything that follows from it."""

    def __init__(self, root: Path, name: str, hand: TargetHand, holding: Holding, lock: int) -> None:
        self._root = root
        self._name = name
        self._hand = hand
        self._holding = holding
        self._lock = lock
        self._staged = holding.folder.with_name(f"{name}.outgoing")

    def bring(self, difference: Difference, end: float) -> bool:
        """Put, remove, prove and note it; False where the time is over before everything is done."""
        _clear(self._staged)
        try:
            done, whole = self._put(difference.puts, end)
            gone = difference.removals if whole else ()
            if gone:
                self._holding.doubt(gone)
                self._hand.remove(gone, self._lock)
            wrong = self._hand.wrong(self._staged, done, gone) if done or gone else ()
            if wrong:
                raise not_proved(self._name, wrong)
        finally:
            _clear(self._staged)
        if whole:
            self._holding.complete()
        else:
            self._holding.settle(done)
        return whole

    def _put(self, puts: Iterable[tuple[str, str]], end: float) -> tuple[list[str], bool]:
        """Put as many as the time allows: their paths, and whether those were all."""
        done: list[str] = []
        for batch in batches(puts, _AT_ONCE):
            if done and time.monotonic() > end:
                return done, False
            paths = self._stage(batch)
            self._holding.doubt(paths)
            self._hand.put(self._staged, paths, self._lock)
            done += paths
        return done, True

    def _stage(self, batch: Sequence[tuple[str, str]]) -> list[str]:
        """Give files a second name in the outgoing folder, where nobody replaces them, and look at what they are."""
        for path, sha256 in batch:
            staged = self._staged / path
            try:
                source = on_disk(self._root, path)
                staged.parent.mkdir(parents=True, exist_ok=True)
                _second_name(source, staged)
                same = not staged.is_symlink() and _sha256(staged) == sha256
            except FileNotFoundError:
                same = False
            except OSError as error:
                raise StorageError("site.disk", path=str(staged), reason=error.strerror or str(error)) from error
            if not same:
                raise _Moved((path, sha256))
        return [path for path, _ in batch]


def _second_name(source: Path, staged: Path) -> None:
    """A hard link, or a copy where the file system has none; of a link itself, never of what it leads to."""
    try:
        os.link(source, staged, follow_symlinks=False)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, staged, follow_symlinks=False)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _clear(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise StorageError("site.disk", path=str(folder), reason=error.strerror or str(error)) from error
