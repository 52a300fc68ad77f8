"""公众反馈 that somebody has to hear of: what came in, what he has in hand, and what ends today.

What is late is an incident (`flow.watches`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from syndicate.errors import Message
from syndicate.flow.tidings import Tiding
from syndicate.flow.workspace import Workspace
from syndicate.model.feedback import FeedbackState
from syndicate.model.incident import Sighting
from syndicate.model.notice import Event
from syndicate.records import feedback
from syndicate.records.feedback import FeedbackRecord

_LAST_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MOMENT = timedelta(seconds=1)
_MOST = 500
LIST = "/feedback"


def feedback_due(workspace: Workspace) -> Iterator[Tiding]:
    """Everything about open reports; however many came in since the last time, that is one tiding."""
    rows = feedback.listed(feedback.OPEN, _MOST)
    waiting = [one for one in rows if one.state is FeedbackState.RECEIVED]
    if waiting:
        newest = max(one.id for one in waiting)
        yield Tiding(Event.FEEDBACK, f"feedback:{newest}", LIST, Message("notice.feedback", {"count": len(waiting)}))
    for one in rows:
        if one.assignee:
            message = Message("notice.feedback_in_hand", {"number": one.id, "day": _day(workspace, one)})
            yield Tiding(
                Event.FEEDBACK_IN_HAND, f"feedback:{one.id}:{one.assignee}", _place(one), message, holder=one.assignee
            )
        if timedelta(0) < one.answer_due_at - workspace.now() <= _LAST_DAY:
            message = Message("notice.feedback_last_day", {"number": one.id, "day": _day(workspace, one)})
            yield Tiding(Event.FEEDBACK, f"feedback:{one.id}:last", _place(one), message)


def late_feedback(workspace: Workspace) -> Iterator[Sighting]:
    """Every open report whose answer is late, with the hours since its deadline."""
    now = workspace.now()
    for one in feedback.listed(feedback.OPEN, _MOST):
        if one.answer_due_at <= now:
            message = Message("incident.late_feedback", {"number": one.id, "day": _day(workspace, one)})
            yield Sighting(str(one.id), (now - one.answer_due_at) / _HOUR, message, _place(one))


def _place(one: FeedbackRecord) -> str:
    return f"{LIST}/{one.id}"


def _day(workspace: Workspace, one: FeedbackRecord) -> str:
    """The last day for an answer."""
    return f"{(one.answer_due_at - _MOMENT).astimezone(workspace.snapshot.office.timezone):%Y-%m-%d}"
