"""登录: how often somebody may try, and the audit row of every log-in and every failure."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable
from datetime import timedelta
from functools import cache
from importlib.resources import files

from syndicate.errors import NotAllowed, NotFound, UsageError
from syndicate.flow.workspace import Workspace
from syndicate.model.review import Actor, Role
from syndicate.records import audit, logins, people
from syndicate.records.connection import one_transaction
from syndicate.records.people import Person
from syndicate.review.rules import wrong_role

UNKNOWN = "—"
"""Who failed to log in under a name that is nobody's: what was typed may be a password, so it is not kept."""


@cache
def _limits() -> dict[str, int]:
    text = files("syndicate.flow").joinpath("login_limits.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {row["key"]: int(row["value"]) for row in rows}


def _subject(name: str) -> str:
    return f"login:{hashlib.sha256(name.encode()).hexdigest()[:32]}"


def check_may_try(workspace: Workspace, name: str, address: str) -> None:
    """Raises NotAllowed while too many log-ins failed, of this name or from this address. Writes nothing."""
    limits = _limits()
    since = workspace.now() - timedelta(minutes=limits["window"])
    failed = logins.failures(_subject(name), address, since)
    if any(getattr(failed, key) >= limits[key] for key in ("both", "name", "address")):
        raise NotAllowed("desk.login_wait", minutes=limits["window"])


def failed(workspace: Workspace, name: str, address: str) -> None:
    """Write a failed log-in down."""
    try:
        known = people.person(name).name
    except NotFound:
        known = UNKNOWN
    with one_transaction():
        actor = Actor(known, Role.SYSTEM, "desk")
        audit.append(actor, logins.FAILED, _subject(name), {"address": address}, workspace.now())


def succeeded(workspace: Workspace, actor: Actor, address: str) -> None:
    """Write a log-in down."""
    with one_transaction():
        audit.append(actor, "login.succeeded", _subject(actor.name), {"address": address}, workspace.now())


def ended(workspace: Workspace, actor: Actor) -> None:
    """Write a log-out down."""
    with one_transaction():
        audit.append(actor, "login.ended", _subject(actor.name), {}, workspace.now())


def change_password(workspace: Workspace, actor: Actor, address: str, old: str, new: str) -> None:
    """Somebody changes his own password; his other sessions end. Raises NotAllowed for a wrong old one, InputError."""
    check_may_try(workspace, actor.name, address)
    if not people.password_fits(actor.name, old):
        failed(workspace, actor.name, address)
        raise NotAllowed("security.wrong_password")
    if old == new:
        raise UsageError("security.same_password")
    with one_transaction():
        people.set_password(actor.name, new)
        audit.append(actor, "user.password_set", f"user:{actor.name}", {}, workspace.now())


def failing(workspace: Workspace, names: Iterable[str]) -> frozenset[str]:
    """Those of the names under which log-ins failed lately."""
    subjects = logins.failed_subjects(workspace.now() - timedelta(minutes=_limits()["window"]))
    return frozenset(name for name in names if _subject(name) in subjects)


def unlock(workspace: Workspace, actor: Actor, name: str) -> None:
    """An administrator lets a name be tried again at once. Raises NotAllowed, NotFound."""
    if actor.role not in (Role.ADMIN, Role.SYSTEM):
        raise wrong_role("accounts", actor.role, (Role.ADMIN,))
    with one_transaction():
        people.person(name)
        audit.append(actor, logins.UNLOCKED, _subject(name), {"name": name}, workspace.now())


def session_ended(workspace: Workspace, began: float, seen: float) -> bool:
    """Whether a session is over: unused for too long, or too old. Moments are POSIX seconds."""
    now, limits = workspace.now().timestamp(), _limits()
    return now - seen > limits["idle"] * 60 or now - began > limits["session"] * 60


def code_too_late(workspace: Workspace, since: float) -> bool:
    """Whether the password was given too long ago for its code; `since` in POSIX seconds."""
    return workspace.now().timestamp() - since > _limits()["pending"] * 60


def set_password(workspace: Workspace, token: str, password: str) -> Person:
    """Set a password by a one-time link. Raises NotAllowed for a link that has ended, InputError for a weak one."""
    now = workspace.now()
    with one_transaction():
        person = people.use_link(token, password, now)
        audit.append(Actor(person.name, person.role, "desk"), "user.password_set", f"user:{person.name}", {}, now)
    return person
