"""复查: the present rules over everything that some channel still holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from syndicate.flow.checking import KEPT, check_content
from syndicate.flow.exceptions import quieted
from syndicate.flow.workspace import Workspace
from syndicate.model.finding import Finding, Severity
from syndicate.model.review import Actor
from syndicate.records import audit, deliveries, findings, items, office, receipts
from syndicate.records.connection import one_transaction


@dataclass(frozen=True)
class Rechecked:
    """How many revisions were read, the items with findings of block or confirm that were not known before, and how many
    revisions the change of the configuration cannot have touched."""

    checked: int
    changed: tuple[int, ...]
    unaffected: int = 0


def recheck(
    workspace: Workspace,
    actor: Actor,
    progress: Callable[[int], None] = lambda _: None,
    *,
    everything: bool = False,
) -> Rechecked:
    """Check the published revisions again that were last checked with other rules, and store what is found now.

    Each is committed on its own with the configuration it was checked with: a run that was stopped goes on where it
    was when it is started again. With `everything`, those that had the present rules already are read, too.
    """
    published = _published(workspace)
    same = frozenset() if everything else office.snapshots_with_rules(workspace.rules_hash())
    affected = [one for one in published if items.revision(one).checked_with not in same]
    checked, changed = 0, []
    for revision_id in affected:
        revision = items.revision(revision_id)
        known = findings.of_revision(revision_id)
        # What the fetch left doubtful and what was made of the text for the channels does not come from the rules alone.
        kept = tuple(one for one in known if one.rule.startswith(KEPT) or one.part.startswith("rendition:"))
        found = quieted(workspace, revision.item, (*kept, *check_content(workspace, revision.content)))
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
    return Rechecked(checked, tuple(changed), len(published) - len(affected))


def affected_count(workspace: Workspace) -> int:
    """How many published revisions the next `recheck` would read."""
    same = office.snapshots_with_rules(workspace.rules_hash())
    return sum(items.revision(one).checked_with not in same for one in _published(workspace))


def _published(workspace: Workspace) -> tuple[int, ...]:
    """The revisions that some channel holds, each once."""
    held = {receipt.delivery for channel in workspace.snapshot.channels for receipt in receipts.standing(channel)}
    return tuple(sorted({deliveries.get(delivery).revision for delivery in held}))


def _serious(found: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in found if finding.severity is not Severity.HINT]
