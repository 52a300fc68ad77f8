"""所在: where the one living copy of an office stands. A restored or copied office must not publish beside the living one."""

from __future__ import annotations

import hashlib
import platform
from datetime import datetime
from pathlib import Path

from django.db import connection

from syndicate.errors import Message, NotAllowed
from syndicate.records import models
from syndicate.records.connection import one_transaction

_ONLY = 1
_NOWHERE = ""
"""The place of an office that came back from a backup, wherever that was."""
_MACHINE = Path("/etc/machine-id")


def sit(home: Path, now: datetime, key: str) -> None:
    """Note where the office stands and by which `key` check its key is known, the first time that it sends anything.

    Raises NotAllowed where its database has been copied from elsewhere and nobody has taken it over.
    """
    here = _here(home)
    with one_transaction():
        models.Seat.objects.get_or_create(id=_ONLY, defaults={"place": here, "since": now})
        models.Seat.objects.filter(id=_ONLY, key_check="").update(key_check=key)
    check(home)


def check_key(key: str) -> None:
    """Raises NotAllowed for another office key than the one by which this office is known."""
    if models.Seat.objects.filter(id=_ONLY).exclude(key_check__in=("", key)).exists():
        raise NotAllowed("restore.key_changed")


def check(home: Path) -> None:
    """Raises NotAllowed in a copy of an office that nobody has taken over: nothing leaves from there."""
    why = elsewhere(home)
    if why is not None:
        raise NotAllowed(why.key, **why.values)


def elsewhere(home: Path) -> Message | None:
    """Why this may not be the living office; None where it is, or has never sent anything."""
    row = models.Seat.objects.filter(id=_ONLY).first()
    if row is None or row.place == _here(home):
        return None
    key = "restore.restored_seat" if row.place == _NOWHERE else "restore.other_seat"
    return Message(key, {"since": row.since.strftime("%Y-%m-%d %H:%M")})


def leave(since: datetime) -> None:
    """The office has come back from a backup of that time: it stands nowhere until somebody takes it over."""
    models.Seat.objects.update_or_create(id=_ONLY, defaults={"place": _NOWHERE, "since": since})


def take_over(home: Path, now: datetime) -> bool:
    """From now on the office stands here. False where it did already, or had never sent anything from elsewhere."""
    here = _here(home)
    row, made = models.Seat.objects.get_or_create(id=_ONLY, defaults={"place": here, "since": now})
    if made or row.place == here:
        return False
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
        # Containers have no number of their own and often one name on every host; their volumes differ.
        parts = [machine or f"{platform.node()} {(home / 'var').stat().st_ino}", str(home.resolve())]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
