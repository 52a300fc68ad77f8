"""人员管理: an administrator adds people, changes roles and hands out one-time links; the server's shell recovers accounts."""

from __future__ import annotations

from syndicate.errors import NotAllowed, UsageError
from syndicate.flow import logins
from syndicate.flow.workspace import Workspace
from syndicate.model.review import Actor, Role
from syndicate.records import audit, people, second_factors
from syndicate.records.connection import one_transaction
from syndicate.records.people import Person
from syndicate.review.rules import wrong_role

_MAY = frozenset({Role.ADMIN, Role.SYSTEM})
_LONGEST_NAME = 32


def everyone(actor: Actor) -> tuple[Person, ...]:
    """All accounts by name. Raises NotAllowed for anybody but an administrator, as everything here does."""
    check_manages(actor)
    return people.everyone()


def add(workspace: Workspace, actor: Actor, name: str, role: Role) -> str:
    """Create an account; returns the secret part of its one-time link. Raises UsageError for a name that cannot be."""
    check_manages(actor)
    name = name.strip()
    if not name.isprintable() or not 0 < len(name) <= _LONGEST_NAME or any(mark in name for mark in "/<>\"'&"):
        raise UsageError("desk.bad_name", longest=_LONGEST_NAME)
    if role is Role.SYSTEM:
        raise UsageError("desk.bad_role")
    now = workspace.now()
    with one_transaction():
        people.add(name, role)
        audit.append(actor, "user.added", f"user:{name}", {"role": role}, now)
        return people.make_link(name, now)


def set_role(workspace: Workspace, actor: Actor, name: str, role: Role) -> None:
    """Change what a person may do. The last administrator stays one."""
    check_manages(actor)
    if role is Role.SYSTEM:
        raise UsageError("desk.bad_role")
    with one_transaction():
        if role is not Role.ADMIN:
            check_another_admin(name)
        people.set_role(name, role)
        audit.append(actor, "user.role", f"user:{name}", {"role": role}, workspace.now())


def set_language(workspace: Workspace, actor: Actor, language: str) -> None:
    """Somebody reads the desk in another language."""
    with one_transaction():
        people.set_language(actor.name, language)
        audit.append(actor, "user.language", f"user:{actor.name}", {"language": language}, workspace.now())


def make_link(workspace: Workspace, actor: Actor, name: str) -> str:
    """The secret part of a new one-time link for a new password."""
    check_manages(actor)
    now = workspace.now()
    with one_transaction():
        token = people.make_link(name, now)
        audit.append(actor, "user.link", f"user:{name}", {}, now)
    return token


def recover(workspace: Workspace, actor: Actor, name: str) -> str:
    """Whoever has the server lets a person in again who lost password and telephone, or whose account somebody misuses.

    Every way in ends: sessions, password, second factor, tokens, open links, the wait after failed log-ins. Returns the
    secret part of a one-time link. Raises NotAllowed for anybody but the shell, and for a person who left.
    """
    if actor.role is not Role.SYSTEM:
        raise NotAllowed("people.shell_only")
    now = workspace.now()
    with one_transaction():
        if not people.person(name).active:
            raise NotAllowed("people.left", name=name)
        people.lock_out(name)
        lost_factor = second_factors.reset(name)
        token = people.make_link(name, now)
        audit.append(actor, "user.recovered", f"user:{name}", {"second_factor": lost_factor}, now)
        logins.unlock(workspace, actor, name)
    return token


def check_manages(actor: Actor) -> None:
    """Raises NotAllowed for anybody but an administrator or the shell."""
    if actor.role not in _MAY:
        raise wrong_role("accounts", actor.role, (Role.ADMIN,))


def check_another_admin(name: str) -> None:
    """Raises NotAllowed where nobody else is an administrator."""
    admins = {one.name for one in people.everyone() if one.active and one.role is Role.ADMIN}
    if admins == {name}:
        raise NotAllowed("desk.last_admin", name=name)
