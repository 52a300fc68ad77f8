"""Lives of a sync in a process of its own: forked from a warm parent, killed at random moments, or short of disk.

Used as `python -m tests.flow.sync_life HOME SEED KILLED_LIVES LARGEST_FILE`; the last life is let live.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from syndicate.records.connection import close_connections, open_records

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LONGEST_LIFE = 0.4
"""Seconds; a whole sync takes longer, so that nearly every kill hits one at work."""


def _opened(home: Path) -> Callable[[], object]:
    """The office's sync, warm. What has models is imported after the records are open."""
    open_records(home)
    from syndicate.flow.sync import sync
    from syndicate.flow.workspace import open_workspace
    from syndicate.net.fetcher import Fetcher
    from tests.flow.web import QUICK

    workspace = open_workspace(home, lambda: NOW)
    names = tuple(workspace.snapshot.sources)
    close_connections()
    return lambda: sync(workspace, Fetcher(clock=lambda: NOW, gap=timedelta(0), limits=QUICK), names)


def _born(live: Callable[[], object]) -> int:
    """One sync in a child; returns the child."""
    child = os.fork()
    if child == 0:
        live()
        os._exit(0)
    return child


def main(home: Path, seed: int, lives: int, largest_file: int) -> None:
    """Kill `lives` syncs at random moments, then let one live; prints how many were really killed."""
    live = _opened(home)
    if largest_file:
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))
    moments = random.Random(seed)
    killed = 0
    for _ in range(lives):
        child = _born(live)
        time.sleep(moments.uniform(0.01, LONGEST_LIFE))
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
    os.waitpid(_born(live), 0)
    sys.stdout.write(str(killed))


if __name__ == "__main__":
    main(Path(sys.argv[1]), *map(int, sys.argv[2:5]))
