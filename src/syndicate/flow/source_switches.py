"""启停信源: who may look after sources, and switching one off and on; an alarm is never silenced by accident."""

from __future__ import annotations

from syndicate.errors import Conflict, NotAllowed, NotFound
from syndicate.flow.workspace import Workspace
from syndicate.model.review import Actor, Role
from syndicate.records import audit, sources
from syndicate.records.connection import one_transaction
from syndicate.records.sources import SwitchedOff
from syndicate.review.rules import wrong_role

_MAY = frozenset({Role.PUBLISHER, Role.ADMIN, Role.SYSTEM})
_LONGEST_REASON = 2000


def may_keep_sources(role: Role) -> bool:
    """Whether this role tests, adds and switches sources."""
    return role in _MAY


def permit_sources(actor: Actor) -> None:
    """Raises NotAllowed for a role that does not look after sources."""
    if not may_keep_sources(actor.role):
        raise wrong_role("sources", actor.role, (Role.PUBLISHER, Role.ADMIN))


def switch_off(workspace: Workspace, actor: Actor, name: str, reason: str) -> None:
    """Follow a source no longer. Raises NotAllowed (role, no reason), NotFound, Conflict."""
    permit_sources(actor)
    reason = reason.strip()[:_LONGEST_REASON]
    if not reason:
        raise NotAllowed("tables.no_reason")
    if name not in workspace.snapshot.sources:
        raise NotFound("sync.no_source", name=name)
    with one_transaction():
        if not sources.switch_off(SwitchedOff(name, reason, actor.name, workspace.now())):
            raise Conflict("tables.source_off", name=name)
        audit.append(actor, "source.switched_off", f"source:{name}", {"reason": reason}, workspace.now())


def switch_on(workspace: Workspace, actor: Actor, name: str) -> None:
    """Follow a source again. Raises NotAllowed, Conflict."""
    permit_sources(actor)
    with one_transaction():
        if not sources.switch_on(name):
            raise Conflict("tables.source_on", name=name)
        audit.append(actor, "source.switched_on", f"source:{name}", {}, workspace.now())
