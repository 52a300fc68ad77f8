"""体检: what is wrong with an office before its users notice. Looks only; writes nothing and asks nobody outside."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from syndicate.config.load import load
from syndicate.config.secrets import FOLDER, OfficeSecrets, key_check, office_key
from syndicate.errors import ConfigurationError, Message, SyndicateError
from syndicate.flow.attention import troubled_sources
from syndicate.flow.channel_accounts import troubled
from syndicate.flow.probes import last_certificate
from syndicate.flow.room import free_megabytes, upkeep_limits
from syndicate.flow.workspace import Workspace
from syndicate.model.office import Snapshot
from syndicate.records import seat, upkeep
from syndicate.records.connection import schema_ready

_MORE_THAN_OWNER = 0o077
_MOMENT = "%Y-%m-%d %H:%M"


class Part(StrEnum):
    """What is examined, in this order; the words for people are `doctor.part_…`."""

    CONFIGURATION = "configuration"
    KEYS = "keys"
    PERMISSIONS = "permissions"
    DISK = "disk"
    DATABASE = "database"
    CLOCK = "clock"
    SEAT = "seat"
    CHANNELS = "channels"
    CERTIFICATE = "certificate"
    SOURCES = "sources"
    REGULAR_WORK = "regular_work"
    WORKER = "worker"


class Grade(StrEnum):
    """How bad it is: `broken` stops the office's work or soon will."""

    GOOD = "good"
    WORRYING = "worrying"
    BROKEN = "broken"
    UNKNOWN = "unknown"
    """Could not be examined, because something before it is broken."""


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong, and what to do."""

    grade: Grade
    message: Message


@dataclass(frozen=True)
class Examined:
    """One part and what is wrong with it."""

    part: Part
    grade: Grade
    complaints: tuple[Complaint, ...]


Found = Iterator[Complaint]


def examine(home: Path, clock: Callable[[], datetime]) -> tuple[Examined, ...]:
    """Every part of the office at `home`; `open_records(home)` was called. Raises nothing of its own."""
    snapshot: list[Snapshot] = []
    found = [
        _examined(Part.CONFIGURATION, lambda: _configuration(home, snapshot)),
        _examined(Part.KEYS, lambda: _keys(home)),
        _examined(Part.PERMISSIONS, lambda: _permissions(home)),
        _examined(Part.DISK, lambda: _disk(home)),
        _examined(Part.DATABASE, _database),
    ]
    usable = snapshot and all(one.grade is not Grade.BROKEN for one in found if one.part in (Part.KEYS, Part.DATABASE))
    if not usable:
        return (*found, *(Examined(part, Grade.UNKNOWN, ()) for part in list(Part)[len(found) :]))
    workspace = Workspace(home, snapshot[0], clock)
    now = workspace.now()
    found += [
        _examined(Part.CLOCK, lambda: _clock(now)),
        _examined(Part.SEAT, lambda: _seat(home)),
        _examined(Part.CHANNELS, lambda: _channels(workspace)),
        _examined(Part.CERTIFICATE, lambda: _certificate(workspace)),
        _examined(Part.SOURCES, lambda: _sources(workspace)),
        _examined(Part.REGULAR_WORK, lambda: _regular_work(now)),
        _examined(Part.WORKER, lambda: _worker(now)),
    ]
    return tuple(found)


def _examined(part: Part, look: Callable[[], Found]) -> Examined:
    """The worst of what a look finds; a look that fails is itself a complaint."""
    complaints: list[Complaint] = []
    try:
        complaints.extend(look())
    except SyndicateError as error:
        complaints.append(Complaint(Grade.BROKEN, error.message))
    grades = {one.grade for one in complaints}
    worst = next((grade for grade in (Grade.BROKEN, Grade.WORRYING) if grade in grades), Grade.GOOD)
    return Examined(part, worst, tuple(complaints))


def _configuration(home: Path, snapshot: list[Snapshot]) -> Found:
    try:
        snapshot.append(load(home))
    except ConfigurationError as error:
        for problem in error.problems:
            values = {"file": problem.file, "line": problem.line, "why": problem.message}
            yield Complaint(Grade.BROKEN, Message("doctor.configuration", values))
        return
    try:
        load(home, OfficeSecrets(home))
    except ConfigurationError as error:
        for problem in error.problems:
            yield Complaint(Grade.WORRYING, problem.message)


def _keys(home: Path) -> Found:
    key = office_key(home)
    if schema_ready():
        seat.check_key(key_check(key))
    for path in sorted((home / FOLDER).iterdir()):
        if _open_to_others(path):
            values = {"name": path.name, "path": str(path)}
            yield Complaint(Grade.BROKEN, Message("config.secret_open", values))


def _permissions(home: Path) -> Found:
    for folder in (home / "var", *sorted(path for path in (home / "var").glob("*") if path.is_dir())):
        if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
            yield Complaint(Grade.BROKEN, Message("doctor.not_writable", {"path": str(folder)}))
    if not _open_to_others(home / "var"):
        return  # whatever is in it is closed with it
    for entry in sorted((home / "var").iterdir()):
        # The website's files are for everybody; all else is the office's own.
        if not entry.name.startswith("site") and _open_to_others(entry):
            yield Complaint(Grade.WORRYING, Message("doctor.readable_by_others", {"path": str(entry)}))


def _open_to_others(path: Path) -> bool:
    """Whether others than its owner may use it; what has gone since it was listed is nobody's."""
    try:
        return bool(stat.S_IMODE(path.stat().st_mode) & _MORE_THAN_OWNER)
    except FileNotFoundError:
        return False


