"""Log-ins as the audit knows them: failures are counted there, no other table is needed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q

from syndicate.records.models.audit import AuditEvent

FAILED = "login.failed"
UNLOCKED = "login.unlocked"


@dataclass(frozen=True)
class Failures:
    """Failed log-ins since a moment: of this name from this address, of this name, and from this address."""

    both: int
    name: int
    address: int


def failures(subject: str, address: str, since: datetime) -> Failures:
    """Count them. `subject` names who tried, as the audit does; what an administrator forgave does not count for the name."""
    forgiven = AuditEvent.objects.filter(action=UNLOCKED, subject=subject, at__gte=since).order_by("-number").first()
    name, place = Q(subject=subject, number__gt=forgiven.number if forgiven else 0), Q(data__address=address)
    counted = AuditEvent.objects.filter(action=FAILED, at__gte=since).aggregate(
        both=Count("id", filter=name & place), name=Count("id", filter=name), address=Count("id", filter=place)
    )
    return Failures(counted["both"], counted["name"], counted["address"])


def failed_subjects(since: datetime) -> frozenset[str]:
    """Under which names log-ins failed since a moment and nobody has forgiven it."""
    rows = AuditEvent.objects.filter(action__in=(FAILED, UNLOCKED), at__gte=since).order_by("number")
    newest = dict(rows.values_list("subject", "action"))
    return frozenset(subject for subject, action in newest.items() if action == FAILED)
