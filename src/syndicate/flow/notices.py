"""通知: from the audit log and from what is due, who has to be told what; each person once for each incident.

Nothing here sends anything: what goes out by mail stands in the outbox when the transaction ends (`flow.posting`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from syndicate.errors import InputError, Message
from syndicate.flow import dues, incidents, letters
from syndicate.flow.tidings import Tiding, waits_until
from syndicate.flow.told_titles import told_titles
from syndicate.flow.workspace import Workspace
from syndicate.model.incident import Alarm
from syndicate.model.item import ItemState
from syndicate.model.notice import ADDRESS, Addressee, Event, How, Routing
from syndicate.model.review import Actor, ItemAction, Role
from syndicate.records import audit, items, notices
from syndicate.records import incidents as incident_records
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
}
"""What of the audit log people hear of. An item that goes to the next level is submitted to the people of that level."""
_ENDS = (incidents.OPENED, incidents.CLOSED)
"""And the two ends of every incident, as the event that its alarm names."""
_MOST = 500
"""Audit events that one run tells; the next run goes on."""


def collect(workspace: Workspace) -> int:
    """Look at what alarms watch, tell everybody what happened since the last time and what is due now.

    Returns of how many things people were told.
    """
    now = workspace.now()
    with one_transaction():
        notices.lock_mark()  # at the very first time: incidents that are found now are told, what was before is not
    incidents.watch_over(workspace)
    due = list(dues.due(workspace))
    with one_transaction():
        mark, digest_day = notices.lock_mark()
        happened, number = notices.happened_after(mark, (*_FROM_AUDIT, *_ENDS), _MOST)
        found = [*_tidings(workspace, happened), *due]
        known = notices.told([one.key for one in found])
        fresh = [one for one in found if one.key not in known and _is_told(workspace, one)]
        readers = notices.readers()
        notices.keep([new for one in fresh for new in _to_readers(workspace, one, readers)], now)
        letters.write(workspace, readers, fresh)
        letters.write_digest(workspace, readers, digest_day)
        notices.move_mark(number)
        notices.forget(now - workspace.snapshot.notices.keep)
    return len(fresh)


def _tidings(workspace: Workspace, happened: Iterable[Happened]) -> list[Tiding]:
    rows = list(happened)
    numbers = {number for row in rows if (number := _item_of(row))}
    found = items.several(sorted(numbers))
    titles = told_titles(sorted(numbers))
    made: dict[object, Tiding] = {}
    for row in rows:
        number = _item_of(row)
        if number in found:
            event = _FROM_AUDIT[row.action]
            message = Message(f"notice.{event}", {"item": number, "title": titles.get(number, "")})
            # Of several levels that were passed since the last run only the present one waits for anybody.
            place = (event, number) if event is Event.SUBMITTED else row.number
            key = _key(event, row, number)
            made[place] = Tiding(event, key, f"/items/{number}", message, found[number], row.actor)
    return [*made.values(), *_ends_of_incidents(workspace, rows)]


def _ends_of_incidents(workspace: Workspace, rows: Iterable[Happened]) -> list[Tiding]:
    """What is told of incidents: once when one begins, once when it is over."""
    alarms = {one.id: one for one in workspace.snapshot.alarms.alarms}
    ends = [(int(row.subject.partition(":")[2]), row) for row in rows if row.action in _ENDS]
    known = incident_records.several([number for number, _ in ends])
    told = []
    for number, row in ends:
        incident, alarm = known[number], alarms.get(known[number].alarm)
        if alarm is not None:
            began = row.action == incidents.OPENED
            message = incident.message if began else _over(incident.message)
            key = f"incident:{number}:{'began' if began else 'over'}"
            told.append(Tiding(alarm.event, key, incident.place, message, alarm=alarm, incident=incident))
    return told


def _over(message: Message) -> Message:
    return Message("incident.over", {"what_zh": message.zh, "what_en": message.en})


def _key(event: Event, row: Happened, item: int) -> str:
    """One item whose deliveries stop on several channels on one day is one incident; everything else is one each."""
    return f"{event}:{item}:{row.at:%Y-%m-%d}" if event is Event.NEEDS_PERSON else f"{event}:{item}:{row.number}"


def _item_of(row: Happened) -> int:
    kind, _, number = row.subject.partition(":")
    told = row.data.get("item") if kind == "delivery" else number if kind == "item" else 0
    return int(str(told)) if str(told).isdecimal() else 0


def _routing(workspace: Workspace, event: Event, alarm: Alarm | None) -> Routing | None:
    """Who hears of an event: whom its alarm names, else whom the office has for the event; None: nobody."""
    if alarm is not None and alarm.to:
        return Routing(alarm.to, alarm.how)
    return workspace.snapshot.notices.events.get(event)


def _is_told(workspace: Workspace, tiding: Tiding) -> bool:
    """Whether anybody hears of it, a person or a group."""
    named = tiding.alarm is not None and bool(tiding.alarm.send)
    return named or _routing(workspace, tiding.event, tiding.alarm) is not None


def _to_readers(workspace: Workspace, tiding: Tiding, readers: tuple[Reader, ...]) -> list[NewNotice]:
    routing = _routing(workspace, tiding.event, tiding.alarm)
    if routing is None:
        return []
    waits = waits_until(workspace, tiding)
    told = []
    for one in readers:
        if one.name != tiding.by and any(_concerns(tiding, one, addressee) for addressee in routing.to):
            how = one.choices.get(tiding.event, routing.how)
            told.append(NewNotice(one.id, tiding.event, tiding.key, tiding.place, tiding.message, how, waits))
    return told


def _concerns(tiding: Tiding, reader: Reader, addressee: Addressee) -> bool:
    item = tiding.item
    match addressee:
        case Addressee.AUTHOR:
            return item is not None and bool(reader.stands_for & {item.submitter, item.created_by})
        case Addressee.DECIDERS:
            return item is not None and _decides(item, reader)
        case Addressee.HOLDER:
            return tiding.holder in reader.stands_for
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
    return {event: reader.choices.get(event, how) for event, how in _usual(workspace, reader).items()}


def _usual(workspace: Workspace, reader: Reader) -> dict[Event, How]:
    mine = {Addressee.AUTHOR, Addressee.DECIDERS, Addressee.HOLDER}
    if reader.role is not Role.SYSTEM:
        mine.add(Addressee(reader.role.value))
    usual = {event: one.how for event, one in workspace.snapshot.notices.events.items() if mine & set(one.to)}
    for alarm in workspace.snapshot.alarms.alarms:
        if alarm.enabled and mine & set(alarm.to):
            usual.setdefault(alarm.event, alarm.how)
    return usual


def choose(workspace: Workspace, actor: Actor, address: str, choices: Mapping[Event, How]) -> None:
    """How a person wants to hear of things from now on, and at which address. Raises InputError for one that is none.

    What is as the office has it is not kept, so that it follows when the office changes.
    """
    address = address.strip()
    if address and not re.fullmatch(ADDRESS, address):
        raise InputError("notice.address", address=address[:80])
    reader = notices.reader(actor.name)
    usual = _usual(workspace, reader)
    own = {event: how for event, how in choices.items() if event in usual and usual[event] is not how}
    with one_transaction():
        notices.choose(reader.id, address, own)
        data = {"mail": bool(address), "choices": {event.value: how.value for event, how in own.items()}}
        audit.append(actor, "user.notices", f"user:{actor.name}", data, workspace.now())
