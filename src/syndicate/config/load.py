"""Loads an office's whole configuration, or the rules alone, and says every mistake of all files at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from syndicate.config.folder import OfficeFolder
from syndicate.config.monitor_tables import MonitorTables, read_monitor_tables
from syndicate.config.places import Problems

if TYPE_CHECKING:
    from syndicate.config.secrets import OfficeSecrets
    from syndicate.model.office import Snapshot


def load_monitor(home: Path) -> MonitorTables:
    """Rules, lexicon and reference tables only, for checking a file anywhere; packaged ones where `home` has no such folders.

    Raises `ConfigurationError` with every mistake of these files.
    """
    tables, problems = read_monitor(home)
    problems.raise_if_any()
    return tables


def read_monitor(home: Path) -> tuple[MonitorTables, Problems]:
    """The same tables without what is wrong in them, and every mistake: what is left can still be compiled, so that
    its mistakes are told together with these."""
    problems = Problems()
    return read_monitor_tables(OfficeFolder(home, problems), problems), problems


def load(home: Path, secrets: OfficeSecrets | None = None) -> Snapshot:
    """The office's whole configuration as one value; nothing is started with half of it.

    Who publishes (`content/office.yaml`), what it follows and where it publishes are never taken from the package: an
    office must not follow or post to what nobody chose. The rest falls back to the packaged defaults. With `secrets`,
    a secret that a channel names and nobody gave is a mistake too. Raises `ConfigurationError` with every mistake.
    """
    # Checking a file loads only the rules and must start at once.
    from syndicate.config.whole import read_whole

    problems = Problems()
    files = OfficeFolder(home, problems)
    office_file = files.own("content/office.yaml")
    if office_file is None:
        # Here is no office: mistakes in packaged files would only hide that.
        problems.raise_if_any()
    assert office_file is not None, "a missing file was noted as a mistake"
    tables = read_monitor_tables(files, problems)
    snapshot = read_whole(files, office_file, tables, secrets, problems)
    problems.raise_if_any()
    assert snapshot is not None, "a missing part was noted as a mistake"
    return snapshot
