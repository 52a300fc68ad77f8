"""Every cell of role × action × state, as the rules answer it for a clean item that nobody has touched before."""

from __future__ import annotations

from syndicate.errors import NotAllowed
from syndicate.model.item import ItemState
from syndicate.model.review import Actor, ItemAction, Role
from syndicate.review.rules import Request, Situation, permit

HEADER = ("state", "action", *Role)


def situation(state: ItemState, action: ItemAction) -> Situation:
    """Submitted by somebody else, held by a channel, nothing sent yet; at the level that fits the action."""
    level = 1 if action is ItemAction.APPROVE else 2
    return Situation(state, level, levels=2, submitter="送审人", holds_receipts=True)


def cell(state: ItemState, action: ItemAction, role: Role) -> str:
    """The state it leads to, or why not."""
    try:
        asked = Request(action, Actor("办理人", role, "desk"), reason="理由")
        return permit(situation(state, action), asked).next
    except NotAllowed as error:
        return "-" if error.message.key == "review.state" else error.message.key.removeprefix("review.")


def matrix() -> str:
    """The whole table as TSV. Run `python -m tests.review.permissions` to print it."""
    lines = ["\t".join(HEADER)]
    for state in ItemState:
        for action in ItemAction:
            lines.append("\t".join([state, action, *(cell(state, action, role) for role in Role)]))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(matrix(), end="")
