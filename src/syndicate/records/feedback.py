"""What the public sent in, and its ratings: kept, changed by compare-and-set, counted, and erased in time."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, Q, QuerySet, Sum

from syndicate.errors import Conflict, NotFound
from syndicate.model.feedback import FeedbackKind, FeedbackState, FeedbackVerdict, Satisfaction
from syndicate.records import models

OPEN = (FeedbackState.RECEIVED, FeedbackState.ASSIGNED)


@dataclass(frozen=True)
class NewFeedback:
    """A report as it is taken in. `contact` is encrypted already."""

    kind: FeedbackKind
    page: str
    item: int | None
    text: str
    contact: bytes | None
    receipt_hash: str
    received_at: datetime
    pass_on_due_at: datetime
    answer_due_at: datetime


@dataclass(frozen=True)
class FeedbackRecord:
    """One report as it is kept; the contact is asked for apart."""

    id: int
    kind: FeedbackKind
    state: FeedbackState
    page: str
    item: int | None
    text: str
    has_contact: bool
    received_at: datetime
    pass_on_due_at: datetime
    answer_due_at: datetime
    assignee: str
    assigned_at: datetime | None
    verdict: FeedbackVerdict | None
    answer: str
    answered_by: str
    answered_at: datetime | None
    closed_at: datetime | None
    erased_at: datetime | None
    version: int

    @property
    def open(self) -> bool:
        """Whether somebody still has to answer."""
        return self.state in OPEN


@dataclass(frozen=True)
class Erased:
    """How many contacts and texts of spam were erased."""

    contacts: int
    texts: int


@dataclass(frozen=True)
class Ratings:
    """The counts of one day over all pages, or of one page over some days."""

    satisfied: int
    fair: int
    dissatisfied: int

    @property
    def total(self) -> int:
        """How many ratings."""
        return self.satisfied + self.fair + self.dissatisfied


def add(new: NewFeedback) -> tuple[FeedbackRecord, bool]:
    """Keep a report. The same receipt once more is the same form sent twice: what was kept then, and False."""
    values = {name: getattr(new, name) for name in new.__dataclass_fields__ if name not in ("receipt_hash", "item")}
    defaults = {**values, "item_id": new.item, "state": FeedbackState.RECEIVED}
    row, made = models.Feedback.objects.get_or_create(receipt_hash=new.receipt_hash, defaults=defaults)
    return _record(row), made


def get(number: int) -> FeedbackRecord:
    """One report. Raises NotFound."""
    row = models.Feedback.objects.filter(id=number).first()
    if row is None:
        raise NotFound("feedback.no_such", number=number)
    return _record(row)


def by_receipt(receipt_hash: str) -> FeedbackRecord | None:
    """The report whose sender holds this receipt."""
    row = models.Feedback.objects.filter(receipt_hash=receipt_hash).first()
    return _record(row) if row else None


def listed(states: Collection[FeedbackState], limit: int, offset: int = 0) -> tuple[FeedbackRecord, ...]:
    """Reports in these states: open ones by their deadline, closed ones newest first."""
    order = ("answer_due_at", "id") if set(states) <= set(OPEN) else ("-received_at", "-id")
    rows = models.Feedback.objects.filter(state__in=list(states)).order_by(*order)[offset : offset + limit]
    return tuple(_record(row) for row in rows)


def contact_of(number: int) -> bytes | None:
    """The encrypted contact of one report."""
    found = models.Feedback.objects.filter(id=number).values_list("contact", flat=True).first()
    return bytes(found) if found is not None else None


def change(record: FeedbackRecord, changes: Mapping[str, object]) -> FeedbackRecord:
    """Change a report that nobody changed since it was read. Raises Conflict."""
    rows = models.Feedback.objects.filter(id=record.id, version=record.version)
    if not rows.update(**changes, version=F("version") + 1):
        raise Conflict("feedback.changed", number=record.id)
    return get(record.id)


def received_since(moment: datetime) -> int:
    """How many reports came in since then, spam included."""
    return models.Feedback.objects.filter(received_at__gte=moment).count()


def open_at(moment: datetime) -> tuple[FeedbackRecord, ...]:
    """What was received before a moment and not answered before it; what turned out to be spam never counts."""
    unanswered = Q(answered_at=None) | Q(answered_at__gte=moment)
    rows = _serious().filter(unanswered, received_at__lt=moment).order_by("answer_due_at", "id")
    return tuple(_record(row) for row in rows)


def received_between(start: datetime, end: datetime) -> int:
    """How many came in within a span; without spam."""
    return _serious().filter(received_at__gte=start, received_at__lt=end).count()


def answered_between(start: datetime, end: datetime) -> tuple[int, int]:
    """How many were answered within a span, and how many of them after their deadline."""
    rows = _serious().filter(answered_at__gte=start, answered_at__lt=end)
    return rows.count(), rows.filter(answered_at__gte=F("answer_due_at")).count()


def erase(closed_before: datetime, now: datetime) -> Erased:
    """Take away what is kept of people for no longer: contacts of what was closed long ago, and the text of spam."""
    old = models.Feedback.objects.filter(closed_at__lt=closed_before)
    spam = old.filter(state=FeedbackState.SPAM).exclude(text="")
    texts = spam.update(text="", erased_at=now)
    contacts = old.filter(contact__isnull=False).update(contact=None, erased_at=now)
    return Erased(contacts, texts)


def hand_over(leaver: str, taker: str) -> int:
    """What one person has in hand is another's from now on; how many that were."""
    rows = models.Feedback.objects.filter(state=FeedbackState.ASSIGNED, assignee=leaver)
    return rows.update(assignee=taker, version=F("version") + 1)


