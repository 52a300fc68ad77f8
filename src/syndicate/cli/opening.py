"""Opening the office for a verb, and finding out who acts."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from syndicate.model.review import Actor, Role

if TYPE_CHECKING:
    from syndicate.flow.workspace import Workspace


def clock() -> datetime:
    """The one place where the command line reads the clock."""
    return datetime.now(UTC)  # noqa: TID251 everything below gets the time as an argument


@contextmanager
def opened(home: Path, *, sends: bool = False) -> Iterator[Workspace]:
    """The office at `home`, closed at the end; `sends` where deliveries are made, so that secrets must be there. Raises ConfigurationError or UsageError before anything starts."""
    from syndicate.records.connection import close_connections, open_records

    open_records(home)
    from syndicate.flow.workspace import open_workspace

    workspace = open_workspace(home.resolve(), clock, sends=sends)
    try:
        yield workspace
    finally:
        workspace.close()
        close_connections()


def operator(verb: str) -> Actor:
    """Nobody in particular: cron or a person at the shell runs a verb that decides nothing."""
    return Actor(verb, Role.SYSTEM, "cli", os_user())


def person(name: str) -> Actor:
    """Who acts, proved by the personal token. Raises NotAllowed for a wrong one."""
    from syndicate.records import people

    token = os.environ.get("SYNDICATE_TOKEN") or typer.prompt(f"{name} 的个人令牌 token", hide_input=True)
    known = people.with_token(name, token)
    return Actor(known.name, known.role, "cli", os_user())


def os_user() -> str:
    """The operating system's name for whoever runs this, for the audit."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.geteuid())
