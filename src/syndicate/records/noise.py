"""Exceptions to findings and verdicts on rules: stored, listed, ended."""

from __future__ import annotations

from datetime import date, datetime

from syndicate.errors import NotFound
from syndicate.model.noise import FindingException, Precision, Scope
from syndicate.records import models


def add_exception(one: FindingException) -> FindingException:
    """Store an exception; its `id` is given here."""
    row = models.FindingException.objects.create(
        rule=one.rule,
        text=one.text,
        scope=one.scope,
        item_id=one.item,
        column=one.column,
        actor=one.actor,
        reason=one.reason,
        at=one.at,
        until=one.until,
    )
    return _exception(row)


def end_exception(exception: int, actor: str, now: datetime) -> FindingException:
    """From now on it no longer holds. Raises NotFound for an unknown or ended one."""
    row = models.FindingException.objects.filter(id=exception, ended_at=None).first()
    if row is None:
        raise NotFound("noise.no_exception", exception=exception)
    row.ended_at, row.ended_by = now, actor
    row.save(update_fields=["ended_at", "ended_by"])
    return _exception(row)


def exceptions(day: date) -> tuple[FindingException, ...]:
    """Every exception that holds at that day, oldest first."""
    rows = models.FindingException.objects.filter(ended_at=None).exclude(until__lt=day).order_by("id")
    return tuple(_exception(row) for row in rows)


def add_verdict(rule: str, item: int, text: str, right: bool, actor: str, now: datetime) -> None:
    """Keep one person's word on one finding; a later word on the same finding replaces it."""
    models.RuleVerdict.objects.update_or_create(
        rule=rule, item_id=item, text=text, defaults={"right": right, "actor": actor, "at": now}
    )


def precisions(newest: int) -> tuple[Precision, ...]:
    """Every rule that was decided on, with its `newest` decisions, by rule."""
    found = []
    for rule in models.RuleVerdict.objects.order_by("rule").values_list("rule", flat=True).distinct():
        words = models.RuleVerdict.objects.filter(rule=rule).order_by("-at", "-id").values_list("right", flat=True)
        last = list(words[:newest])
        found.append(Precision(rule, len(last), sum(last)))
    return tuple(found)


def _exception(row: models.FindingException) -> FindingException:
    return FindingException(
        id=row.id,
        rule=row.rule,
        text=row.text,
        scope=Scope(row.scope),
        item=row.item_id,
        column=row.column,
        actor=row.actor,
        reason=row.reason,
        at=row.at,
        until=row.until,
    )
