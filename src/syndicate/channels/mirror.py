"""Mirroring 同步到目标: bring one target up to what the manifest says, in order, proved, resumable at any point.

Files are staged first, as they were when the manifest was read and with the hash that it names: what another
publication replaces meanwhile, or a link that somebody put into the site, never leaves.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from syndicate.channels.target_calls import TargetHand, not_proved
from syndicate.errors import StorageError, disk_refusal
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
    with site_lock(holding.folder, patience) as lock:
        work = _Work(root, target.name, hand, holding, lock)
        with site_lock(root, patience):
            difference = holding.compare()
            work.prepare(difference.puts)
        return work.bring(difference, end)


class _Work:
    """One look at the manifest and everything that follows from it."""

    def __init__(self, root: Path, name: str, hand: TargetHand, holding: Holding, lock: int) -> None:
        self._root = root
        self._name = name
        self._hand = hand
        self._holding = holding
        self._lock = lock
        self._staged = holding.folder.with_name(f"{name}.outgoing")
        self._prepared = False
        self._differing: set[str] = set()

    def prepare(self, puts: Sequence[tuple[str, str]]) -> None:
        """While nobody writes the site: stage what one publication changed, so that the next one overtakes nothing."""
        _clear(self._staged)
        if len(puts) <= _AT_ONCE:
            self._stage(puts)
            self._prepared = True

    def bring(self, difference: Difference, end: float) -> bool:
        """Put, remove, prove and note it; False where something is left that another call may do.

        A file that is not what the manifest says stops none of the others; it is raised after them, unless another
        publication may just have replaced it.
        """
        try:
            done, finished = self._put(difference.puts, end)
            gone = difference.removals if finished and (self._prepared or not self._differing) else ()
            if gone:
                self._holding.doubt(gone)
                self._hand.remove(gone, self._lock)
            wrong = self._hand.wrong(self._staged, done, gone) if done or gone else ()
            if wrong:
                raise not_proved(self._name, wrong)
        finally:
            _clear(self._staged)
        if finished and not self._differing:
            self._holding.complete()
            return True
        self._holding.settle(done)
        if finished and self._differing and (self._prepared or not done):
            raise StorageError("targets.local_differs", path=min(self._differing))
        return False

    def _put(self, puts: Sequence[tuple[str, str]], end: float) -> tuple[list[str], bool]:
        """Put as many as the time allows: their paths, and whether every batch had its turn."""
        done: list[str] = []
        for batch in batches(puts, _AT_ONCE):
            if done and time.monotonic() > end:
                return done, False
            if not self._prepared:
                self._stage(batch)
            paths = [path for path, _ in batch if path not in self._differing]
            if paths:
                self._holding.doubt(paths)
                self._hand.put(self._staged, paths, self._lock)
                done += paths
        return done, True

    def _stage(self, batch: Sequence[tuple[str, str]]) -> None:
        """Give files a second name in the outgoing folder, where nobody replaces them, and look at what they are."""
        for path, sha256 in batch:
            staged = self._staged / path
            try:
                source = on_disk(self._root, path)
                staged.parent.mkdir(parents=True, exist_ok=True)
                _second_name(source, staged)
                same = not staged.is_symlink() and _sha256(staged) == sha256
            except (FileNotFoundError, NotADirectoryError):
                same = False
            except StorageError:  # a folder has become a link that leads elsewhere
                same = False
            except OSError as error:
                raise disk_refusal(staged, error) from error
            if not same:
                self._differing.add(path)


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
        raise disk_refusal(folder, error) from error
