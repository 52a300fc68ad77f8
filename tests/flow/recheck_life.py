"""A recheck in a process of its own that stands still after so many revisions, to be killed there."""

from __future__ import annotations

import signal
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from syndicate.model.review import Actor, Role
from syndicate.records.connection import open_records

MORNING = datetime(2026, 11, 26, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


def main(home: Path, stop: int) -> None:
    """Tells how many are done when it stands still."""
    open_records(home)
    from syndicate.flow.recheck import recheck
    from syndicate.flow.workspace import open_workspace

    def wait(done: int) -> None:
        if done == stop:
            print(done, flush=True)
            signal.pause()

    recheck(open_workspace(home, lambda: MORNING), Actor("cron", Role.SYSTEM, "cli"), wait)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
