"""旧版 Word: a .doc file as .docx, where LibreOffice is installed; each file is converted once."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from pathlib import Path

from syndicate.site.atomic import write_atomic

_PROGRAMS = ("soffice", "libreoffice")
SECONDS = 90
"""A conversion takes 5 to 10 s; one that hangs on a broken file is ended."""


def as_docx(home: Path, data: bytes) -> bytes | None:
    """The same document as docx; None where LibreOffice is not installed or cannot read it.

    What a conversion brought is kept under `var/converted` by the file's hash, an empty file where it brought nothing:
    the next check of the same attachment reads it there. Raises `StorageError` where the disk is full.
    """
    kept = home / "var" / "converted" / f"{hashlib.sha256(data).hexdigest()}.docx"
    if kept.is_file():
        return kept.read_bytes() or None
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        return None
    docx = _converted(program, data)
    kept.parent.mkdir(parents=True, exist_ok=True)
    write_atomic(kept, docx or b"")
    return docx


def _converted(program: str, data: bytes) -> bytes | None:
    """What LibreOffice makes of a file: with a profile of its own in a temporary folder, no macros, nothing left behind."""
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
