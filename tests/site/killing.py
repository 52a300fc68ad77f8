"""A process that dies in the middle of writing, and what a visitor then meets."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

_LINK = re.compile(r'(?:href|src)="([^"#:]+)"')


def broken_links(root: Path) -> list[tuple[str, str]]:
    """Links to nothing on any page but the 404 page, which is served at every depth."""
    return [
        (file.name, link.name)
        for file in root.rglob("*.html")
        if file.name != "404.html"
        for link in _links(file)
        if not link.is_file()
    ]


def broken_on_the_way(root: Path, entrances: Iterable[str]) -> list[tuple[str, str]]:
    """Links to nothing on pages that a visitor reaches from the `entrances`."""
    waiting = [root / path for path in entrances if (root / path).is_file()]
    seen, broken = set(waiting), []
    while waiting:
        file = waiting.pop()
        for link in _links(file):
            if not link.is_file():
                broken.append((str(file.relative_to(root)), str(link.relative_to(root.resolve()))))
            elif link.suffix == ".html" and link not in seen:
                seen.add(link)
                waiting.append(link)
    return broken


def _links(file: Path) -> list[Path]:
    return [(file.parent / address).resolve() for address in _LINK.findall(file.read_text("utf-8"))]


def killed_at(number: int, work: Callable[[], object], form: str = "") -> bool:
    """Run `work` in a process that dies before its n-th replacing of a file (of this form); False where it ended before."""
    child = os.fork()
    if child == 0:
        seen = 0

        def watch(event: str, what: tuple[object, ...]) -> None:
            nonlocal seen
            written = str(what[1]) if event == "os.rename" else ""
            if event in ("os.rename", "os.remove") and re.search(form, written):
                seen += 1
                if seen == number:
                    os._exit(9)

        sys.addaudithook(watch)
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
