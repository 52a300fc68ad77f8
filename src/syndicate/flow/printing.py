"""打印: a page of our own as a PDF, made by a process of its own that reads nothing but what it is handed."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from syndicate.errors import InputError, NotFound, StorageError
from syndicate.flow.printer import LACKING, SECONDS

_PACKAGES = {"pango": "libpango-1.0-0 libpangoft2-1.0-0", "fonts": "fontconfig fonts-noto-cjk"}


@dataclass(frozen=True)
class PrintedFile:
    """A file that the page refers to as `own:NAME`."""

    media_type: str
    data: bytes


def make_pdf(html: str, files: Mapping[str, PrintedFile] | None = None) -> bytes:
    """The page as PDF. `files` are what it may refer to; everything else is left out.

    Raises NotFound naming the packages that this machine lacks (print the page from the browser instead), InputError
    where the page takes too long or too much memory, StorageError where the process cannot be started.
    """
    handed = {name: (one.media_type, base64.b64encode(one.data).decode("ascii")) for name, one in (files or {}).items()}
    job = json.dumps({"html": html, "files": handed}).encode()
    command = [sys.executable, "-I", "-m", "syndicate.flow.printer"]
    try:
        done = subprocess.run(command, input=job, capture_output=True, timeout=SECONDS * 2, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise InputError("report.pdf_too_much") from error
    except OSError as error:
        raise StorageError("site.disk", path=sys.executable, reason=error.strerror or "?") from error
    if done.returncode == LACKING:
        lacking = done.stderr.decode("ascii", "replace").strip()
        raise NotFound("report.pdf_lacks", packages=_PACKAGES.get(lacking, _PACKAGES["pango"]))
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise InputError("report.pdf_too_much")
    return done.stdout
