"""复查: the present rules over everything that some channel still holds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from syndicate.flow.checking import KEPT, check_content
from syndicate.flow.exceptions import quieted
from syndicate.flow.workspace import Workspace
from syndicate.model.finding import Finding, Severity
from syndicate.model.item import FileRole
from syndicate.model.review import Actor
from syndicate.monitor.affected import Change, change
from syndicate.records import audit, deliveries, findings, items, office, receipts
from syndicate.records.connection import one_transaction
from syndicate.records.values import RevisionRecord
from syndicate.text.plain import from_html, from_text


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
    """Check the published revisions again that the change of the rules since their last check may touch.

    Each is committed on its own with the configuration it was checked with: a run that was stopped goes on where it
    was when it is started again. With `everything`, those that no change can touch are read, too.
    """
    published = _published(workspace)
    affected = list(published) if everything else _affected(workspace, published)
    checked, changed = 0, []
    for revision_id in affected:
        revision = items.revision(revision_id)
        if check_again(workspace, actor, revision):
            changed.append(revision.item)
        checked += 1
        progress(checked)
    for revision_id in {*published} - {*affected}:
        items.mark_checked(revision_id, workspace.snapshot.hash)
    return Rechecked(checked, tuple(changed), len(published) - len(affected))


def affected_count(workspace: Workspace) -> int:
    """How many published revisions the next `recheck` would read."""
    return len(_affected(workspace, _published(workspace)))


def check_again(workspace: Workspace, actor: Actor, revision: RevisionRecord) -> bool:
    """Check one revision and store what is found; whether something serious is new."""
    known = findings.of_revision(revision.id)
    # What the fetch left doubtful and what was made of the text for the channels does not come from the rules alone.
    kept = tuple(one for one in known if one.rule.startswith(KEPT) or one.part.startswith("rendition:"))
    found = quieted(workspace, revision.item, (*kept, *check_content(workspace, revision.content)))
    new = {(one.rule, one.text) for one in _serious(found)} - {(one.rule, one.text) for one in _serious(known)}
    now = workspace.now()
    with one_transaction():
        findings.replace(revision.id, found, workspace.snapshot.hash, now)
        items.mark_checked(revision.id, workspace.snapshot.hash)
        if new:
            facts = {"rules": sorted({rule for rule, _ in new}), "since": workspace.snapshot.hash}
            audit.append(actor, "item.recheck_found", f"item:{revision.item}", facts, now)
    return bool(new)


def _affected(workspace: Workspace, published: Sequence[int]) -> list[int]:
    """The revisions that may have other findings with the present rules than with those that read them last."""
    same = office.snapshots_with_rules(workspace.rules_hash())
    now, rules = workspace.rule_marks(), workspace.snapshot.monitored.rules
    changes: dict[str, Change] = {}
    affected = []
    for revision_id in published:
        revision = items.revision(revision_id)
        before = revision.checked_with
        if before in same:
            continue
        if before not in changes:
            changes[before] = change(office.rule_marks(before), now, rules)
        if _may_touch(changes[before], revision):
            affected.append(revision_id)
    return affected


def _may_touch(one: Change, revision: RevisionRecord) -> bool:
    content = revision.content
    if one.everything or any(file.role is FileRole.ATTACHMENT for file in content.attachments):
        return True  # reading an attachment costs as much as checking it
    text = f"{from_text(content.title).text}\n{from_html(content.body).text}"
    return one.may_touch(text, (finding.rule for finding in findings.of_revision(revision.id)))


def _published(workspace: Workspace) -> tuple[int, ...]:
    """The revisions that some channel holds, each once."""
    held = {receipt.delivery for channel in workspace.snapshot.channels for receipt in receipts.standing(channel)}
    return tuple(sorted({deliveries.get(delivery).revision for delivery in held}))


def _serious(found: tuple[Finding, ...]) -> list[Finding]:
    return [finding for finding in found if finding.severity is not Severity.HINT]
