"""What is due without anybody having done anything: deadlines, columns, accounts and tokens that end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from syndicate.errors import Message
from syndicate.flow.attention import late_reprints, quiet_columns
from syndicate.flow.channel_accounts import troubled
from syndicate.flow.personal_tokens import limits
from syndicate.flow.told_titles import told_titles
from syndicate.flow.workspace import Workspace
from syndicate.model.notice import Event
from syndicate.records import personal_tokens


@dataclass(frozen=True)
class Due:
    """Something that is due; `key` stays the same for as long as it is the same trouble."""

    event: Event
    key: str
    place: str
    message: Message
    holder: str = ""


def due(workspace: Workspace) -> Iterator[Due]:
    """Everything that is due at this moment."""
    yield from _reprints(workspace)
    yield from _columns(workspace)
    for account in troubled(workspace):
        channel = workspace.channel(account.channel)
        state = Message(f"word.account_{account.state}")
        message = Message("notice.account", {"channel": channel.title, "state_zh": state.zh, "state_en": state.en})
        yield Due(Event.ACCOUNT, f"account:{channel.id}:{account.state}:{account.since}", "/channels", message)
    now = workspace.now()
    for token in personal_tokens.ending(now, now + timedelta(days=limits()["warn_days"])):
        assert token.expires_at is not None, "tokens without an end are never found ending"
        ends = token.expires_at.astimezone(now.tzinfo)
        message = Message("notice.token", {"label": token.label, "day": f"{ends:%Y-%m-%d}"})
        yield Due(Event.TOKEN, f"token:{token.id}", "/tokens", message, token.person)


def _reprints(workspace: Workspace) -> Iterator[Due]:
    late = late_reprints(workspace)
    titles = told_titles([item.id for item in late])
    now = workspace.now()
    for item in late:
        assert item.deadline_at is not None, "only those with a deadline can be late"
        event = Event.OVERDUE if item.deadline_at < now else Event.DEADLINE
        until = item.deadline_at.astimezone(now.tzinfo)
        values = {"item": item.id, "title": titles.get(item.id, ""), "until": f"{until:%m-%d %H:%M}"}
        message = Message(f"notice.{event}", values)
        yield Due(event, f"{event}:{item.id}:{item.deadline_at.isoformat()}", f"/items/{item.id}", message)


def _columns(workspace: Workspace) -> Iterator[Due]:
    for quiet in quiet_columns(workspace):
        if quiet.last is None:
            continue  # a column that never had anything is the set-up's matter, not news
        message = Message("notice.column", {"title": quiet.column.title, "until": f"{quiet.due_at:%Y-%m-%d}"})
        yield Due(Event.COLUMN, f"column:{quiet.column.name}:{quiet.last.isoformat()}", "/", message)
