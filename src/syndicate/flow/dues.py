"""What will soon be due without anybody having done anything: deadlines, columns, reports of the public, tokens that end.

What is over its time already is an incident (`flow.incidents`)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from syndicate.errors import Message
from syndicate.flow.attention import late_reprints, quiet_columns
from syndicate.flow.feedback_dues import feedback_due
from syndicate.flow.personal_tokens import limits
from syndicate.flow.tidings import Tiding
from syndicate.flow.told_titles import told_titles
from syndicate.flow.workspace import Workspace
from syndicate.model.notice import Event
from syndicate.records import personal_tokens


def due(workspace: Workspace) -> Iterator[Tiding]:
    """Everything that is due at this moment."""
    yield from _reprints(workspace)
    yield from _columns(workspace)
    yield from feedback_due(workspace)
    now = workspace.now()
    for token in personal_tokens.ending(now, now + timedelta(days=limits()["warn_days"])):
        assert token.expires_at is not None, "tokens without an end are never found ending"
        ends = token.expires_at.astimezone(now.tzinfo)
        message = Message("notice.token", {"label": token.label, "day": f"{ends:%Y-%m-%d}"})
        yield Tiding(Event.TOKEN, f"token:{token.id}", "/tokens", message, holder=token.person)


def _reprints(workspace: Workspace) -> Iterator[Tiding]:
    near = late_reprints(workspace)
    titles = told_titles([item.id for item in near])
    now = workspace.now()
    for item in near:
        assert item.deadline_at is not None, "only those with a deadline can be late"
        if item.deadline_at < now:
            continue  # an incident by now
        until = item.deadline_at.astimezone(now.tzinfo)
        values = {"item": item.id, "title": titles.get(item.id, ""), "until": f"{until:%m-%d %H:%M}"}
        key = f"deadline:{item.id}:{item.deadline_at.isoformat()}"
        yield Tiding(Event.DEADLINE, key, f"/items/{item.id}", Message("notice.deadline", values))


def _columns(workspace: Workspace) -> Iterator[Tiding]:
    for quiet in quiet_columns(workspace):
        if quiet.last is None:
            continue  # a column that never had anything is the set-up's matter, not news
        message = Message("notice.column", {"title": quiet.column.title, "until": f"{quiet.due_at:%Y-%m-%d}"})
        yield Tiding(Event.COLUMN, f"column:{quiet.column.name}:{quiet.last.isoformat()}", "/", message)
