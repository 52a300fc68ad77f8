"""配置文件: the YAML files of the office, shown with what is wrong in them; people change them with a text editor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from syndicate.config.load import load
from syndicate.errors import ConfigurationError, NotFound, Problem, disk_refusal
from syndicate.flow.tables import may_edit
from syndicate.flow.workspace import Workspace
from syndicate.model.review import Actor, Role
from syndicate.review.rules import wrong_role

_FOLDERS = ("content", "content/rules", "content/sources", "content/inspection", "channels")
_MOST_SHOWN = 200_000


@dataclass(frozen=True)
class OfficeFile:
    """One file and the mistakes that stand in it now."""

    path: str
    text: str
    problems: tuple[Problem, ...]


def paths(workspace: Workspace) -> tuple[str, ...]:
    """The office's YAML files, by path."""
    return tuple(sorted(_paths(workspace.home)))


def file(workspace: Workspace, actor: Actor, path: str) -> OfficeFile:
    """One file as it is on the disk. Raises NotAllowed for roles that keep no configuration, NotFound."""
    if not may_edit(actor.role):
        raise wrong_role("tables", actor.role, (Role.PUBLISHER, Role.ADMIN))
    if path not in paths(workspace):
        raise NotFound("tables.no_file", path=path[:100])
    try:
        with (workspace.home / path).open("rb") as opened:
            text = opened.read(_MOST_SHOWN).decode("utf-8", "replace")
    except OSError as error:
        raise disk_refusal(workspace.home / path, error) from error
    return OfficeFile(path, text, tuple(one for one in _problems(workspace.home) if one.file == path))


def _paths(home: Path) -> Iterator[str]:
    for folder in _FOLDERS:
        for found in (home / folder).glob("*.yaml"):
            if found.is_file() and not found.name.startswith("."):
                yield found.relative_to(home).as_posix()


def _problems(home: Path) -> tuple[Problem, ...]:
    try:
        load(home)
    except ConfigurationError as error:
        return error.problems
    return ()
