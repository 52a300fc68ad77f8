"""A sync in a process of its own that kills itself the moment it enters one function.

Used as `python -m tests.flow.sync_killed HOME FUNCTION SOURCE…`.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path
from types import FrameType

from tests.flow.sync_life import NOW


def main(home: Path, function: str, names: list[str]) -> None:
    """Look at the sources; nothing comes back from the function."""
    from syndicate.records.connection import open_records

    open_records(home)
    from syndicate.flow.sync import sync
    from syndicate.flow.workspace import open_workspace
    from syndicate.net.fetcher import Fetcher
    from tests.flow.web import QUICK

    def end(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_name == function and "/syndicate/" in frame.f_code.co_filename:
            os.kill(os.getpid(), signal.SIGKILL)

    workspace = open_workspace(home, lambda: NOW)
    threading.setprofile(end)
    sync(workspace, Fetcher(clock=lambda: NOW, gap=timedelta(0), limits=QUICK), names)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
