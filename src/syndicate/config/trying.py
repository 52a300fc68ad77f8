"""What the configuration would be with one file changed: validated whole before anything is written."""

from __future__ import annotations

from pathlib import Path

from syndicate.config.folder import OfficeFolder
from syndicate.config.monitor_tables import FOLDERS, read_monitor_tables
from syndicate.config.places import Problems
from syndicate.config.whole import check_monitor
from syndicate.model.tables import MonitorTables


def tables_with(home: Path, name: str, data: bytes) -> MonitorTables:
    """Rules and tables of the office as they would be if the file `name` held `data`. Nothing is written.

    Raises `ConfigurationError` with every mistake, each with its line.
    """
    problems = Problems()
    files = OfficeFolder(home, problems)
    for folder, suffix in FOLDERS:
        files.folder(folder, suffix)
    files.put(name, data)
    tables = read_monitor_tables(files.as_read(), problems)
    check_monitor(files, tables, problems)
    problems.raise_if_any()
    return tables
