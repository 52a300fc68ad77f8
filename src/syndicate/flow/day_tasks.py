"""What only a person can do, in the facts of a day."""

from __future__ import annotations

from syndicate.errors import Message
from syndicate.flow.channel_accounts import troubled
from syndicate.flow.dead_links import told
from syndicate.flow.following import open_alarms
from syndicate.flow.gone import still_visible
from syndicate.flow.matrix import deadline_of
from syndicate.flow.workspace import Workspace
from syndicate.model.account import AccountState
from syndicate.model.delivery import DeliveryState
from syndicate.model.facts import TaskFact
from syndicate.model.hashing import digest
from syndicate.records import deliveries, failed_rows, items
from syndicate.records.accounts import AccountRecord


def tasks(workspace: Workspace) -> dict[str, TaskFact]:
    """Everything that only a person can do now, by a name that stays with it."""
    return {
        **_accounts(workspace),
        **_stopped(workspace),
        **_visible(workspace),
        **_gone_originals(workspace),
        **_dead_links(),
    }


def _visible(workspace: Workspace) -> dict[str, TaskFact]:
    """What was withdrawn and is still seen by the public."""
    rows = ((row, Message("matrix.still_visible", {"where": row.target})) for row in still_visible(workspace.now()))
    return {_key("visible", row.target): TaskFact(why.zh, why.action_zh, row.at) for row, why in rows}


def _accounts(workspace: Workspace) -> dict[str, TaskFact]:
    """Accounts that do not work, will soon not, or are stopped."""
    return {
        _key("account", one.channel): TaskFact(
            text=f"{_title(workspace, one.channel)}：{Message(f'word.account_{one.state}').zh}。{one.message.zh if one.message else ''}",
            action=_account_action(one),
            since=one.since or workspace.now(),
        )
        for one in troubled(workspace)
    }


def _account_action(account: AccountRecord) -> str:
    """What a person does about an account; a missing right ends only when somebody says so."""
    action = account.message.action_zh if account.message else ""
    return action + Message("account.then_release").action_zh * (account.state is AccountState.NO_PERMISSION)


def _stopped(workspace: Workspace) -> dict[str, TaskFact]:
    open_ones = deliveries.listed((DeliveryState.NEEDS_PERSON, DeliveryState.REFUSED), limit=200)
    latest = items.latest_revisions([one.item for one in open_ones])
    return {
        _key("delivery", one.id): TaskFact(
            text=f"《{latest[one.item].content.title}》→ {_title(workspace, one.channel)}：{one.message.zh if one.message else one.outcome}",
            action=one.message.action_zh if one.message else "",
            since=one.due_at,
            deadline=deadline_of(one),
        )
        for one in open_ones
    }


def _gone_originals(workspace: Workspace) -> dict[str, TaskFact]:
    """Reprints whose original was taken down: a person decides whether ours follows."""
    facts = {}
    for one in open_alarms():
        title = items.latest_revision(one.item).content.title
        why = Message("sync.original_gone", {"item": one.item, "title": title, "url": one.url})
        since = one.gone_at or workspace.now()
        facts[_key("original", one.item)] = TaskFact(why.zh, why.action_zh, since, link=one.url)
    return facts


def _dead_links() -> dict[str, TaskFact]:
    """Articles that a list names and nobody can read: a person looks what they are."""
    rows = ((row, told(row)) for row in failed_rows.dead())
    return {
        _key("article", f"{row.source} {row.key}"): TaskFact(
            why.zh, why.action_zh, row.dead_at or row.last_at, link=row.url
        )
        for row, why in rows
    }


def _key(kind: str, what: object) -> str:
    return f"{kind}:{digest(str(what))[:32]}"


def _title(workspace: Workspace, channel: str) -> str:
    known = workspace.snapshot.channels.get(channel)
    return known.title if known else channel
