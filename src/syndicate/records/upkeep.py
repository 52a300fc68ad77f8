"""What the database tells about its own health and about the office's regular work. Read only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count, Max, Min

from syndicate.records import models, pulses
from syndicate.records.backup import count_rows
from syndicate.records.connection import database_refusals
from syndicate.records.figures import IN_MOTION


def missing_migrations() -> tuple[str, ...]:
    """Changes of the tables that this program needs and the database has not had yet, oldest first."""
    with database_refusals():
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return tuple(f"{migration.app_label}.{migration.name}" for migration, _ in plan)


def unknown_migrations() -> tuple[str, ...]:
    """Changes that the database has had and this program does not know: a newer program wrote it."""
    with database_refusals():
        loader = MigrationExecutor(connection).loader
    ours = {app for app, _ in loader.graph.leaf_nodes()}
    known = set(loader.disk_migrations or ())
    return tuple(
        sorted(f"{app}.{name}" for app, name in loader.applied_migrations if app in ours and (app, name) not in known)
    )


def damage() -> str:
    """What SQLite finds wrong in its file; empty when nothing is, and for PostgreSQL, which checks its pages itself."""
    if connection.vendor != "sqlite":
        return ""
    with database_refusals(), connection.cursor() as cursor:
        cursor.execute("PRAGMA quick_check(1)")
        found = str(cursor.fetchone()[0])
    return "" if found == "ok" else found


def count_present(tables: Iterable[str]) -> dict[str, int]:
    """How many rows those of the tables hold that are still there."""
    with database_refusals():
        present = set(connection.introspection.table_names())
    return count_rows(sorted(present.intersection(tables)))


def newest_event() -> datetime | None:
    """When the audit log got its newest row."""
    newest: datetime | None = models.AuditEvent.objects.aggregate(newest=Max("at"))["newest"]
    return newest


@dataclass(frozen=True)
class Overdue:
    """Deliveries that have been due since before some time and that nobody has taken."""

    count: int
    since: datetime | None


def overdue(before: datetime) -> Overdue:
    """How much work lies there, and since when the oldest of it; what a worker holds by a lease is under way."""
    rows = models.Delivery.objects.filter(state__in=IN_MOTION, due_at__lt=before)
    rows = rows.exclude(lease_until__gte=before)
    found = rows.aggregate(count=Count("id"), since=Min("due_at"))
    return Overdue(found["count"], found["since"])


def last_runs() -> dict[str, datetime | None]:
    """When each regular verb last did something, by verb; None: never."""
    backups = models.AuditEvent.objects.filter(action="office.backup")
    beats = pulses.last()
    return {
        pulses.WORKER: beats.get(pulses.WORKER),
        "sync": models.SourceHealth.objects.aggregate(newest=Max("last_look_at"))["newest"],
        "patrol": models.Probe.objects.aggregate(newest=Max("at"))["newest"],
        "report": models.DailyReport.objects.aggregate(newest=Max("made_at"))["newest"],
        "backup": backups.aggregate(newest=Max("at"))["newest"],
        **{verb: beats.get(verb) for verb in ("notify", "tidy")},
    }
