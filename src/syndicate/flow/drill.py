"""演练: what a practice office for a new colleague has beside the demo's: its mark everywhere, its people, its text."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import yaml

from syndicate.config.defaults import defaults
from syndicate.errors import NotAllowed
from syndicate.model.office import Snapshot
from syndicate.model.review import Actor, Role
from syndicate.site.atomic import write_atomic

MARK = "（演练）"
"""Stands before the names of office and site and before every title: nothing of a drill is ever taken for real."""
WRITER = Actor("演练编辑", Role.EDITOR, "cli")
REVIEWER = Actor("演练初审", Role.REVIEWER, "cli")
PUBLISHER = Actor("演练签发", Role.PUBLISHER, "cli")
SECOND = Actor("演练值班", Role.REVIEWER, "cli")
PEOPLE = (WRITER, REVIEWER, PUBLISHER, SECOND)
_TEXTS = Path("content") / "samples" / "drill"


def mark_office(home: Path) -> None:
    """Put the mark before the names of office and site."""
    path = home / "content" / "office.yaml"
    document = yaml.safe_load(path.read_text("utf-8"))
    for name in ("name", "site_name"):
        document[name] = MARK + str(document[name]).removeprefix(MARK)
    write_atomic(path, yaml.safe_dump(document, allow_unicode=True, sort_keys=False).encode())


def refuse_real_platforms(snapshot: Snapshot) -> None:
    """Raise NotAllowed where any address of the office leaves this machine: a drill never meets a real platform."""
    addresses = [channel.base_url for channel in snapshot.channels.values() if channel.base_url]
    addresses += [source.url for source in snapshot.sources.values()]
    for address in [*addresses, snapshot.office.site_url]:
        if urlsplit(address).hostname not in ("127.0.0.1", "localhost"):
            raise NotAllowed("drill.real_platform", address=address)


def text(name: str) -> str:
    """A sample text of the drill: `notice` with a mistake in it, `corrected` without."""
    return (defaults() / _TEXTS / f"{name}.html").read_text("utf-8")
