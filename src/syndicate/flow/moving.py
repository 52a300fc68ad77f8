"""搬到 PostgreSQL: everything the office's SQLite file holds, proved equal, then the office lives there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from syndicate.config.secrets import FOLDER
from syndicate.errors import Conflict, NotAllowed, StorageError, disk_refusal
from syndicate.model.review import Actor
from syndicate.records import audit, seat
from syndicate.records.backup import empty_postgresql
from syndicate.records.connection import (
    check_schema_fits,
    close_connections,
    on_postgresql,
    one_transaction,
    open_records,
    schema_ready,
    use_database,
)
from syndicate.records.moving import Table, copy_everything, source
from syndicate.records.others import need_for_oneself
from syndicate.records.settings import DATABASE_ADDRESS, DATABASE_FILE
from syndicate.records.waking import listen
from syndicate.site.atomic import write_atomic


@dataclass(frozen=True)
class Moved:
    """What was copied, table by table, and where the former database was put aside."""

    tables: tuple[Table, ...]
    former: Path


def move(
    home: Path, url: str, actor: Actor, clock: Callable[[], datetime], progress: Callable[[str, int], None]
) -> Moved:
    """Move the office at `home`, which `open_records` opened, from SQLite to the empty PostgreSQL of `url`.

    Raises NotAllowed where the office is on PostgreSQL already, `url` names none, or that database is not empty;
    Conflict while anybody else uses the database; StorageError where a row is refused or the copy differs. Until the
    very end the office stays where it was.
    """
    if on_postgresql() or not schema_ready():
        raise NotAllowed("restore.move_nothing")
    if not url.startswith(("postgres://", "postgresql://")):
        raise NotAllowed("restore.move_where")
    check_schema_fits()
    seat.check(home)
    if audit.verify().broken is not None:
        raise NotAllowed("restore.move_broken_audit")
    need_for_oneself(home)
    with closing(listen(home)):
        close_connections()
        use_database(url)
        open_records(home)
        try:
            with source(home):
                tables = copy_everything(progress)
                _arrive(home, len(tables), actor, clock())
            return Moved(tables, _switch(home, url, clock()))
        except Conflict:
            empty_postgresql()
            raise
        finally:
            close_connections()
            use_database("")


def _arrive(home: Path, tables: int, actor: Actor, now: datetime) -> None:
    with one_transaction():
        seat.take_over(home, now)
        audit.append(actor, "office.moved", "office", {"tables": tables}, now)
    if audit.verify().broken is not None:
        raise StorageError("restore.moved_differs", table="records_auditevent", there="", here="")


def _switch(home: Path, url: str, now: datetime) -> Path:
    """From now on every process of the office opens PostgreSQL; the file is put aside, so that none opens it again."""
    database = home / "var" / DATABASE_FILE
    former = database.with_name(f"{DATABASE_FILE}.moved-{now:%Y%m%dT%H%M%S}")
    secret = home / FOLDER / DATABASE_ADDRESS
    try:
        write_atomic(secret, url.encode(), 0o600)
        database.replace(former)
    except OSError as error:
        raise disk_refusal(secret, error) from error
    return former
