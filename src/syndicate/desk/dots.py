"""Channel dots: how far an item is on each of its channels, as a word, a shape and a sentence, never by colour alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext

from syndicate.desk.wording import word
from syndicate.flow.checking import channels_of
from syndicate.flow.workspace import Workspace
from syndicate.model.delivery import Action, DeliveryState
from syndicate.records.values import DeliveryRecord, ItemRecord

SHAPES = {
    DeliveryState.WAITING: "○",
    DeliveryState.DUE: "○",
    DeliveryState.SENDING: "◐",
    DeliveryState.ACCEPTED: "◐",
    DeliveryState.UNSURE: "？",
    DeliveryState.DELIVERED: "●",
    DeliveryState.REFUSED: "✕",
    DeliveryState.NEEDS_PERSON: "！",
    DeliveryState.EXPIRED: "✕",
    DeliveryState.CANCELLED: "－",
}
_PLANNED = "·"
_TAKEN_DOWN = "⊘"


@dataclass(frozen=True)
class Dot:
    """One channel of an item."""

    name: str
    shape: str
    state: str
    sentence: str


def dots_of(workspace: Workspace, item: ItemRecord, deliveries: Iterable[DeliveryRecord]) -> tuple[Dot, ...]:
    """One dot per channel the item goes to or went to; the newest delivery that was not cancelled counts."""
    newest: dict[str, DeliveryRecord] = {}
    for delivery in deliveries:
        if delivery.channel not in newest or delivery.state is not DeliveryState.CANCELLED:
            newest[delivery.channel] = delivery
    planned = [channel.id for channel in channels_of(workspace, item)]
    return tuple(_dot(workspace, name, newest.get(name)) for name in dict.fromkeys([*planned, *newest]))


def reached(dots: Iterable[Dot]) -> str:
    """How far an item is in one figure, such as “4/5 已发布”; empty while nothing was sent or once it is taken down."""
    states = [dot.state for dot in dots if dot.state != DeliveryState.CANCELLED]
    if "retracted" in states or not set(states) - {"planned"}:
        return ""
    return gettext("{done}/{total} 已发布").format(done=states.count(DeliveryState.DELIVERED), total=len(states))


def _dot(workspace: Workspace, name: str, delivery: DeliveryRecord | None) -> Dot:
    channel = workspace.snapshot.channels.get(name)
    title = channel.title if channel else name
    short = word("short", channel.kind) if channel else name
    if delivery is None:
        return Dot(short, _PLANNED, "planned", gettext("{channel}：尚未投递").format(channel=title))
    state = delivery.state
    if delivery.action is Action.RETRACT and state is DeliveryState.DELIVERED:
        return Dot(short, _TAKEN_DOWN, "retracted", gettext("{channel}：已撤回").format(channel=title))
    sentence = gettext("{channel}：{action}{state}").format(
        channel=title, action=word("action", delivery.action), state=word("delivery", state)
    )
    return Dot(short, SHAPES[state], state.value, sentence)
