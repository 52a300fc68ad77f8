"""旧版 Word: a .doc file as .docx, where LibreOffice is installed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

_PROGRAMS = ("soffice", "libreoffice")
SECONDS = 90
"""A conversion takes 5 to 10 s; one that hangs on a broken file is ended."""


def as_docx(data: bytes) -> bytes | None:
    """The same document as docx; None where LibreOffice is not installed or cannot read it.

    It runs with a profile of its own in a temporary folder: no macros, no settings, nothing left behind.
    """
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        return None
    with tempfile.TemporaryDirectory(prefix="syndicate-doc-") as folder:
        source = Path(folder) / "file.doc"
        source.write_bytes(data)
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        options = ["--headless", "--norestore", "--convert-to", "docx", "--outdir", folder, str(source)]
        try:
            subprocess.run([program, profile, *options], check=True, capture_output=True, timeout=SECONDS, cwd=folder)  # noqa: S603
            return source.with_suffix(".docx").read_bytes()
        except (OSError, subprocess.SubprocessError):
            return None
