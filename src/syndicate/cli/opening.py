"""Opening the office for a verb, and finding out who acts."""

from __future__ import annotations

import getpass
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from syndicate.errors import UsageError

if TYPE_CHECKING:
    from syndicate.flow.workspace import Workspace
    from syndicate.model.review import Actor


def clock() -> datetime:
    """The one place where the command line reads the clock."""
    return datetime.now(UTC)  # noqa: TID251 everything below gets the time as an argument


@contextmanager
def opened(home: Path, *, sends: bool = False) -> Iterator[Workspace]:
    """The office at `home`, closed at the end; `sends` where deliveries are made, so that secrets must be there.

    Raises ConfigurationError or UsageError before anything starts, StorageError for whatever the database refuses.
    """
    from syndicate.records.connection import close_connections, database_refusals, open_records

    open_records(home)
    from syndicate.flow.workspace import open_workspace

    with database_refusals():
        workspace = open_workspace(home.resolve(), clock, sends=sends)
        try:
            yield workspace
        finally:
            workspace.close()
            close_connections()


def operator(verb: str) -> Actor:
    """Nobody in particular: cron or a person at the shell runs a verb that decides nothing."""
    from syndicate.model.review import Actor, Role

    return Actor(verb, Role.SYSTEM, "cli", os_user())


def person(name: str) -> Actor:
    """Who acts, proved by the personal token. Raises NotAllowed for a wrong one, UsageError when none is given."""
    from syndicate.errors import NotAllowed
    from syndicate.model.review import Actor
    from syndicate.model.token import Scope
    from syndicate.records import personal_tokens

    known, token = personal_tokens.holder(os.environ.get("SYNDICATE_TOKEN") or _asked_token(name), clock())
    if known.name != name:
        raise NotAllowed("records.bad_token")
    if token.scopes != frozenset(Scope):
        raise NotAllowed("token.cli_scopes")
    return Actor(known.name, known.role, "cli", os_user())


def _asked_token(name: str) -> str:
    """The token as typed at the terminal, unseen; where there is no terminal nobody can be asked."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", getpass.GetPassWarning)
            return getpass.getpass(f"{name} 的个人令牌 token：")
    except (getpass.GetPassWarning, EOFError):
        raise UsageError("cli.no_token", name=name) from None


def os_user() -> str:
    """The operating system's name for whoever runs this, for the audit."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.geteuid())
