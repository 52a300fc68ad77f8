"""Puts the parts of a configuration together and checks what they say about each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TypeVar

from syndicate.config.alarms import read_alarms
from syndicate.config.channels import read_channels
from syndicate.config.columns import read_columns
from syndicate.config.feedback import read_feedback, read_holidays
from syndicate.config.folder import OfficeFolder
from syndicate.config.indicators import read_indicators
from syndicate.config.ladders import read_ladders
from syndicate.config.notices import read_notices
from syndicate.config.office import read_office
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.presets import read_presets
from syndicate.config.review import read_review
from syndicate.config.secrets import OfficeSecrets
from syndicate.config.sources import read_sources
from syndicate.config.templates import FOLDER, is_text, read_templates
from syndicate.config.yaml_nodes import Node
from syndicate.errors import ConfigurationError, NotFound, Problem
from syndicate.model.feedback import FeedbackRules
from syndicate.model.incident import AlarmRules
from syndicate.model.notice import NoticeRules
from syndicate.model.office import Snapshot
from syndicate.model.review import ReviewRules
from syndicate.model.tables import MonitorTables

T = TypeVar("T")


def read_whole(
    files: OfficeFolder,
    office_file: ConfigFile,
    tables: Callable[[], MonitorTables],
    secrets: OfficeSecrets | None,
    problems: Problems,
) -> Snapshot | None:
    """The snapshot, or None where mistakes left no office; the first arguments were read before."""
    columns, names = _part(files, "content/columns.yaml", read_columns, problems) or ({}, None)
    ladders = _part(files, "content/ladders.yaml", read_ladders, problems) or {}
    review = _part(files, "content/review.yaml", read_review, problems) or ReviewRules()
    feedback = _part(files, "content/feedback.yaml", read_feedback, problems) or FeedbackRules()
    templates = read_templates(files.tree(FOLDER, is_text), problems)
    presets = read_presets(files.folder("content/presets", ".yaml"), problems)
    sources = read_sources(files.own_folder("content/sources"), presets, names, problems)
    channels, named = read_channels(files.own_folder("channels"), ladders, templates, names, problems)
    notices, letters = _part(files, "content/notices.yaml", read_notices, problems) or (NoticeRules(), ())
    _note_missing(secrets, (*named, *letters), problems)
    alarms_file = files.one("content/alarms.yaml")
    alarms = read_alarms(alarms_file, notices, problems) if alarms_file else AlarmRules()
    indicators = read_indicators(files.folder("content/inspection", ".yaml"), problems)
    calendar = read_holidays(files.folder("content/holidays", ".yaml"), problems)
    if (office := read_office(office_file, problems)) is None:
        return None
    return Snapshot(
        hash=files.hash,
        office=office,
        columns=columns,
        sources=sources,
        channels=channels,
        tables=tables,
        indicators=indicators,
        templates=templates,
        presets={name: one.preset for name, one in presets.items()},
        review=review,
        notices=notices,
        alarms=alarms,
        feedback=feedback,
        calendar=calendar,
    )


def _part(files: OfficeFolder, name: str, read: Callable[[ConfigFile, Problems], T], problems: Problems) -> T | None:
    """What one file says, the office's or the packaged one; None after noting that there is none."""
    file = files.one(name)
    return read(file, problems) if file else None


def _note_missing(secrets: OfficeSecrets | None, named: Iterable[tuple[Node, str]], problems: Problems) -> None:
    """Note every secret that a file names and nobody gave; without `secrets` nobody asks."""
    if secrets is None:
        return
    for node, name in named:
        try:
            secrets.get(name)
        except NotFound as error:
            # The message says why: absent, or readable by others.
            problems.found.append(Problem(node.file.name, node.line, node.file.shown(node.line), error.message))


def check_monitor(files: OfficeFolder, tables: MonitorTables, problems: Problems) -> None:
    """Let the monitor say what only it knows: kinds, parameters, regular expressions, examples that fail."""
    # A load of tables that were proven before needs nothing of the monitor.
    from syndicate.monitor.compile import LEXICON, LOOKUPS, compile_monitor

    # Where a row or a rule was left out for a mistake, rules and tables no longer fit and would be blamed for it.
    whole = not problems.found
    rules = [rule for rule in tables.rules if whole or rule.kind not in (LEXICON, *LOOKUPS)]
    try:
        compile_monitor(rules, tables.lexicon if whole else (), tables.references)
    except ConfigurationError as error:
        for problem in error.problems:
            file = files.read_before(problem.file)
            problems.found.append(replace(problem, text=file.shown(problem.line) or problem.text))
