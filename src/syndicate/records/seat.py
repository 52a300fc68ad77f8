"""所在: where the one living copy of an office stands. A restored or copied office must not publish beside the living one."""

from __future__ import annotations

import hashlib
import platform
from datetime import datetime
from pathlib import Path

from django.db import connection

from syndicate.errors import NotAllowed
from syndicate.records import models
from syndicate.records.connection import one_transaction

_ONLY = 1
_MACHINE = Path("/etc/machine-id")


def sit(home: Path, now: datetime) -> None:
    """Note where the office stands, the first time that it sends anything.

    Raises NotAllowed where its database has been copied from elsewhere and nobody has taken it over.
    """
    here = _here(home)
    with one_transaction():
        row, _ = models.Seat.objects.get_or_create(id=_ONLY, defaults={"place": here, "since": now})
    if row.place != here:
        raise NotAllowed("restore.other_seat", since=row.since.strftime("%Y-%m-%d %H:%M"))


def elsewhere_since(home: Path) -> datetime | None:
    """Since when the office has stood at another place than this one; None where it stands here or nowhere yet."""
    row = models.Seat.objects.filter(id=_ONLY).first()
    return row.since if row is not None and row.place != _here(home) else None


def take_over(home: Path, now: datetime) -> bool:
    """From now on the office stands here. False where it did already."""
    here = _here(home)
    row, made = models.Seat.objects.get_or_create(id=_ONLY, defaults={"place": here, "since": now})
    if row.place == here:
        return made
    models.Seat.objects.filter(id=_ONLY).update(place=here, since=now)
    return True


def _here(home: Path) -> str:
    """What differs between two copies of a database: machine and folder, or server and database for PostgreSQL."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT system_identifier::text, (SELECT oid::text FROM pg_database WHERE datname = current_database()) "
                "FROM pg_control_system()"
            )
            parts = [str(value) for value in cursor.fetchone()]
    else:
        machine = _MACHINE.read_text("ascii").strip() if _MACHINE.is_file() else ""
        parts = [machine or platform.node(), str(home.resolve())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
