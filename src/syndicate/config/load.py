"""Loads an office's whole configuration, or the rules alone, and says every mistake of all files at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from syndicate.config.folder import OfficeFolder
from syndicate.config.monitor_tables import read_monitor_tables
from syndicate.config.places import Problems

if TYPE_CHECKING:
    from syndicate.config.secrets import OfficeSecrets
    from syndicate.model.office import Snapshot
    from syndicate.model.tables import MonitorTables


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
    a secret that a channel names and nobody gave is a mistake too.

    Rules and tables are proven once for the same files and the same program, and read when a text is first checked: a
    process that only delivers holds their bytes alone. Raises `ConfigurationError` with every mistake.
    """
    # Checking a file loads only the rules and must start at once.
    from syndicate.config.kept_tables import KeptTables
    from syndicate.config.whole import check_monitor, read_whole

    problems = Problems()
    files = OfficeFolder(home, problems)
    office_file = files.own("content/office.yaml")
    if office_file is None:
        # Here is no office: mistakes in packaged files would only hide that.
        problems.raise_if_any()
    assert office_file is not None, "a missing file was noted as a mistake"
    kept = KeptTables(home)
    files.take_in(kept.files)
    as_read = kept.files.as_read()
    if not kept.proven:
        problems.found += kept.problems.found
        tables = read_monitor_tables(as_read, problems)
        check_monitor(files, tables, problems)
        if not problems.found:
            kept.write(tables)
    snapshot = read_whole(files, office_file, lambda: read_monitor_tables(as_read, Problems()), secrets, problems)
    problems.raise_if_any()
    assert snapshot is not None, "a missing part was noted as a mistake"
    return snapshot
