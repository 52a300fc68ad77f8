"""Rules, lexicon and reference tables: all that the monitor is compiled from."""

from __future__ import annotations

from syndicate.config.folder import Folders
from syndicate.config.places import Problems
from syndicate.model.tables import MonitorTables

FOLDERS = (
    ("content/rules", ".yaml"),
    ("content/lexicon", ".tsv"),
    ("content/divisions", ".tsv"),
    ("content/names", ".tsv"),
    ("content/references", ".tsv"),
    ("content/characters", ".tsv"),
    ("content/candidates", ".txt"),
    ("content/candidates", ".tsv"),
)
"""All that is read: folder and ending of the files in it."""


def read_monitor_tables(files: Folders, problems: Problems) -> MonitorTables:
    """The tables of an office, those of the package for every folder that it does not have."""
    # A check that has a copy of the tables does not wait for what reads them.
    from syndicate.config.lexicon import read_lexicon
    from syndicate.config.references import read_references
    from syndicate.config.rules import read_rules

    rules = read_rules(files.folder("content/rules", ".yaml"), problems)
    lexicon = read_lexicon(files.folder("content/lexicon", ".tsv"), problems)
    return MonitorTables(rules, lexicon, read_references(files, problems))
