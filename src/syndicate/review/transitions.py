"""The transition tables as data: which state allows what, who may do it, and what the audit calls it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from syndicate.errors import Message, NotAllowed
from syndicate.model.account import AccountEvent, AccountState
from syndicate.model.delivery import DeliveryEvent, DeliveryState
from syndicate.model.item import ItemState
from syndicate.model.review import ItemAction, Role


@dataclass(frozen=True)
class ItemTransition:
    """One row of `item_transitions.tsv`. `needs` names conditions that `review.rules` checks."""

    state: ItemState
    action: ItemAction
    next: ItemState
    roles: frozenset[Role]
    needs: frozenset[str]
    audit: str
    zh: str
    en: str


@dataclass(frozen=True)
class DeliveryTransition:
    """One row of `delivery_transitions.tsv`. An empty `audit` means that the attempt's record is enough."""

    state: DeliveryState
    event: DeliveryEvent
    next: DeliveryState
    audit: str
    zh: str
    en: str


def _rows(name: str) -> list[dict[str, str]]:
    text = files("syndicate").joinpath("review", name).read_text("utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


def _names(cell: str) -> frozenset[str]:
    return frozenset(filter(None, cell.split(",")))


@cache
def item_transitions() -> Mapping[tuple[ItemState, ItemAction], ItemTransition]:
    """The whole item table by (state, action)."""
    table = {}
    for row in _rows("item_transitions.tsv"):
        transition = ItemTransition(
            ItemState(row["state"]),
            ItemAction(row["action"]),
            ItemState(row["next"]),
            frozenset(Role(name) for name in _names(row["roles"])),
            _names(row["needs"]),
            row["audit"],
            row["zh"],
            row["en"],
        )
        table[transition.state, transition.action] = transition
    return MappingProxyType(table)


@cache
def delivery_transitions() -> Mapping[tuple[DeliveryState, DeliveryEvent], DeliveryTransition]:
    """The whole delivery table by (state, event)."""
    table = {}
    for row in _rows("delivery_transitions.tsv"):
        transition = DeliveryTransition(
            DeliveryState(row["state"]),
            DeliveryEvent(row["event"]),
            DeliveryState(row["next"]),
            row["audit"],
            row["zh"],
            row["en"],
        )
        table[transition.state, transition.event] = transition
    return MappingProxyType(table)


def delivery_transition(state: DeliveryState, event: DeliveryEvent) -> DeliveryTransition:
    """The row for an event in a state. Raises NotAllowed when the table has none."""
    transition = delivery_transitions().get((state, event))
    if transition is None:
        raise NotAllowed("review.delivery_state", state=Message(f"word.delivery_{state}"), event=event)
    return transition


class Notice(StrEnum):
    """Whether a change of an account's state begins or ends an incident."""

    ALARM = "alarm"
    CLEAR = "clear"
    NONE = ""


@dataclass(frozen=True)
class AccountTransition:
    """One row of `account_transitions.tsv`."""

    state: AccountState
    event: AccountEvent
    next: AccountState
    notice: Notice
    zh: str
    en: str


@cache
def account_transitions() -> Mapping[tuple[AccountState, AccountEvent], AccountTransition]:
    """The whole account table by (state, event); a pair without a row changes nothing."""
    rows = (
        AccountTransition(
            AccountState(row["state"]),
            AccountEvent(row["event"]),
            AccountState(row["next"]),
            Notice(row["notice"]),
            row["zh"],
            row["en"],
        )
        for row in _rows("account_transitions.tsv")
    )
    return MappingProxyType({(row.state, row.event): row for row in rows})
