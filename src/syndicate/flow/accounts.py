"""人员管理: an administrator adds people, changes roles, disables leavers and hands out one-time links."""

from __future__ import annotations

from syndicate.errors import NotAllowed, UsageError
from syndicate.flow.workspace import Workspace
from syndicate.model.review import Actor, Role
from syndicate.records import audit, people
from syndicate.records.connection import one_transaction
from syndicate.records.people import Person
from syndicate.review.rules import wrong_role

_MAY = frozenset({Role.ADMIN, Role.SYSTEM})
_LONGEST_NAME = 32


def everyone(actor: Actor) -> tuple[Person, ...]:
    """All accounts by name. Raises NotAllowed for anybody but an administrator, as everything here does."""
    _check(actor)
    return people.everyone()


def add(workspace: Workspace, actor: Actor, name: str, role: Role) -> str:
    """Create an account; returns the secret part of its one-time link. Raises UsageError for a name that cannot be."""
    _check(actor)
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
    _check(actor)
    if role is Role.SYSTEM:
        raise UsageError("desk.bad_role")
    with one_transaction():
        if role is not Role.ADMIN:
            _check_another_admin(name)
        people.set_role(name, role)
        audit.append(actor, "user.role", f"user:{name}", {"role": role}, workspace.now())


def disable(workspace: Workspace, actor: Actor, name: str) -> None:
    """A leaver can no longer log in. The last administrator cannot be disabled."""
    _check(actor)
    with one_transaction():
        _check_another_admin(name)
        people.disable(name)
        audit.append(actor, "user.disabled", f"user:{name}", {}, workspace.now())


def set_language(workspace: Workspace, actor: Actor, language: str) -> None:
    """Somebody reads the desk in another language."""
    with one_transaction():
        people.set_language(actor.name, language)
        audit.append(actor, "user.language", f"user:{actor.name}", {"language": language}, workspace.now())


def make_link(workspace: Workspace, actor: Actor, name: str) -> str:
    """The secret part of a new one-time link for a new password."""
    _check(actor)
    now = workspace.now()
    with one_transaction():
        token = people.make_link(name, now)
        audit.append(actor, "user.link", f"user:{name}", {}, now)
    return token


def _check(actor: Actor) -> None:
    if actor.role not in _MAY:
        raise wrong_role("accounts", actor.role, (Role.ADMIN,))


def _check_another_admin(name: str) -> None:
    admins = {one.name for one in people.everyone() if one.active and one.role is Role.ADMIN}
    if admins == {name}:
        raise NotAllowed("desk.last_admin", name=name)
