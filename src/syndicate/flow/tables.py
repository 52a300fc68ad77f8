"""词表: lexicon, names and references as tables that people edit: validated whole, compared, written at once, audited."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from stat import S_IMODE

from syndicate.config.table_text import Changes, TableText, changed_text, read_table_text
from syndicate.config.trying import tables_with
from syndicate.errors import Conflict, InputError, NotAllowed, NotFound, disk_refusal
from syndicate.flow.workspace import Workspace
from syndicate.model.finding import Finding
from syndicate.model.review import Actor, Role
from syndicate.monitor.compile import compile_monitor
from syndicate.records import audit
from syndicate.records.connection import one_transaction
from syndicate.records.locks import file_lock
from syndicate.review.rules import wrong_role
from syndicate.site.atomic import write_atomic

FOLDERS = ("lexicon", "names", "references")
"""Folders below `content/` whose tables an office keeps by hand."""
_GENERATED = "请勿手改"
"""A table whose first remark says so is written by a script."""
_MAY = frozenset({Role.PUBLISHER, Role.ADMIN, Role.SYSTEM})
_LONGEST_CELL = 4000
_LONGEST_TRIAL = 20_000
_FORMULA = ("=", "+", "-", "@")
_TOLD_CHANGES = 50
"""Changed rows that the audit row names one by one."""


@dataclass(frozen=True)
class OfficeTable:
    """One table. `path` is below the office; `hash` is over the bytes that were read."""

    path: str
    text: TableText
    hash: str
    generated: bool


@dataclass(frozen=True)
class Edit:
    """What a person wants: `read` is the hash of the file that the changes were made on; `trial` is a text to try."""

    read: str
    changes: Changes
    trial: str = ""


def may_edit(role: Role) -> bool:
    """Whether this role changes tables."""
    return role in _MAY


def tables(workspace: Workspace) -> tuple[OfficeTable, ...]:
    """Every table of the office, by path."""
    return tuple(_table(workspace.home, path) for path in _paths(workspace.home))


def table(workspace: Workspace, path: str) -> OfficeTable:
    """One table. Raises NotFound for anything that is none, whatever the path says."""
    if path not in _paths(workspace.home):
        raise NotFound("tables.no_table", path=path[:100])
    return _table(workspace.home, path)


def try_changes(workspace: Workspace, path: str, edit: Edit) -> tuple[Finding, ...]:
    """Validate changes and check a text with them; nothing is written.

    Raises ConfigurationError with every mistake, InputError for a cell that no table can hold, Conflict.
    """
    _, _, data = _changed(workspace, path, edit)
    known = tables_with(workspace.home, path, data)
    if len(edit.trial) > _LONGEST_TRIAL:
        raise InputError("tables.trial_too_long", most=_LONGEST_TRIAL)
    day: date = workspace.now().date()
    return compile_monitor(*known, proven=True).check(edit.trial, markup=False, day=day) if edit.trial.strip() else ()


def save_changes(workspace: Workspace, actor: Actor, path: str, edit: Edit) -> int:
    """Write the changes; returns how many rows they touch. Raises as `try_changes` does, and NotAllowed, StorageError.

    File and audit row come together: where either fails there is neither.
    """
    if not may_edit(actor.role):
        raise wrong_role("tables", actor.role, (Role.PUBLISHER, Role.ADMIN))
    with file_lock(workspace.home / "var" / "locks" / "tables"):
        read, before, data = _changed(workspace, path, edit)
        if read.generated:
            raise NotAllowed("tables.generated", path=path)
        if not edit.changes:
            raise InputError("tables.nothing_changed")
        tables_with(workspace.home, path, data)
        told = {"before": read.hash, "after": _hash(data), **_told(read.text, edit.changes)}
        file, written = workspace.home / path, False
        mode = S_IMODE(file.stat().st_mode)
        try:
            with one_transaction():
                audit.append(actor, "table.changed", f"table:{path}"[:128], told, workspace.now())
                write_atomic(file, data, mode)
                written = True
        except BaseException:
            if written:  # the database refused what the disk had taken
                write_atomic(file, before, mode)
            raise
    return len(edit.changes.cells) + len(edit.changes.removed) + len(edit.changes.added)


def _paths(home: Path) -> tuple[str, ...]:
    found = (path for folder in FOLDERS for path in (home / "content" / folder).glob("*.tsv"))
    return tuple(sorted(path.relative_to(home).as_posix() for path in found if not path.name.startswith(".")))


def _table(home: Path, path: str) -> OfficeTable:
    try:
        data = (home / path).read_bytes()
    except OSError as error:
        raise disk_refusal(home / path, error) from error
    try:
        text = read_table_text(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InputError("tables.no_text", path=path) from error
    return OfficeTable(path, text, _hash(data), _GENERATED in text.remark)


def _changed(workspace: Workspace, path: str, edit: Edit) -> tuple[OfficeTable, bytes, bytes]:
    """The table as it is, its bytes, and the bytes that it would have."""
    read = table(workspace, path)
    before = (workspace.home / path).read_bytes()
    if edit.read != read.hash or edit.read != _hash(before):
        raise Conflict("tables.changed", path=path)
    if not (edit.changes.cells.keys() | edit.changes.removed) <= {row.number for row in read.text.rows}:
        raise InputError("tables.cells", wanted=len(read.text.heading))
    for row in (*edit.changes.cells.values(), *edit.changes.added):
        if len(row) != len(read.text.heading):
            raise InputError("tables.cells", wanted=len(read.text.heading))
        for name, cell in zip(read.text.heading, row, strict=True):
            _check_cell(name, cell)
    text = changed_text(before.decode("utf-8"), edit.changes)  # with its mark of byte order, where it has one
    return read, before, text.encode()


def _check_cell(column: str, cell: str) -> None:
    shown = {"column": column, "cell": "".join(mark if mark.isprintable() else "·" for mark in cell[:40])}
    if len(cell) > _LONGEST_CELL:
        raise InputError("tables.cell_too_long", most=_LONGEST_CELL, **shown)
    if any(not mark.isprintable() for mark in cell):
        raise InputError("tables.cell_breaks", **shown)
    if cell.startswith(_FORMULA):
        raise InputError("tables.cell_formula", **shown)
    if column == "wrong" and cell.startswith("#"):
        raise InputError("tables.cell_remark", **shown)


def _told(text: TableText, changes: Changes) -> dict[str, object]:
    before = {row.number: row.cells for row in text.rows}
    changed = [["\t".join(before.get(number, ())), "\t".join(row)] for number, row in sorted(changes.cells.items())]
    removed = ["\t".join(before.get(number, ())) for number in sorted(changes.removed)]
    added = ["\t".join(row) for row in changes.added]
    counts = {"changed_rows": len(changed), "removed_rows": len(removed), "added_rows": len(added)}
    most = _TOLD_CHANGES
    return {**counts, "changed": changed[:most], "removed": removed[:most], "added": added[:most]}


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
