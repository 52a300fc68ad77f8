"""例外: what an editor says is no error, where and until when; how right each rule is; which rules became hints."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from syndicate.errors import NotAllowed, NotFound, UsageError
from syndicate.flow.workspace import Workspace
from syndicate.model.finding import Finding
from syndicate.model.noise import FindingException, Precision, Scope
from syndicate.model.review import Actor, Role
from syndicate.monitor import noise
from syndicate.records import audit, findings, items
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

    Findings that it covers are gone at once wherever they are stored. Raises NotAllowed for a role that may not, and
    for a wider scope than the item where the text is masked personal data (other numbers look the same masked);
    UsageError without a reason or with a day that has passed; NotFound where the item has no such finding.
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
    _known(item_id, click.rule, click.text)
    item = items.get(item_id)
    column = item.column if click.scope is Scope.COLUMN else ""
    where = item.id if click.scope is Scope.HERE else None
    made = FindingException(
        0, click.rule, click.text, click.scope, where, column, actor.name, click.reason, now, click.until
    )
    with one_transaction():
        stored = noise_records.add_exception(made)
        noise_records.add_verdict(click.rule, item.id, click.text, False, actor.name, now)
        named = {"exception": stored.id, "rule": click.rule, "text": click.text}
        facts = {**named, "scope": click.scope.value, "reason": click.reason}
        audit.append(actor, "finding.excepted", f"item:{item.id}", facts, now)
        for revision in findings.revisions_with(click.rule, click.text):
            left = quieted(workspace, items.revision(revision).item, findings.of_revision(revision))
            findings.replace(revision, left, workspace.snapshot.hash, now)
    return stored


def _known(item: int, rule: str, text: str) -> None:
    """That the newest revision has such a finding. One without a text is about the whole, which no exception can be."""
    found = findings.of_revision(items.latest_revision(item).id)
    if not text or not any((one.rule, one.text) == (rule, text) for one in found):
        raise NotFound("noise.no_finding", rule=rule)


def confirm_finding(workspace: Workspace, actor: Actor, item_id: int, rule: str, text: str) -> None:
    """Record that a finding is an error: it counts for the rule's precision.

    Raises NotAllowed for a role that may not, NotFound where the item has no such finding.
    """
    if actor.role not in _WHO[Scope.HERE]:
        raise NotAllowed("noise.role", scope=Scope.HERE.value)
    _known(item_id, rule, text)
    now = workspace.now()
    with one_transaction():
        noise_records.add_verdict(rule, item_id, text, True, actor.name, now)
        audit.append(actor, "finding.confirmed", f"item:{item_id}", {"rule": rule}, now)


def scopes_for(role: Role) -> tuple[Scope, ...]:
    """The scopes for which a role may make exceptions, the narrowest first."""
    return tuple(scope for scope, roles in _WHO.items() if role in roles)


def end_exception(workspace: Workspace, actor: Actor, exception: int) -> None:
    """The exception no longer holds from the next check on; the gate checks anyway.

    Raises NotAllowed for others than reviewers and publishers, NotFound.
    """
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


def standing_exceptions(workspace: Workspace) -> tuple[FindingException, ...]:
    """Every exception that holds today, oldest first."""
    return noise_records.exceptions(workspace.now().date())


@dataclass(frozen=True)
class JudgedRule:
    """A rule that editors decided on: how right it was lately, and whether it is only a hint for that."""

    rule: str
    basis: str
    decisions: int
    right: int
    demoted: bool

    @property
    def is_settled(self) -> bool:
        """Whether as many decisions were made as count; before that no rule is demoted."""
        return self.decisions >= noise.DECISIONS

    @property
    def percent(self) -> int:
        """Right decisions of all, in percent."""
        return round(100 * self.right / self.decisions)


def judged_rules(workspace: Workspace) -> tuple[JudgedRule, ...]:
    """Every rule that was decided on, the least right first."""
    precisions = precision_by_rule()
    demoted = noise.demoted_rules(precisions)
    basis = {rule.id: rule.basis for rule in workspace.monitor.rules}
    return tuple(
        JudgedRule(one.rule, basis.get(one.rule, ""), one.decisions, one.right, one.rule in demoted)
        for one in sorted(precisions, key=lambda one: (one.share, one.rule))
    )


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
