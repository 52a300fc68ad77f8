"""例外: what an editor says is no error, where and until when; how right each rule is; which rules became hints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from syndicate.errors import NotAllowed, UsageError
from syndicate.flow.workspace import Workspace
from syndicate.model.finding import Finding
from syndicate.model.noise import FindingException, Precision, Scope
from syndicate.model.review import Actor, Role
from syndicate.monitor import noise
from syndicate.records import audit, items
from syndicate.records import noise as noise_records
from syndicate.records.connection import one_transaction

_WHO = {
    Scope.HERE: (Role.EDITOR, Role.REVIEWER, Role.PUBLISHER),
    Scope.COLUMN: (Role.REVIEWER, Role.PUBLISHER),
    Scope.ANYWHERE: (Role.PUBLISHER,),
}
"""The wider an exception, the more it takes to make one."""


@dataclass(frozen=True)
class NoError:
    """One click: this rule on this text is no error, there, for this reason, until that day (None: for good)."""

    rule: str
    text: str
    scope: Scope
    reason: str
    until: date | None = None


def except_finding(workspace: Workspace, actor: Actor, item_id: int, click: NoError) -> FindingException:
    """Record an exception to a finding on an item; the click also counts against the rule's precision.

    Raises NotAllowed for a role that may not, and for a wider scope than the item where the text is masked personal
    data (other numbers look the same masked); UsageError without a reason or with a day that has passed.
    """
    now = workspace.now()
    if actor.role not in _WHO[click.scope]:
        raise NotAllowed("noise.role", scope=click.scope.value)
    if not click.reason.strip():
        raise UsageError("noise.reason")
    if click.until is not None and click.until < now.date():
        raise UsageError("noise.until", until=click.until)
    if "*" in click.text and click.scope is not Scope.HERE:
        raise NotAllowed("noise.masked")
    item = items.get(item_id)
    column = item.column if click.scope is Scope.COLUMN else ""
    where = item.id if click.scope is Scope.HERE else None
    made = FindingException(
        0, click.rule, click.text, click.scope, where, column, actor.name, click.reason, now, click.until
    )
    with one_transaction():
        stored = noise_records.add_exception(made)
        noise_records.add_verdict(click.rule, item.id, click.text, False, actor.name, now)
        facts = {"exception": stored.id, "rule": click.rule, "scope": click.scope.value, "reason": click.reason}
        audit.append(actor, "finding.excepted", f"item:{item.id}", facts, now)
    return stored


def confirm_finding(workspace: Workspace, actor: Actor, item_id: int, finding: Finding) -> None:
    """Record that a finding was an error: it counts for the rule's precision. Raises NotAllowed for a role that may not."""
    if actor.role not in _WHO[Scope.HERE]:
        raise NotAllowed("noise.role", scope=Scope.HERE.value)
    noise_records.add_verdict(finding.rule, item_id, finding.text, True, actor.name, workspace.now())


def end_exception(workspace: Workspace, actor: Actor, exception: int) -> None:
    """The exception no longer holds. Raises NotAllowed for others than reviewers and publishers, NotFound."""
    if actor.role not in _WHO[Scope.COLUMN]:
        raise NotAllowed("noise.role", scope=Scope.COLUMN.value)
    now = workspace.now()
    with one_transaction():
        ended = noise_records.end_exception(exception, actor.name, now)
        facts = {"exception": ended.id, "rule": ended.rule}
        audit.append(actor, "finding.exception_ended", f"exception:{ended.id}", facts, now)


def precision_by_rule() -> tuple[Precision, ...]:
    """How right every rule was in the newest decisions, for the desk and the daily report."""
    return noise_records.precisions(noise.DECISIONS)


def demoted_rules() -> frozenset[str]:
    """The rules that are only hints because editors found them wrong too often; to be reported daily."""
    return noise.demoted_rules(precision_by_rule())


def quieted(workspace: Workspace, item_id: int, found: tuple[Finding, ...]) -> tuple[Finding, ...]:
    """The findings on an item without what is excepted, those of demoted rules as hints."""
    day = workspace.now().date()
    exceptions = noise_records.exceptions(day)
    if exceptions:
        column = items.get(item_id).column
        found = noise.without_exceptions(found, exceptions, item=item_id, column=column, day=day)
    return noise.demoted(found, demoted_rules())