def rate(day: date, page: str, choice: Satisfaction) -> None:
    """Count one rating of a page. Call it inside a transaction."""
    row, _ = models.PageRating.objects.get_or_create(day=day, page=page)
    models.PageRating.objects.filter(id=row.id).update(**{choice.value: F(choice.value) + 1})


def ratings_by_day(first: date, last: date) -> dict[date, Ratings]:
    """The ratings of each day that had any, over all pages."""
    rows = models.PageRating.objects.filter(day__gte=first, day__lte=last).values("day").order_by("day")
    summed = rows.annotate(a=Sum("satisfied"), b=Sum("fair"), c=Sum("dissatisfied"))
    return {row["day"]: Ratings(row["a"], row["b"], row["c"]) for row in summed}


def least_liked(first: date, last: date, limit: int) -> tuple[tuple[str, Ratings], ...]:
    """The pages with the most dissatisfied ratings in a span of days."""
    rows = models.PageRating.objects.filter(day__gte=first, day__lte=last).values("page")
    summed = rows.annotate(a=Sum("satisfied"), b=Sum("fair"), c=Sum("dissatisfied")).filter(c__gt=0)
    return tuple((row["page"], Ratings(row["a"], row["b"], row["c"])) for row in summed.order_by("-c", "page")[:limit])


def site_item(channel: str, address: str) -> int | None:
    """The item whose page stands at an address of a website, withdrawn or not."""
    rows = models.SiteEntry.objects.filter(channel=channel, address=address, settled=True)
    return rows.values_list("item_id", flat=True).first()


def _serious() -> QuerySet[models.Feedback]:
    return models.Feedback.objects.exclude(state=FeedbackState.SPAM)


def _record(row: models.Feedback) -> FeedbackRecord:
    return FeedbackRecord(
        id=row.id,
        kind=FeedbackKind(row.kind),
        state=FeedbackState(row.state),
        page=row.page,
        item=row.item_id,
        text=row.text,
        has_contact=row.contact is not None,
        received_at=row.received_at,
        pass_on_due_at=row.pass_on_due_at,
        answer_due_at=row.answer_due_at,
        assignee=row.assignee,
        assigned_at=row.assigned_at,
        verdict=FeedbackVerdict(row.verdict) if row.verdict else None,
        answer=row.answer,
        answered_by=row.answered_by,
        answered_at=row.answered_at,
        closed_at=row.closed_at,
        erased_at=row.erased_at,
        version=row.version,
    )
