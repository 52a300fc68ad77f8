"""信件: what goes out by mail or webhook, written into the outbox in the transaction that tells people at the desk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from syndicate.errors import Message
from syndicate.flow.queues import Tab, tab_counts
from syndicate.flow.tidings import Tiding, goes_to, waits_until
from syndicate.flow.workspace import Workspace
from syndicate.model.hashing import digest
from syndicate.model.incident import Group
from syndicate.model.notice import Event, How, NoticeRules
from syndicate.model.review import Actor
from syndicate.records import notices
from syndicate.records.notices import LetterRecord, NoticeRecord, Reader

MAIL, WECOM, WEBHOOK = "mail", "wecom", "webhook"
_COUNTED = (Tab.MINE, Tab.RETURNED, Tab.STOPPED)
"""What the daily mail counts: what waits for its reader, what was returned, what stopped."""


def write(workspace: Workspace, readers: Sequence[Reader], fresh: Iterable[Tiding]) -> None:
    """Letters for what is to be told at once: one mail per person; for the groups one letter about each thing."""
    now, rules = workspace.now(), workspace.snapshot.notices
    waiting = notices.unmailed(How.NOW, now)
    mine: dict[int, list[NoticeRecord]] = {}
    for one in waiting:
        mine.setdefault(one.user, []).append(one)
    written = [_mail(workspace, one, mine[one.id]) for one in readers if one.id in mine and one.address and rules.mail]
    for tiding in fresh:
        if goes_to(workspace, tiding, Group.WECOM):
            written.append(_to_group(workspace, tiding))
        if goes_to(workspace, tiding, Group.WEBHOOK):
            written.append(_to_webhook(workspace, tiding))
    notices.write_letters(written)
    notices.mailed([one.id for one in waiting], now)


def _to_group(workspace: Workspace, tiding: Tiding) -> LetterRecord:
    message = tiding.message
    body = f"{message.zh}{message.action_zh}\n{workspace.snapshot.notices.desk}{tiding.place}"
    key = _id(workspace, f"wecom {tiding.key}")
    return _letter(WECOM, "", "", key, message.zh, body, workspace.now(), waits_until(workspace, tiding))


def _to_webhook(workspace: Workspace, tiding: Tiding) -> LetterRecord:
    """The incident as a JSON document; what it says of a later moment stands in the document of its other end."""
    incident, alarm, message = tiding.incident, tiding.alarm, tiding.message
    assert incident is not None, "only incidents are posted"
    assert alarm is not None, "an incident has its alarm"
    over = tiding.key.endswith(":over")
    data = {
        "incident": incident.id,
        "alarm": alarm.id,
        "title": alarm.title,
        "subject": incident.subject,
        "message": message.zh,
        "message_en": message.en,
        "action": message.action_zh,
        "opened_at": _iso(incident.opened_at),
        "deadline": _iso(incident.deadline),
        "closed_at": _iso(incident.closed_at) if over else None,
        "link": f"{workspace.snapshot.notices.desk}{tiding.place}",
    }
    event = {"type": f"incident.{'closed' if over else 'opened'}", "timestamp": _iso(workspace.now()), "data": data}
    body = json.dumps(event, ensure_ascii=False)
    key = _id(workspace, f"webhook {tiding.key}")
    return _letter(WEBHOOK, "", "", key, message.zh, body, workspace.now(), waits_until(workspace, tiding))


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def write_digest(workspace: Workspace, readers: Sequence[Reader], last: date | None) -> None:
    """The daily mail of everybody who wants one, once a day after its hour, where there is something to say."""
    now, rules = workspace.now(), workspace.snapshot.notices
    if last == now.date() or now.time() < rules.digest_at:
        return
    waiting = notices.unmailed(How.DIGEST, now)
    mine: dict[int, list[NoticeRecord]] = {}
    for one in waiting:
        mine.setdefault(one.user, []).append(one)
    written = []
    for reader in readers:
        if not (reader.address and rules.mail and wants_digest(rules, reader)):
            continue
        counts = tab_counts(Actor(reader.name, reader.role, "system"))
        counted = [(tab, counts[tab]) for tab in _COUNTED if counts[tab]]
        if counted or reader.id in mine:
            written.append(_daily(workspace, reader, mine.get(reader.id, []), counted))
    notices.write_letters(written)
    notices.mailed([one.id for one in waiting], now)
    notices.digest_written(now.date())


def wants_digest(rules: NoticeRules, reader: Reader) -> bool:
    """Whether a person gets the daily mail: his role is to get one and he did not switch it off."""
    routing = rules.events.get(Event.DAILY)
    if routing is None or reader.role.value not in routing.to:
        return False
    return reader.choices.get(Event.DAILY, routing.how) is not How.DESK


def _mail(workspace: Workspace, reader: Reader, told: list[NoticeRecord]) -> LetterRecord:
    first = told[0].message.zh
    rest = Message("notice.and_more", {"count": len(told) - 1}).zh if len(told) > 1 else ""
    incidents = digest([one.id for one in told])
    body = _body(workspace, [_lines(workspace, one) for one in told])
    return _letter(
        MAIL,
        reader.name,
        reader.address,
        _id(workspace, f"{reader.id} {incidents}"),
        first + rest,
        body,
        workspace.now(),
    )


def _daily(
    workspace: Workspace, reader: Reader, told: list[NoticeRecord], counted: list[tuple[Tab, int]]
) -> LetterRecord:
    now = workspace.now()
    counts = [f"{Message(f'desk.tab_{tab}').zh}：{count}（{Message(f'desk.tab_{tab}').en}）" for tab, count in counted]
    parts = ["\n".join(counts)] if counts else []
    body = _body(workspace, [*parts, *(_lines(workspace, one) for one in told)])
    subject = Message("notice.daily", {"day": f"{now:%Y-%m-%d}"}).zh
    key = _id(workspace, f"daily {reader.id} {now:%Y-%m-%d}")
    return _letter(MAIL, reader.name, reader.address, key, subject, body, now)


def _lines(workspace: Workspace, one: NoticeRecord) -> str:
    message = one.message
    told = [f"{message.zh}{message.action_zh}", f"{message.en} {message.action_en}"]
    return "\n".join([*told, f"{workspace.snapshot.notices.desk}{one.place}"])


def _body(workspace: Workspace, parts: list[str]) -> str:
    foot = Message("notice.foot", {"office": workspace.snapshot.office.name})
    desk = f"{workspace.snapshot.notices.desk}/notices/settings"
    return "\n\n".join([*parts, f"--\n{foot.zh}{foot.action_zh}\n{foot.en} {foot.action_en}\n{desk}"]) + "\n"


def _id(workspace: Workspace, key: str) -> str:
    """A Message-ID that is the same whenever the same letter is written."""
    return f"<{digest(['syndicate notice', key])[:32]}@{workspace.snapshot.office.domain}>"


def _letter(
    way: str,
    recipient: str,
    address: str,
    message_id: str,
    subject: str,
    body: str,
    now: datetime,
    not_before: datetime | None = None,
) -> LetterRecord:
    return LetterRecord(0, way, recipient, address, message_id, subject, body, now, not_before or now, 0)
