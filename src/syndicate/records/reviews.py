"""Renditions, decisions and withdrawals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from django.db.models import Q

from syndicate.errors import NotFound
from syndicate.model.channel import FileReference, Rendition
from syndicate.model.review import Actor, Decision, PassageComment, Verdict, WithdrawalKind
from syndicate.records import models
from syndicate.records.bulk import portions
from syndicate.records.values import DecisionRecord, RenditionRecord, WithdrawalRecord

PUBLISH = "publish"
RETRACT = "retract"


def store_renditions(revision: int, renditions: Iterable[Rendition], now: datetime) -> None:
    """Make these the current renditions of a revision; an unchanged one keeps its row."""
    models.Rendition.objects.filter(revision_id=revision, purpose=PUBLISH).update(current=False)
    for rendition in renditions:
        _store(revision, PUBLISH, rendition, now)


def store_notice(revision: int, notice: Rendition, now: datetime) -> int:
    """Keep what a channel shall show after a withdrawal; returns its row number."""
    return _store(revision, RETRACT, notice, now)


def _store(revision: int, purpose: str, rendition: Rendition, now: datetime) -> int:
    row, _ = models.Rendition.objects.update_or_create(
        revision_id=revision,
        channel=rendition.channel,
        purpose=purpose,
        hash=rendition.hash,
        defaults={"current": True},
        create_defaults={
            "current": True,
            "fields": dict(rendition.fields),
            "body": rendition.body,
            "files": [[file.sha256, file.name, file.media_type, file.role] for file in rendition.files],
            "created_at": now,
        },
    )
    return row.id


def renditions(revision: int) -> tuple[RenditionRecord, ...]:
    """What the channels shall carry for a revision as it was rendered last, by channel."""
    rows = models.Rendition.objects.filter(revision_id=revision, purpose=PUBLISH, current=True).order_by("channel")
    return tuple(rendition_record(row) for row in rows)


def rendition(rendition_id: int) -> Rendition:
    """One rendition by its row number, current or not."""
    return rendition_record(models.Rendition.objects.get(id=rendition_id)).rendition


def renditions_by_row(rendition_ids: Iterable[int]) -> dict[int, Rendition]:
    """Many renditions by their row numbers, in one query."""
    rows = models.Rendition.objects.filter(id__in=list(rendition_ids))
    columns = rows.values_list("id", "channel", "fields", "body", "files")  # no objects: a whole site has 50,000
    return {
        row: Rendition(channel, fields, body, tuple(FileReference(*file) for file in files))
        for row, channel, fields, body, files in columns
    }


def add_decision(revision: int, decision: Decision, snapshot: str) -> None:
    """Store one person's verdict."""
    models.Decision.objects.create(
        revision_id=revision,
        level=decision.level,
        verdict=decision.verdict,
        actor=decision.actor,
        reason=decision.reason,
        overrides=dict(decision.overrides),
        approval_hash=decision.approval_hash,
        snapshot=snapshot,
        at=decision.at,
        checked=list(decision.checked),
        comments=[asdict(comment) for comment in decision.comments],
        behalf=decision.behalf,
    )


def void_decisions(revision: int) -> None:
    """Approvals of a revision no longer count: it was returned, undone or sent back."""
    models.Decision.objects.filter(revision_id=revision).update(void=True)


def decisions(revision: int) -> tuple[DecisionRecord, ...]:
    """Every verdict on a revision, oldest first, void ones included."""
    return decisions_of([revision]).get(revision, ())


def decisions_of(revisions: Sequence[int]) -> dict[int, tuple[DecisionRecord, ...]]:
    """The verdicts on several revisions by revision id, oldest first, void ones included."""
    found: dict[int, list[DecisionRecord]] = {}
    for row in models.Decision.objects.filter(revision_id__in=revisions).order_by("at", "id"):
        record = DecisionRecord(
            row.level,
            Verdict(row.verdict),
            row.actor,
            row.reason,
            row.overrides,
            row.approval_hash,
            row.at,
            row.void,
            tuple(row.checked),
            tuple(PassageComment(**comment) for comment in row.comments),
            row.behalf,
        )
        found.setdefault(row.revision_id, []).append(record)
    return {key: tuple(rows) for key, rows in found.items()}


def overrides_of(revisions: Collection[int]) -> Iterator[tuple[int, str, datetime]]:
    """(revision, rule, when) of what was overridden on several revisions, oldest first on each, void verdicts included."""
    for numbers in portions(revisions):
        rows = models.Decision.objects.filter(revision_id__in=numbers).exclude(overrides={}).order_by("at", "id")
        for revision, overrides, at in rows.values_list("revision_id", "overrides", "at"):
            yield from ((revision, rule, at) for rule in overrides)


def add_withdrawal(item: int, kind: WithdrawalKind, reason: str, actor: Actor, now: datetime) -> int:
    """Remember that one publisher took an item down."""
    row = models.Withdrawal.objects.create(
        item_id=item, kind=kind, reason=reason, actor=actor.name, behalf=actor.behalf, at=now
    )
    return row.id


def confirm_withdrawal(withdrawal: int, actor: str, now: datetime) -> None:
    """A second person has looked at it."""
    models.Withdrawal.objects.filter(id=withdrawal).update(confirmed_by=actor, confirmed_at=now)


def withdrawal(withdrawal_id: int) -> WithdrawalRecord:
    """One withdrawal. Raises NotFound."""
    row = models.Withdrawal.objects.filter(id=withdrawal_id).first()
    if row is None:
        raise NotFound("records.no_withdrawal", withdrawal=withdrawal_id)
    return _withdrawal(row)


def withdrawals_between(start: datetime, end: datetime) -> tuple[WithdrawalRecord, ...]:
    """Withdrawals from `start` (inclusive) to `end` (exclusive)."""
    return tuple(_withdrawal(row) for row in models.Withdrawal.objects.filter(at__gte=start, at__lt=end).order_by("at"))


def withdrawals_as_of(start: datetime, moment: datetime) -> tuple[WithdrawalRecord, ...]:
    """Those from `start` on, and the older ones that nobody had confirmed, as they stood at a moment."""
    unconfirmed = Q(confirmed_at=None) | Q(confirmed_at__gte=moment)
    rows = models.Withdrawal.objects.filter(unconfirmed | Q(at__gte=start), at__lt=moment).order_by("at", "id")
    return tuple(_before(_withdrawal(row), moment) for row in rows)


def _before(record: WithdrawalRecord, moment: datetime) -> WithdrawalRecord:
    """A record without a confirmation that came later."""
    if record.confirmed_at is None or record.confirmed_at < moment:
        return record
    return replace(record, confirmed_by="", confirmed_at=None)


def withdrawals(item: int) -> tuple[WithdrawalRecord, ...]:
    """Every withdrawal of an item, oldest first."""
    return tuple(_withdrawal(row) for row in models.Withdrawal.objects.filter(item_id=item).order_by("at"))


def rendition_record(row: models.Rendition) -> RenditionRecord:
    """One row as a value."""
    files = tuple(FileReference(*file) for file in row.files)
    return RenditionRecord(row.id, row.purpose, Rendition(row.channel, row.fields, row.body, files))


def _withdrawal(row: models.Withdrawal) -> WithdrawalRecord:
    return WithdrawalRecord(
        row.id,
        row.item_id,
        WithdrawalKind(row.kind),
        row.reason,
        row.actor,
        row.at,
        row.confirmed_by,
        row.confirmed_at,
        row.behalf,
    )
