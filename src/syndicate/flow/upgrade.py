"""升级: bring the database to what this program needs, or leave it exactly as it was.

PostgreSQL takes all steps and their proof in one transaction. SQLite cannot: there a copy is made first, and put back when
anything fails. The copy stays in `var/backups`.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from syndicate.errors import NotAllowed, StorageError
from syndicate.flow.room import free_megabytes
from syndicate.model.review import Actor
from syndicate.records import audit, upkeep
from syndicate.records.backup import DatabaseCopy, copy_database, replace_database
from syndicate.records.connection import on_postgresql, one_transaction, prepare_schema, schema_ready
from syndicate.records.others import need_for_oneself
from syndicate.records.waking import listen

_BYTES = 1_000_000


@dataclass(frozen=True)
class Upgraded:
    """What was done: the steps by name, oldest first, and where the database as it was before stands."""

    steps: tuple[str, ...]
    copy: Path | None


def upgrade(
    home: Path, actor: Actor, clock: Callable[[], datetime], prepare: Callable[[], None] = prepare_schema
) -> Upgraded:
    """Take every missing step, prove the result, and note it in the audit; `prepare` takes the steps.

    Raises NotAllowed where a newer program wrote the database or there is no office, Conflict while anybody else uses it,
    StorageError when a step fails or the proof does: then the database is what it was before.
    """
    if not schema_ready():
        raise NotAllowed("doctor.no_tables")
    if unknown := upkeep.unknown_migrations():
        raise NotAllowed("doctor.newer_tables", name=unknown[-1])
    steps = upkeep.missing_migrations()
    if not steps:
        return Upgraded((), None)
    need_for_oneself(home)
    with closing(listen(home)):
        copy = _copied(home, clock())
        try:
            _take(steps, copy, actor, clock, prepare)
        except BaseException:
            if not on_postgresql():
                replace_database(copy.path, home)
            raise
    return Upgraded(steps, copy.path)


def _copied(home: Path, now: datetime) -> DatabaseCopy:
    """The database as it is, in `var/backups`, whole or not at all."""
    size = sum(file.stat().st_size for file in (home / "var").glob("*.sqlite3*")) // _BYTES
    if free_megabytes(home) < 2 * size + 1:
        raise StorageError("doctor.no_room_for_copy", free=free_megabytes(home), needed=2 * size + 1)
    folder = home / "var" / "backups"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder) as scratch:
            made = copy_database(Path(scratch))
            made.path.chmod(0o600)
            kept = folder / f"before-upgrade-{now:%Y%m%dT%H%M%S}{made.path.suffix}"
            made.path.replace(kept)
    except OSError as error:
        raise StorageError("site.disk", path=str(folder), reason=error.strerror or str(error)) from error
    return DatabaseCopy(kept, made.rows)


def _take(
    steps: tuple[str, ...],
    copy: DatabaseCopy,
    actor: Actor,
    clock: Callable[[], datetime],
    prepare: Callable[[], None],
) -> None:
    if not on_postgresql():
        prepare()
    with one_transaction():
        if on_postgresql():
            prepare()
        _prove(copy.rows)
        data = {"steps": list(steps), "copy": copy.path.name}
        audit.append(actor, "office.upgraded", "office", data, clock())


def _prove(before: Mapping[str, int]) -> None:
    """Nothing is missing: no step, no row of a table that is still there, no link of the audit chain."""
    if left := upkeep.missing_migrations():
        raise StorageError("doctor.upgrade_failed", why=left[0])
    if why := upkeep.damage():
        raise StorageError("doctor.upgrade_failed", why=why)
    for table, count in upkeep.count_present(before).items():
        if count < before[table]:
            raise StorageError("doctor.upgrade_failed", why=f"{table}: {before[table]} → {count}")
    broken = audit.verify().broken
    if broken is not None:
        raise StorageError("doctor.upgrade_failed", why=f"audit {broken}")
