"""`content/alarms.yaml` → what the office is alarmed by, who hears of it, and when nobody is disturbed."""

from __future__ import annotations

from datetime import timedelta

from syndicate.config.clock import TimeOfDay
from syndicate.config.listed import place_of
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Choice, Duration, Field, Many, Number, Record, Text, YesNo, note
from syndicate.config.yaml_nodes import ListNode, MappingNode, compose
from syndicate.model.incident import Alarm, AlarmRules, Group, QuietHours, Watch
from syndicate.model.notice import Addressee, Event, How, NoticeRules

ALARM = Record(
    Alarm,
    {
        "id": Field(Text(r"[a-z][a-z0-9_]{0,78}", "word"), required=True),
        "title": Field(Text(longest=60), required=True),
        "watch": Field(Choice(Watch), required=True),
        "operator": Field(Text("[<>]=?", "operator")),
        "threshold": Field(Number(-1e6, 1e9), required=True),
        "lasting": Field(Duration(most=timedelta(days=30))),
        "calm": Field(Duration(most=timedelta(days=30))),
        "repair_within": Field(Duration(least=timedelta(minutes=1), most=timedelta(days=365)), required=True),
        "event": Field(Choice(Event)),
        "to": Field(Many(Choice(Addressee), least=1)),
        "how": Field(Choice(How)),
        "send": Field(Many(Choice(Group))),
        "urgent": Field(YesNo()),
        "enabled": Field(YesNo()),
        "basis": Field(Text(longest=500), required=True),
    },
)
QUIET = Record(QuietHours, {"begin": Field(TimeOfDay(), required=True), "end": Field(TimeOfDay(), required=True)})
SHAPE: Record[AlarmRules] = Record(
    AlarmRules, {"quiet_hours": Field(QUIET), "alarms": Field(Many(ALARM), required=True)}
)
_EVENTS = (Event.ALARM, Event.SOURCE, Event.ACCOUNT, Event.OVERDUE, Event.COLUMN, Event.FEEDBACK)
"""The events that trouble can be told as; the others are about one thing and its people."""
_PEOPLE = (Addressee.EDITOR, Addressee.REVIEWER, Addressee.PUBLISHER, Addressee.ADMIN)


def read_alarms(file: ConfigFile, notices: NoticeRules, problems: Problems) -> AlarmRules:
    """The rules; none after noting mistakes."""
    node = compose(file, problems)
    found = None if node is None else SHAPE.read(node, problems)
    if found is None or not isinstance(node, MappingNode):
        return AlarmRules()
    listed = node.at("alarms")
    assert isinstance(listed, ListNode), "read as a list before"
    places: dict[str, str] = {}
    for entry, alarm in zip(listed.items, found.alarms, strict=True):
        assert isinstance(entry, MappingNode), "read as a record before"
        _check(entry, alarm, notices, problems)
        first = places.setdefault(alarm.id, place_of(entry))
        if first != place_of(entry):
            note(problems, entry.at("id"), "duplicate_id", id=alarm.id, first=first)
    return found


def _check(node: MappingNode, alarm: Alarm, notices: NoticeRules, problems: Problems) -> None:
    """Only events and people that trouble without an item can have, and only groups that there are."""
    if alarm.event not in _EVENTS:
        known = ", ".join(_EVENTS)
        note(problems, node.at("event"), "not_a_choice", value=alarm.event.value, choices=known)
    if not set(alarm.to) <= set(_PEOPLE):
        wrong = next(one for one in alarm.to if one not in _PEOPLE)
        note(problems, node.at("to"), "not_a_choice", value=wrong.value, choices=", ".join(_PEOPLE))
    for group, kept in ((Group.WECOM, notices.wecom), (Group.WEBHOOK, notices.webhook)):
        if group in alarm.send and kept is None:
            note(problems, node.at("send"), "alarm_without_group", group=group.value)
