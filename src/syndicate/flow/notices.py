"""通知: from the audit log and from what is due, who has to be told what; each person once for each incident.

Nothing here sends anything: what goes out by mail stands in the outbox when the transaction ends (`flow.posting`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from syndicate.errors import InputError, Message
from syndicate.flow import dues, letters
from syndicate.flow.told_titles import told_titles
from syndicate.flow.workspace import Workspace
from syndicate.model.item import ItemState
from syndicate.model.notice import ADDRESS, Addressee, Event, How
from syndicate.model.review import Actor, ItemAction, Role
from syndicate.records import audit, items, notices
from syndicate.records.connection import one_transaction
from syndicate.records.notices import Happened, NewNotice, Reader
from syndicate.records.values import ItemRecord
from syndicate.review.transitions import item_transitions

_FROM_AUDIT = {
    "item.submitted": Event.SUBMITTED,
    "item.approved": Event.SUBMITTED,
    "item.returned": Event.RETURNED,
    "item.sent_back": Event.RETURNED,
    "item.approved_last": Event.APPROVED,
    "item.published": Event.PUBLISHED,
    "item.withdrawn": Event.WITHDRAWN,
    "item.emergency": Event.EMERGENCY,
    "delivery.needs_person": Event.NEEDS_PERSON,
    "delivery.refused": Event.NEEDS_PERSON,
    "delivery.expired": Event.NEEDS_PERSON,
    "source.alarm": Event.SOURCE,
}
"""What of the audit log people hear of. An item that goes to the next level is submitted to the people of that level."""
_MOST = 500
"""Audit events that one run tells; the next run goes on."""


@dataclass(frozen=True)
class Incident:
    """Something that happened, before it is known who has to hear of it."""

    event: Event
    key: str
    place: str
    message: Message
    item: ItemRecord | None = None
    by: str = ""
    """Who did it: he knows."""
    holder: str = ""


def collect(workspace: Workspace) -> int:
    """Tell everybody what happened since the last time and what is due now; returns how many incidents that were."""
    now = workspace.now()
    due = [Incident(one.event, one.key, one.place, one.message, holder=one.holder) for one in dues.due(workspace)]
    with one_transaction():
        mark, digest_day = notices.lock_mark()
        happened, number = notices.happened_after(mark, _FROM_AUDIT, _MOST)
        found = [*_incidents(workspace, happened), *due]
        known = notices.told([one.key for one in found])
        fresh = [one for one in found if one.key not in known and one.event in workspace.snapshot.notices.events]
        readers = notices.readers()
        notices.keep([new for one in fresh for new in _to_readers(workspace, one, readers)], now)
        letters.write(workspace, readers, [(one.event, one.key, one.message, one.place) for one in fresh])
        letters.write_digest(workspace, readers, digest_day)
        notices.move_mark(number)
        notices.forget(now - workspace.snapshot.notices.keep)
    return len(fresh)


def _incidents(workspace: Workspace, happened: Iterable[Happened]) -> list[Incident]:
    rows = list(happened)
    numbers = {number for row in rows if (number := _item_of(row))}
    found = items.several(sorted(numbers))
    titles = told_titles(sorted(numbers))
    made: dict[object, Incident] = {}
    for row in rows:
        event, number = _FROM_AUDIT[row.action], _item_of(row)
        if event is Event.SOURCE:
            source = workspace.snapshot.sources.get(row.subject.removeprefix("source:"))
            if source is not None:
                message = Message("notice.source", {"title": source.title})
                made[row.number] = Incident(event, f"source:{row.number}", "/", message)
        elif number in found:
            message = Message(f"notice.{event}", {"item": number, "title": titles.get(number, "")})
            # Of several levels that were passed since the last run only the present one waits for anybody.
            place = (event, number) if event is Event.SUBMITTED else row.number
            key = _key(event, row, number)
            made[place] = Incident(event, key, f"/items/{number}", message, found[number], row.actor)
    return list(made.values())


def _key(event: Event, row: Happened, item: int) -> str:
    """One item whose deliveries stop on several channels on one day is one incident; everything else is one each."""
    return f"{event}:{item}:{row.at:%Y-%m-%d}" if event is Event.NEEDS_PERSON else f"{event}:{item}:{row.number}"


def _item_of(row: Happened) -> int:
    kind, _, number = row.subject.partition(":")
    told = row.data.get("item") if kind == "delivery" else number if kind == "item" else 0
    return int(str(told)) if str(told).isdecimal() else 0


def _to_readers(workspace: Workspace, incident: Incident, readers: tuple[Reader, ...]) -> list[NewNotice]:
    routing = workspace.snapshot.notices.events[incident.event]
    told = []
    for one in readers:
        if one.name != incident.by and any(_concerns(incident, one, addressee) for addressee in routing.to):
            how = one.choices.get(incident.event, routing.how)
            told.append(NewNotice(one.id, incident.event, incident.key, incident.place, incident.message, how))
    return told


def _concerns(incident: Incident, reader: Reader, addressee: Addressee) -> bool:
    item = incident.item
    match addressee:
        case Addressee.AUTHOR:
            return item is not None and bool(reader.stands_for & {item.submitter, item.created_by})
        case Addressee.DECIDERS:
            return item is not None and _decides(item, reader)
        case Addressee.HOLDER:
            return incident.holder in reader.stands_for
        case _:
            return reader.role is Role(addressee.value)


def _decides(item: ItemRecord, reader: Reader) -> bool:
    """Whether it waits for this person now: what was decided meanwhile is told to nobody any more."""
    if item.state is not ItemState.SUBMITTED or reader.name in (item.submitter, item.created_by):
        return False
    action = ItemAction.APPROVE_LAST if item.level >= item.levels else ItemAction.APPROVE
    return reader.role in item_transitions()[ItemState.SUBMITTED, action].roles


def chosen(workspace: Workspace, reader: Reader) -> dict[Event, How]:
    """How a person hears of each event that can concern him: as he chose, else as the office has it."""
    rules = workspace.snapshot.notices.events
    mine = {Addressee.AUTHOR, Addressee.DECIDERS, Addressee.HOLDER}
    if reader.role is not Role.SYSTEM:
        mine.add(Addressee(reader.role.value))
    return {event: reader.choices.get(event, one.how) for event, one in rules.items() if mine & set(one.to)}


def choose(workspace: Workspace, actor: Actor, address: str, choices: Mapping[Event, How]) -> None:
    """How a person wants to hear of things from now on, and at which address. Raises InputError for one that is none.

    What is as the office has it is not kept, so that it follows when the office changes.
    """
    address = address.strip()
    if address and not re.fullmatch(ADDRESS, address):
        raise InputError("notice.address", address=address[:80])
    reader = notices.reader(actor.name)
    rules = workspace.snapshot.notices.events
    own = {event: how for event, how in choices.items() if event in rules and rules[event].how is not how}
    with one_transaction():
        notices.choose(reader.id, address, own)
        data = {"mail": bool(address), "choices": {event.value: how.value for event, how in own.items()}}
        audit.append(actor, "user.notices", f"user:{actor.name}", data, workspace.now())
