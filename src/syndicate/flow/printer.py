"""The PDF maker itself, a process of its own: HTML and its files on standard input, a PDF on standard output.

    python -m syndicate.flow.printer < job.json > page.pdf

It reads nothing but what it was handed: every other address is refused. Its memory and time are limited, so that a page
can hang or swell without taking the desk along. Exit 3 and one word on standard error: what this machine lacks.
"""

from __future__ import annotations

import base64
import json
import resource
import subprocess
import sys
from typing import NoReturn

MEMORY = 2_000_000_000
"""Bytes of address space; a report of a hundred pages takes a quarter of it."""
SECONDS = 60
LACKING = 3


def main() -> None:
    """Make one PDF."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    job = json.load(sys.stdin.buffer)
    files = {name: (kind, base64.b64decode(data)) for name, (kind, data) in job["files"].items()}
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except OSError:  # the library is loaded by name: pango is no Python package
        _lack("pango")
    if not _has_chinese():
        _lack("fonts")

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # the library is not typed
        """Hands out what came with the page, by name; any other address is refused and left out of the page."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            name = url.removeprefix("own:")
            if name == url or name not in files:
                raise ValueError("only the page's own files are read")
            kind, data = files[name]
            return URLFetcherResponse(url, data, {"Content-Type": kind})

    page = HTML(string=job["html"], base_url="own:", url_fetcher=OwnFiles())
    sys.stdout.buffer.write(page.write_pdf())


def _has_chinese() -> bool:
    """Whether a font for Chinese is installed; without one every character would be an empty box."""
    try:
        listed = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, timeout=20, check=True)  # noqa: S607
    except (OSError, subprocess.SubprocessError):
        return False
    return bool(listed.stdout.strip())


def _lack(what: str) -> NoReturn:
    sys.stderr.write(what)
    raise SystemExit(LACKING)


if __name__ == "__main__":
    main()
