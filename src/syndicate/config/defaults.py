"""Where the packaged defaults lie: the office that comes with `syndicate`."""

from __future__ import annotations

from pathlib import Path


def defaults() -> Path:
    """The folder with the default `channels/`, `content/` and `cron/`.

    In an installed wheel it is `syndicate/defaults`; in an editable checkout the repository root is that office.
    """
    package = Path(__file__).resolve().parent.parent
    packaged = package / "defaults"
    return packaged if packaged.is_dir() else package.parent.parent
