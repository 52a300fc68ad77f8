"""How deliveries, tasks and rules stood: kept by every patrol and every report, so that a past day can be told again.

Everything else in the facts of a day is dated by its own record. What stands here changes without leaving a trace: a
wait that ends, a task that somebody settles, a verdict that replaces an older one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from syndicate.flow.day_tasks import tasks
from syndicate.flow.exceptions import judged_rules
from syndicate.flow.workspace import Workspace
from syndicate.model.facts import DemotedRuleFact, TaskFact
from syndicate.records import figures, kept_facts
from syndicate.records.connection import one_transaction
from syndicate.records.figures import ChannelStanding

_CHANNEL, _TASK, _RULE = "channel", "task", "rule"
_TIMES = frozenset({"oldest_overdue", "since", "deadline"})


@dataclass(frozen=True)
class OfficeStanding:
    """How the office stood at one moment. None: nobody had looked by then."""

    channels: Mapping[str, ChannelStanding] | None
    tasks: tuple[TaskFact, ...] | None
    demoted_rules: tuple[DemotedRuleFact, ...] | None

    def channel(self, name: str) -> ChannelStanding | None:
        """One channel."""
        return self.channels.get(name) if self.channels is not None else None


def standing_at(workspace: Workspace, moment: datetime) -> OfficeStanding:
    """How the office stands, or how it was kept to stand by a moment that has passed."""
    if moment >= workspace.now():
        kept: Mapping[str, Mapping[str, Any] | None] = _present(workspace)
    else:
        kept = {kind: kept_facts.as_of(kind, moment) for kind in (_CHANNEL, _TASK, _RULE)}
    channels, open_tasks, rules = kept[_CHANNEL], kept[_TASK], kept[_RULE]
    return OfficeStanding(
        None if channels is None else {name: ChannelStanding(**_read(one)) for name, one in channels.items()},
        None if open_tasks is None else _ordered(TaskFact(**_read(one)) for one in open_tasks.values()),
        None if rules is None else tuple(DemotedRuleFact(**rules[name]) for name in sorted(rules)),
    )


def keep_standing(workspace: Workspace) -> None:
    """Keep how the office stands now."""
    now = workspace.now()
    with one_transaction():
        for kind, standing in _present(workspace).items():
            kept_facts.keep(kind, standing, now)


def _present(workspace: Workspace) -> dict[str, dict[str, dict[str, object]]]:
    now = workspace.now()
    demoted = (one for one in judged_rules(workspace) if one.demoted)
    return {
        _CHANNEL: {name: _written(figures.standing(name, now)) for name in workspace.snapshot.channels},
        _TASK: {key: _written(task) for key, task in tasks(workspace).items()},
        _RULE: {one.rule: _written(DemotedRuleFact(one.rule, one.decisions, one.right)) for one in demoted},
    }


def _written(value: ChannelStanding | TaskFact | DemotedRuleFact) -> dict[str, object]:
    return {name: part.isoformat() if isinstance(part, datetime) else part for name, part in asdict(value).items()}


def _read(kept: Mapping[str, Any]) -> dict[str, Any]:
    return {name: datetime.fromisoformat(part) if name in _TIMES and part else part for name, part in kept.items()}


def _ordered(found: Any) -> tuple[TaskFact, ...]:
    return tuple(sorted(found, key=lambda one: (one.since, one.text)))
