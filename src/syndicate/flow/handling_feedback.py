"""公众反馈, the office's side: who has it in hand, what it is answered, and the correction that it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from syndicate.errors import InputError, NotAllowed, SyndicateError
from syndicate.flow import day_masking, items, told_titles
from syndicate.flow.feedback import LONGEST, contact_of
from syndicate.flow.workspace import Workspace
from syndicate.model.feedback import FeedbackAction, FeedbackState, FeedbackVerdict
from syndicate.model.finding import Finding, Severity
from syndicate.model.review import Actor, Role
from syndicate.records import audit, feedback, people
from syndicate.records.connection import one_transaction
from syndicate.records.feedback import Erased, FeedbackRecord
from syndicate.review.feedback import permit_feedback

PART = "answer"
_WORKS = (Role.EDITOR, Role.REVIEWER, Role.PUBLISHER)
_QUOTED = 200
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Answer:
    """What is answered. `seen`: whoever answers has looked at the findings that ask to be looked at."""

    verdict: str
    text: str
    seen: bool = False


@dataclass(frozen=True)
class Done:
    """What became of several reports: how many were set aside, and of which others why not."""

    done: int
    refused: tuple[tuple[int, SyndicateError], ...]


def assignees() -> tuple[str, ...]:
    """Everybody who may have a report in hand."""
    return tuple(one.name for one in people.everyone() if one.active and one.role in _WORKS)


def assign(workspace: Workspace, actor: Actor, number: int, name: str) -> FeedbackRecord:
    """Give a report to somebody. Raises NotAllowed for who cannot have it."""
    record = feedback.get(number)
    transition = permit_feedback(record.state, FeedbackAction.ASSIGN, actor)
    if name not in assignees():
        raise NotAllowed("feedback.assignee", name=name[:150])
    now = workspace.now()
    with one_transaction():
        changes = {"state": transition.next, "assignee": name, "assigned_at": record.assigned_at or now}
        changed = feedback.change(record, changes)
        audit.append(actor, transition.audit, f"feedback:{number}", {"to": name}, now)
    return changed


def draft(workspace: Workspace, actor: Actor, number: int, answer: Answer) -> FeedbackRecord:
    """Keep an answer that nobody has sent; whoever drafts has the report in hand unless somebody else has."""
    record = feedback.get(number)
    transition = permit_feedback(record.state, FeedbackAction.DRAFT, actor)
    verdict, text = _read(answer)
    now = workspace.now()
    with one_transaction():
        changes = {
            "state": transition.next,
            "verdict": verdict,
            "answer": text,
            "assignee": record.assignee or actor.name,
            "assigned_at": record.assigned_at or now,
        }
        changed = feedback.change(record, changes)
        audit.append(actor, transition.audit, f"feedback:{number}", {"verdict": verdict}, now)
    return changed


def findings_on(workspace: Workspace, text: str) -> tuple[Finding, ...]:
    """What the monitor says about an answer, with the rules of this moment; the gravest first."""
    found = workspace.monitor.check(text, markup=False, day=workspace.now().date(), part=PART)
    return tuple(sorted(found, key=lambda one: (-one.severity.weight, one.start)))


def answer(workspace: Workspace, actor: Actor, number: int, given: Answer) -> FeedbackRecord:
    """Answer and close, or correct an answer that was given; the sender sees it at once.

    Raises InputError where the monitor finds what must not go out, or what nobody has looked at.
    """
    record = feedback.get(number)
    correcting = record.state is FeedbackState.ANSWERED
    action = FeedbackAction.CORRECT if correcting else FeedbackAction.ANSWER
    transition = permit_feedback(record.state, action, actor)
    verdict, text = _read(given)
    if not text:
        raise InputError("feedback.no_answer")
    _check(findings_on(workspace, text), given.seen)
    now = workspace.now()
    changes: dict[str, object] = {"verdict": verdict, "answer": text, "answered_by": actor.name}
    if not correcting:
        passed_on = record.assigned_at or now
        changes |= {"state": transition.next, "answered_at": now, "closed_at": now, "assigned_at": passed_on}
    with one_transaction():
        changed = feedback.change(record, changes)
        audit.append(actor, transition.audit, f"feedback:{number}", {"verdict": verdict, "answer": text}, now)
    return changed


def amend(workspace: Workspace, actor: Actor, number: int) -> int:
    """Begin a correction of the item that a report is about, with the report as its reason; returns the item."""
    record = feedback.get(number)
    transition = permit_feedback(record.state, FeedbackAction.AMEND, actor)
    if record.item is None:
        raise InputError("feedback.no_item")
    reason = f"公众反馈 {number} 号：{masked(workspace, record.text, _QUOTED)}"
    items.amend(workspace, actor, record.item, reason)
    with one_transaction():
        audit.append(actor, transition.audit, f"feedback:{number}", {"item": record.item}, workspace.now())
    return record.item


def set_aside(workspace: Workspace, actor: Actor, numbers: Sequence[int]) -> Done:
    """Take spam out of the list, many at once; what cannot be set aside stays and is told."""
    done, refused = 0, []
    for number in dict.fromkeys(numbers[:MOST_AT_ONCE]):
        try:
            _spam(workspace, actor, number)
            done += 1
        except SyndicateError as error:
            refused.append((number, error))
    return Done(done, tuple(refused))


def _spam(workspace: Workspace, actor: Actor, number: int) -> None:
    record = feedback.get(number)
    transition = permit_feedback(record.state, FeedbackAction.SPAM, actor)
    now = workspace.now()
    with one_transaction():
        feedback.change(record, {"state": transition.next, "closed_at": now})
        audit.append(actor, transition.audit, f"feedback:{number}", {}, now)


def restore(workspace: Workspace, actor: Actor, number: int) -> FeedbackRecord:
    """It was no spam: it waits for somebody again, with the deadline that it had."""
    record = feedback.get(number)
    transition = permit_feedback(record.state, FeedbackAction.RESTORE, actor)
    if record.erased_at:
        raise NotAllowed("feedback.erased")
    with one_transaction():
        changes = {"state": transition.next, "closed_at": None, "assignee": "", "assigned_at": None}
        changed = feedback.change(record, changes)
        audit.append(actor, transition.audit, f"feedback:{number}", {}, workspace.now())
    return changed


def see_contact(workspace: Workspace, actor: Actor, number: int) -> str:
    """How the sender can be reached; who looked is written down, what he saw is not. Raises InputError as `contact_of`."""
    record = feedback.get(number)
    transition = permit_feedback(record.state, FeedbackAction.SEE_CONTACT, actor)
    with one_transaction():
        contact = contact_of(workspace, number)
        audit.append(actor, transition.audit, f"feedback:{number}", {}, workspace.now())
    return contact


def erase_old(workspace: Workspace, actor: Actor) -> Erased:
    """Take away contacts, and the text of spam, whose time is over; `tidy` does it every day."""
    now = workspace.now()
    with one_transaction():
        erased = feedback.erase(now - workspace.snapshot.feedback.contact_kept, now)
        if erased.contacts or erased.texts:
            data = {"contacts": erased.contacts, "texts": erased.texts}
            audit.append(actor, "feedback.erased", "feedback", data, now)
    return erased


def masked(workspace: Workspace, text: str, longest: int) -> str:
    """Text of the public on one line, with personal data masked as the rules mask it, and any other long number."""
    line = " ".join(day_masking.masked(told_titles.masked(text, findings_on(workspace, text), PART)).split())
    return line if len(line) <= longest else line[: longest - 1] + "…"


def _read(given: Answer) -> tuple[FeedbackVerdict, str]:
    text = given.text.replace("\r\n", "\n").strip()
    if given.verdict not in set(FeedbackVerdict):
        raise InputError("feedback.no_verdict")
    if len(text) > LONGEST:
        raise InputError("feedback.answer_length", longest=LONGEST, length=len(text))
    return FeedbackVerdict(given.verdict), text


def _check(found: tuple[Finding, ...], seen: bool) -> None:
    """Nothing that must be fixed goes out, and what must be looked at was looked at."""
    grave = [one for one in found if one.severity is Severity.BLOCK]
    if grave:
        raise InputError("feedback.answer_blocked", count=len(grave), first=grave[0].message)
    if not seen and any(one.severity is Severity.CONFIRM for one in found):
        raise InputError("feedback.answer_unseen")
