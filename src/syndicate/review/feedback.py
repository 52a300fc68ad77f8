"""What may be done with a report of the public, and by whom: `feedback_transitions.tsv`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from syndicate.errors import Message, NotAllowed
from syndicate.model.feedback import FeedbackAction, FeedbackState
from syndicate.model.review import Actor, Role


@dataclass(frozen=True)
class FeedbackTransition:
    """One row of the table."""

    state: FeedbackState
    action: FeedbackAction
    next: FeedbackState
    roles: tuple[Role, ...]
    audit: str
    zh: str
    en: str


@cache
def feedback_transitions() -> Mapping[tuple[FeedbackState, FeedbackAction], FeedbackTransition]:
    """The whole table by (state, action)."""
    text = files("syndicate").joinpath("review", "feedback_transitions.tsv").read_text("utf-8")
    rows = (
        FeedbackTransition(
            FeedbackState(row["state"]),
            FeedbackAction(row["action"]),
            FeedbackState(row["next"]),
            tuple(Role(name) for name in row["roles"].split(",")),
            row["audit"],
            row["zh"],
            row["en"],
        )
        for row in csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    )
    return MappingProxyType({(row.state, row.action): row for row in rows})


def permit_feedback(state: FeedbackState, action: FeedbackAction, actor: Actor) -> FeedbackTransition:
    """The row for an action. Raises NotAllowed where the state has none, or the role may not."""
    row = feedback_transitions().get((state, action))
    verb = Message(f"feedback.verb_{action}")
    if row is None:
        raise NotAllowed("feedback.state", action=verb, state=Message(f"feedback.state_{state}"))
    if actor.role not in row.roles:
        roles = tuple(Message(f"word.role_{role}") for role in row.roles)
        raise NotAllowed("feedback.role", action=verb, roles=roles)
    return row


def allowed_feedback(state: FeedbackState, role: Role) -> frozenset[FeedbackAction]:
    """What somebody of this role may do now."""
    table = feedback_transitions()
    return frozenset(action for (at, action), row in table.items() if at is state and role in row.roles)
