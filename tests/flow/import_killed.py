"""An import in a process of its own that kills itself when it enters one function for the nth time.

Used as `python -m tests.flow.import_killed HOME FUNCTION N EXPORT`.
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


def main(home: Path, function: str, nth: int, file: Path) -> None:
    """Import an export; the nth call of the function is the last thing that happens."""
    from syndicate.records.connection import open_records

    open_records(home)
    from syndicate.flow.importing import import_site
    from syndicate.flow.old_site import named_columns, open_export
    from syndicate.flow.workspace import open_workspace
    from syndicate.net.fetcher import Fetcher
    from tests.flow.office import PUBLISHER
    from tests.flow.web import QUICK

    calls = 0

    def end(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        if event == "call" and frame.f_code.co_name == function and "/syndicate/" in frame.f_code.co_filename:
            calls += 1
            if calls == nth:
                os.kill(os.getpid(), signal.SIGKILL)

    workspace = open_workspace(home, lambda: NOW)
    site = open_export(workspace, file, named_columns(["news=news"], workspace.snapshot.columns))
    fetcher = Fetcher(clock=lambda: NOW, gap=timedelta(0), limits=QUICK)
    threading.setprofile(end)
    sys.setprofile(end)
    import_site(workspace, PUBLISHER, fetcher, site, lambda _: None)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
