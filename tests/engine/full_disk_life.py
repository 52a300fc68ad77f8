"""An office on a small disk of its own that somebody else fills to the last byte, again and again; prints what became of it.

Run in a mount namespace by `test_full_disk`: python -m tests.engine.full_disk_life DISK TEMPLATE
"""

from __future__ import annotations

import json
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from pathlib import Path

from syndicate.records.connection import close_connections, open_records, use_database

open_records(Path(tempfile.gettempdir()))

from syndicate.flow.workspace import open_workspace  # noqa: E402 models can be imported only now
from syndicate.sandbox.faults import Fault, FaultKind  # noqa: E402
from tests.engine.filling import BACK, FULL, empty_the_log  # noqa: E402
from tests.engine.running import running, until  # noqa: E402
from tests.flow.office import NOON, Desk, open_desk  # noqa: E402

CHANNELS = ("website", "weibo", "wechat", "app", "led")


class Heard(logging.Handler):
    """What the worker said, and how often it said that the disk is full."""

    full = 0
    back = 0

    def emit(self, record: logging.LogRecord) -> None:
        said = record.getMessage()
        self.full += FULL in said and "数据库" in said
        self.back += BACK in said


@contextmanager
def filled(disk: Path, heard: Heard) -> Iterator[None]:
    """The disk has no byte left, until the worker has said so."""
    times = heard.full
    empty_the_log()
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1_000_000, 4096, 1):
            while True:
                try:
                    file.write(b"0" * size)
                except OSError:
                    break
    yield
    until(lambda: heard.full > times)
    filler.unlink()
    until(lambda: heard.back >= heard.full)


def live(desk: Desk, disk: Path) -> dict[str, object]:
    """One item on five channels: the disk fills up before the claim and during a call; then the clock is moved on."""
    started = time.monotonic()
    desk.workspace = open_workspace(desk.home, lambda: NOON + timedelta(seconds=time.monotonic() - started))
    heard = Heard()
    logging.getLogger("syndicate").addHandler(heard)
    item = desk.approved(*CHANNELS)
    with ExitStack() as until_the_end:
        with filled(disk, heard):
            until_the_end.enter_context(running(desk.workspace))
        until(lambda: desk.sandbox.faults.hits("app"))
        with filled(disk, heard):
            pass
    desk.close()
    desk.time[0] = NOON + timedelta(seconds=time.monotonic() - started)
    desk.settle(timedelta(hours=4))
    return {
        "states": desk.states(item),
        "times_full": heard.full,
        "stored": desk.counts("app")["stored"],
        "posted": desk.counts("weibo")["posted"],
        "published": desk.counts("wechat")["published"],
    }


def main(disk: Path, template: Path) -> None:
    home = disk / "office"
    (home / "var").mkdir(parents=True)
    shutil.copy(template, home / "var" / "syndicate.sqlite3")
    use_database("")
    open_records(home)
    with open_desk(home) as desk:
        desk.strike(Fault("app", FaultKind.SLOW, nth=(1,), delay=1.5))
        print(json.dumps(live(desk, disk)))
    close_connections()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
