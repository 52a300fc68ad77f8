"""复查: the present rules over everything that some channel still holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from syndicate.flow.checking import KEPT, check_content
from syndicate.flow.workspace import Workspace
from syndicate.model.finding import Finding, Severity
from syndicate.model.review import Actor
from syndicate.records import audit, deliveries, findings, items, receipts
from syndicate.records.connection import one_transaction


@dataclass(frozen=True)
class Rechecked:
    """How many revisions were read, and the items with findings of block or confirm that were not known before."""

    checked: int
    changed: tuple[int, ...]


def recheck(workspace: Workspace, actor: Actor, progress: Callable[[int], None] = lambda _: None) -> Rechecked:
    """Check every published revision again and store what is found now."""
    checked, changed = 0, []
    for revision_id in _published(workspace):
        revision = items.revision(revision_id)
        known = findings.of_revision(revision_id)
        # What the fetch left doubtful and what was made of the text for the channels does not come from the rules alone.
        kept = tuple(one for one in known if one.rule.startswith(KEPT) or one.part.startswith("rendition:"))
        found = (*kept, *check_content(workspace, revision.content))
        new = {(one.rule, one.text) for one in _serious(found)} - {(one.rule, one.text) for one in _serious(known)}
        now = workspace.now()
        with one_transaction():
            findings.replace(revision_id, found, workspace.snapshot.hash, now)
            items.mark_checked(revision_id, workspace.snapshot.hash)
            if new:
                rules = sorted({rule for rule, _ in new})
                audit.append(actor, "item.recheck_found", f"item:{revision.item}", {"rules": rules}, now)
        checked += 1
        changed += [revision.item] if new else []
        progress(checked)
    return Rechecked(checked, tuple(changed))


def _published(workspace: Workspace) -> tuple[int, ...]:
    """The revisions that some channel holds, each once."""
    held = {receipt.delivery for channel in workspace.snapshot.channels for receipt in receipts.standing(channel)}
    return tuple(sorted({deliveries.get(delivery).revision for delivery in held}))


def _serious(found: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in found if finding.severity is not Severity.HINT]
