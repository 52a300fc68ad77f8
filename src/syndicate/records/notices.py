"""Notices, what people chose, the outbox, and the mark up to which the audit log was told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q

from syndicate.errors import Message, NotFound
from syndicate.model.notice import Event, How
from syndicate.model.review import Role
from syndicate.records import models, people
from syndicate.records.deliveries import message_columns

LONGEST_INCIDENT = 160


@dataclass(frozen=True)
class Reader:
    """Somebody who can be told: a living account, where its mail goes, and what it chose."""

    id: int
    name: str
    role: Role
    address: str
    choices: Mapping[Event, How]
    stands_for: frozenset[str]
    """For whose work he answers: his own, and that of leavers who handed theirs to him."""


@dataclass(frozen=True)
class NoticeRecord:
    """One notice of one person."""

    id: int
    user: int
    event: Event
    place: str
    message: Message
    how: How
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True)
class NewNotice:
    """A notice to be kept, unless its person was told of the incident already."""

    user: int
    event: Event
    incident: str
    place: str
    message: Message
    how: How
    not_before: datetime | None = None
    """When it may go out by mail at the earliest."""


@dataclass(frozen=True)
class LetterRecord:
    """One mail or webhook call of the outbox."""

    id: int
    way: str
    recipient: str
    address: str
    message_id: str
    subject: str
    body: str
    created_at: datetime
    due_at: datetime | None
    failures: int
    report: str = ""
    """The path of the report that it brings along; empty: none."""


@dataclass(frozen=True)
class Happened:
    """One audit event that somebody may have to hear of."""

    number: int
    at: datetime
    actor: str
    action: str
    subject: str
    data: Mapping[str, object]


def lock_mark() -> tuple[int, date | None]:
    """Up to which audit event people were told, and the day of the last digest; held until the transaction ends.

    The first time nothing that happened before is told.
    """
    head = models.AuditHead.objects.filter(id=1).values_list("number", flat=True).first() or 0
    models.NoticeMark.objects.get_or_create(id=1, defaults={"audit_number": head})
    mark = models.NoticeMark.objects.select_for_update().get(id=1)
    return mark.audit_number, mark.digest_day


def move_mark(number: int) -> None:
    """People were told of everything up to this audit event."""
    models.NoticeMark.objects.filter(id=1).update(audit_number=number)


def digest_written(day: date) -> None:
    """The digest of a day was written."""
    models.NoticeMark.objects.filter(id=1).update(digest_day=day)


def happened_after(number: int, actions: Collection[str], most: int) -> tuple[tuple[Happened, ...], int]:
    """Audit events of these actions after a number, and the number up to which nothing else is to be told."""
    head = models.AuditHead.objects.filter(id=1).values_list("number", flat=True).first() or 0
    rows = models.AuditEvent.objects.filter(number__gt=number, action__in=list(actions)).order_by("number")[:most]
    found = tuple(Happened(row.number, row.at, row.actor, row.action, row.subject, row.data) for row in rows)
    return found, found[-1].number if len(found) == most else max([number, head, *(one.number for one in found)])


def readers() -> tuple[Reader, ...]:
    """Everybody who can be told."""
    chosen: dict[int, dict[Event, How]] = {}
    for user, event, how in models.NoticeChoice.objects.values_list("user_id", "event", "how"):
        if event in set(Event) and how in set(How):
            chosen.setdefault(user, {})[Event(event)] = How(how)
    rows = models.User.objects.filter(is_active=True).order_by("id")
    answers = people.stands_for()
    return tuple(
        Reader(row.id, row.username, Role(row.role), row.email, chosen.get(row.id, {}), answers[row.username])
        for row in rows
    )


def reader(name: str) -> Reader:
    """One person. Raises NotFound."""
    found = next((one for one in readers() if one.name == name), None)
    if found is None:
        raise NotFound("records.no_user", name=name)
    return found


def choose(user: int, address: str, choices: Mapping[Event, How]) -> None:
    """What a person wants from now on, and where his mail goes; empty: no mail."""
    models.User.objects.filter(id=user).update(email=address)
    models.NoticeChoice.objects.filter(user_id=user).delete()
    rows = [models.NoticeChoice(user_id=user, event=event, how=how) for event, how in choices.items()]
    models.NoticeChoice.objects.bulk_create(rows)


def keep(new: Sequence[NewNotice], now: datetime) -> None:
    """Keep notices; whoever was told of an incident is not told again."""
    rows = [
        models.Notice(
            user_id=one.user,
            event=one.event,
            incident=one.incident[:LONGEST_INCIDENT],
            place=one.place[:200],
            message_key=one.message.key,
            message_values=dict(one.message.values),
            how=one.how,
            created_at=now,
            not_before=one.not_before,
        )
        for one in new
    ]
    models.Notice.objects.bulk_create(rows, ignore_conflicts=True)


def told(incidents: Collection[str]) -> frozenset[str]:
    """Those of the incidents of which somebody was told."""
    rows = models.Notice.objects.filter(incident__in=list(incidents)).values_list("incident", flat=True)
    return frozenset(rows)


def unmailed(how: How, now: datetime) -> tuple[NoticeRecord, ...]:
    """Notices that no letter has taken up and that may go out now, oldest first."""
    rows = models.Notice.objects.filter(how=how, mailed_at=None, user__is_active=True).order_by("id")
    may = rows.filter(Q(not_before=None) | Q(not_before__lte=now))
    return tuple(_notice(row) for row in may[:2000])


def mailed(notices: Collection[int], now: datetime) -> None:
    """A letter took these up, or there is none to be written."""
    models.Notice.objects.filter(id__in=list(notices)).update(mailed_at=now)


def of_person(name: str, limit: int, offset: int = 0) -> tuple[NoticeRecord, ...]:
    """A person's notices, newest first."""
    rows = models.Notice.objects.filter(user__username=name).order_by("-id")[offset : offset + limit]
    return tuple(_notice(row) for row in rows)


