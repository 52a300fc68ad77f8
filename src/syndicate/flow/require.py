"""应转载清单: a list from higher up says what must be reprinted; it is taken in whole or not at all, and audited."""

from __future__ import annotations

from dataclasses import dataclass

from syndicate.errors import Conflict, InputError, NotAllowed
from syndicate.flow.upload_limits import upload_limit
from syndicate.flow.workspace import Workspace
from syndicate.ingest.files import file_name
from syndicate.ingest.required_list import Demanded, read_required_list
from syndicate.model.review import Actor, Role
from syndicate.records import audit, required_reprints
from syndicate.records.connection import one_at_a_time, one_transaction
from syndicate.records.required_reprints import RequiredReprint
from syndicate.review.rules import wrong_role

_MAY_LIST = (Role.EDITOR, Role.REVIEWER, Role.PUBLISHER)
_MAY_EXCUSE = (Role.REVIEWER, Role.PUBLISHER)
_LONGEST_REASON = 2000


@dataclass(frozen=True)
class TakenList:
    """What a list brought: new duties, duties with another deadline, and what was known already."""

    added: int
    changed: int
    known: int


def may_list(role: Role) -> bool:
    """Whether this role takes lists in."""
    return role in (*_MAY_LIST, Role.SYSTEM)


def may_excuse(role: Role) -> bool:
    """Whether this role says that something is no duty."""
    return role in _MAY_EXCUSE


def require(workspace: Workspace, actor: Actor, data: bytes, name: str) -> TakenList:
    """Take a list in. Raises NotAllowed (role) and InputError (no such file, or with every wrong row)."""
    if not may_list(actor.role):
        raise wrong_role("require", actor.role, _MAY_LIST)
    safe = file_name(name, "") or "list"
    most = upload_limit("list_bytes")
    if len(data) > most:
        raise InputError("writing.file_too_large", name=safe, limit=most // 1_048_576)
    rows = read_required_list(data, safe, workspace.snapshot.office.timezone)
    now = workspace.now()
    with one_transaction():
        one_at_a_time("required reprints")
        known = required_reprints.named({row.address or row.title for row in rows})
        added = [row for row in rows if (row.address or row.title) not in known]
        same = [(known[row.address or row.title], row) for row in rows if (row.address or row.title) in known]
        changed = [(one, row) for one, row in same if one.removed_at is None and one.deadline != row.deadline]
        for row in added:
            required_reprints.add(_record(workspace, actor, row))
        for before, row in changed:
            required_reprints.remove(before.id, actor.name, now)
            required_reprints.add(_record(workspace, actor, row))
        facts = {"file": safe, "added": len(added), "changed": [before.id for before, _ in changed]}
        audit.append(actor, "reprint.required", "reprints", facts, now)
    return TakenList(len(added), len(changed), len(same) - len(changed))


def _record(workspace: Workspace, actor: Actor, row: Demanded) -> RequiredReprint:
    now = workspace.now()
    return RequiredReprint(0, row.title, row.url, row.address, row.source_title, row.deadline, now, actor.name, None)


def excuse(workspace: Workspace, actor: Actor, number: int, reason: str) -> None:
    """Something on the list is no duty. Raises NotAllowed (role, no reason), NotFound, Conflict."""
    if not may_excuse(actor.role):
        raise wrong_role("excuse", actor.role, _MAY_EXCUSE)
    reason = reason.strip()[:_LONGEST_REASON]
    if not reason:
        raise NotAllowed("reprint.no_reason")
    now = workspace.now()
    with one_transaction():
        title = required_reprints.get(number).title
        if not required_reprints.remove(number, actor.name, now):
            raise Conflict("reprint.removed", title=title)
        audit.append(actor, "reprint.excused", f"reprint:{number}", {"reason": reason, "title": title}, now)
