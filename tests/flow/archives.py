"""What is in a backup, as somebody finds it who has nothing but `tar`."""

from __future__ import annotations

import subprocess
from pathlib import Path


def unpacked(archive: Path, folder: Path) -> None:
    """Unpack an archive into a folder that is made for it."""
    folder.mkdir()
    subprocess.run(["tar", "-xf", archive, "-C", folder, "--no-same-owner"], check=True)