def unread(name: str) -> int:
    """How many notices a person has not read."""
    return models.Notice.objects.filter(user__username=name, read_at=None).count()


def read(name: str, notice: int | None, now: datetime) -> None:
    """One notice of a person was read, or all of them."""
    rows = models.Notice.objects.filter(user__username=name, read_at=None)
    (rows if notice is None else rows.filter(id=notice)).update(read_at=now)


def one_of(name: str, notice: int) -> NoticeRecord:
    """One notice of a person. Raises NotFound."""
    row = models.Notice.objects.filter(user__username=name, id=notice).first()
    if row is None:
        raise NotFound("notice.none", notice=notice)
    return _notice(row)


def write_letters(letters: Sequence[LetterRecord]) -> int:
    """Put letters into the outbox; one with the same Message-ID is there already and stays as it is.

    Returns how many are new.
    """
    known = models.Letter.objects.filter(message_id__in=[one.message_id for one in letters]).count()
    named = models.DailyReport.objects.filter(path__in={one.report for one in letters if one.report})
    reports = {row.path: row for row in named}
    rows = [
        models.Letter(
            way=one.way,
            recipient=one.recipient,
            address=one.address,
            message_id=one.message_id,
            subject=one.subject[:200],
            body=one.body,
            created_at=one.created_at,
            due_at=one.due_at,
            report=reports.get(one.report),
        )
        for one in letters
    ]
    models.Letter.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows) - known


def claim_letters(now: datetime, until: datetime, most: int) -> tuple[LetterRecord, ...]:
    """Take due letters for oneself until a moment; whoever else looks meanwhile does not get them."""
    claimed = []
    for row in models.Letter.objects.filter(due_at__lte=now).select_related("report").order_by("due_at", "id")[:most]:
        if models.Letter.objects.filter(id=row.id, due_at=row.due_at).update(due_at=until):
            claimed.append(_letter(row))
    return tuple(claimed)


def letter_sent(letter: int, now: datetime) -> None:
    """It was taken."""
    models.Letter.objects.filter(id=letter).update(due_at=None, sent_at=now, **message_columns(None))


def letter_failed(letter: int, due_at: datetime | None, why: Message) -> None:
    """It was not taken; `due_at` None: it is given up."""
    models.Letter.objects.filter(id=letter).update(due_at=due_at, failures=F("failures") + 1, **message_columns(why))


def letter_untouched(letter: int, due_at: datetime | None) -> None:
    """It was claimed and never handed in: it waits as before."""
    models.Letter.objects.filter(id=letter).update(due_at=due_at)


def troubled_letters(since: datetime) -> tuple[int, Message | None]:
    """How many letters written since then were not taken so far or given up, and why the last one was not."""
    rows = models.Letter.objects.filter(created_at__gte=since, sent_at=None, failures__gt=0)
    last = rows.order_by("-id").first()
    return rows.count(), Message(last.message_key, last.message_values) if last else None


def forget(before: datetime) -> None:
    """Notices from before that moment are no longer needed. Letters end by `flow/retention.tsv`."""
    models.Notice.objects.filter(created_at__lt=before).delete()


def _notice(row: models.Notice) -> NoticeRecord:
    message = Message(row.message_key, row.message_values)
    return NoticeRecord(
        row.id, row.user_id, Event(row.event), row.place, message, How(row.how), row.created_at, row.read_at
    )


def _letter(row: models.Letter) -> LetterRecord:
    return LetterRecord(
        row.id,
        row.way,
        row.recipient,
        row.address,
        row.message_id,
        row.subject,
        row.body,
        row.created_at,
        row.due_at,
        row.failures,
        row.report.path if row.report else "",
    )