def _disk(home: Path) -> Found:
    limits = upkeep_limits()
    free = free_megabytes(home)
    total = shutil.disk_usage(home).total // 1_000_000
    values = {"free": free, "total": total, "stop": limits["disk_stop"]}
    if free < limits["disk_stop"]:
        yield Complaint(Grade.BROKEN, Message("doctor.disk_full", values))
    elif free < limits["disk_warn"]:
        yield Complaint(Grade.WORRYING, Message("doctor.disk_low", values))


def _database() -> Found:
    if not schema_ready():
        yield Complaint(Grade.BROKEN, Message("doctor.no_tables"))
        return
    if missing := upkeep.missing_migrations():
        yield Complaint(Grade.BROKEN, Message("doctor.old_tables", {"count": len(missing)}))
    if unknown := upkeep.unknown_migrations():
        yield Complaint(Grade.BROKEN, Message("doctor.newer_tables", {"name": unknown[-1]}))
    if why := upkeep.damage():
        yield Complaint(Grade.BROKEN, Message("doctor.damaged", {"why": why}))


def _clock(now: datetime) -> Found:
    newest = upkeep.newest_event()
    if newest is not None and newest - now > timedelta(minutes=upkeep_limits()["clock"]):
        values = {"now": now.strftime(_MOMENT), "newest": newest.astimezone(now.tzinfo).strftime(_MOMENT)}
        yield Complaint(Grade.BROKEN, Message("doctor.clock_back", values))


def _seat(home: Path) -> Found:
    why = seat.elsewhere(home)
    if why is not None:
        yield Complaint(Grade.BROKEN, why)


def _channels(workspace: Workspace) -> Found:
    for account in troubled(workspace):
        channel = workspace.snapshot.channels.get(account.channel)
        values = {"channel": channel.title if channel else account.channel, "why": account.message or ""}
        yield Complaint(Grade.WORRYING, Message("doctor.channel", values))


def _certificate(workspace: Workspace) -> Found:
    """What the patrol saw of the website's certificate; an office whose site has none has nothing to complain about."""
    now = workspace.now()
    shown = last_certificate(now)
    if shown is None:
        return
    left = None if shown.ends is None else (shown.ends - now) / timedelta(days=1)
    values = {"host": shown.host, "why": shown.problem}
    if left is not None and left < upkeep_limits()["certificate_warn"]:
        ends = "" if shown.ends is None else shown.ends.astimezone(now.tzinfo).strftime(_MOMENT)
        grade = Grade.BROKEN if left < upkeep_limits()["certificate_stop"] else Grade.WORRYING
        yield Complaint(grade, Message("doctor.certificate_ends", {**values, "ends": ends, "days": max(0, int(left))}))
    elif shown.problem:
        yield Complaint(Grade.BROKEN, Message("doctor.certificate_refused", values))


def _sources(workspace: Workspace) -> Found:
    for source, health in troubled_sources(workspace):
        values = {"source": source.title, "why": health.message or "", "name": source.name}
        yield Complaint(Grade.WORRYING, Message("doctor.source", values))


def _regular_work(now: datetime) -> Found:
    """Whether cron really runs: each verb leaves a trace when it has done its work."""
    limits = upkeep_limits()
    longest = {verb: timedelta(minutes=limits[verb]) for verb in ("work", "sync", "patrol", "notify")}
    longest |= {verb: timedelta(hours=limits[verb]) for verb in ("report", "backup", "tidy")}
    for verb, last in upkeep.last_runs().items():
        if last is None:
            yield Complaint(Grade.WORRYING, Message("doctor.never_run", {"verb": verb}))
        elif now - last > longest[verb]:
            values = {"verb": verb, "last": last.astimezone(now.tzinfo).strftime(_MOMENT)}
            yield Complaint(Grade.WORRYING, Message("doctor.not_run", values))


def _worker(now: datetime) -> Found:
    late = upkeep.overdue(now - timedelta(minutes=upkeep_limits()["overdue"]))
    if late.since is not None:
        values = {"count": late.count, "since": late.since.astimezone(now.tzinfo).strftime(_MOMENT)}
        yield Complaint(Grade.BROKEN, Message("doctor.overdue", values))
