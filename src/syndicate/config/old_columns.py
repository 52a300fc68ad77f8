"""The mapping file of `site import --mapping`: which list or category of the former website goes to which column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from syndicate.config.folder import OfficeFolder
from syndicate.config.list_rules import READING, check_reading
from syndicate.config.patterns import NAME
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.presets import read_presets, with_preset
from syndicate.config.shapes import Choice, Field, Many, Record, Text, YesNo
from syndicate.config.sources import ENCODING, note_no_column
from syndicate.config.yaml_nodes import ListNode, MappingNode, compose
from syndicate.errors import UsageError
from syndicate.model.site import Column
from syndicate.model.source import ArticleRules, Asking, ListRules, Paging, SourceKind

LARGEST = 1_000_000


@dataclass(frozen=True)
class OldColumn:
    """One list (by its address) or category (by its name) of the former site, and how it is read.

    Without a `kind` the list is looked at to find out; a category needs none.
    """

    old: str
    column: str
    organ: str = ""
    """The unit whose texts these are where a page does not say; empty: the office."""
    kind: SourceKind | None = None
    list_rules: ListRules | None = None
    article_rules: ArticleRules = field(default_factory=ArticleRules)
    paging: Paging | None = None
    asking: Asking | None = None
    only: str = ""
    encoding: str = ""
    robots: bool = True


_ENTRY = Record(
    OldColumn,
    {
        "from": Field(Text(longest=2_000), required=True, into="old"),
        "column": Field(NAME, required=True),
        "organ": Field(Text(longest=100)),
        **READING,
        "kind": Field(Choice(SourceKind)),
        "encoding": Field(ENCODING),
        "robots": Field(YesNo()),
    },
)
_SHAPE = Record(lambda columns: columns, {"columns": Field(Many(_ENTRY, 1), required=True)})


def read_old_columns(file: Path, home: Path, columns: Mapping[str, Column]) -> tuple[OldColumn, ...]:
    """The entries of a mapping file in its order; presets are those of the office at `home`.

    Raises `UsageError` for a file that cannot be read and `ConfigurationError` with every mistake in it.
    """
    problems = Problems()
    presets = read_presets(OfficeFolder(home, problems).folder("content/presets", ".yaml"), problems)
    written = ConfigFile(file.name, _text(file))
    node = compose(written, problems)
    listed = node.at("columns") if isinstance(node, MappingNode) else None
    if isinstance(node, MappingNode) and isinstance(listed, ListNode):
        laid = replace(listed, items=tuple(with_preset(one, presets, problems) for one in listed.items))
        node = replace(node, entries={**node.entries, "columns": (node.entries["columns"][0], laid)})
        for one in laid.items:
            _check(one, tuple(columns), problems)
    read = None if node is None else _SHAPE.read(node, problems)
    problems.raise_if_any()
    return tuple(read or ())


def _check(node: object, columns: tuple[str, ...], problems: Problems) -> None:
    """What one key alone cannot tell."""
    if not isinstance(node, MappingNode):
        return
    column = node.text("column")
    if column and column not in columns:
        note_no_column(node.at("column"), column, columns, problems)
    if "kind" in node.entries:
        check_reading(node, problems)


def _text(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            data = stream.read(LARGEST + 1)
    except OSError as error:
        raise UsageError("import.no_file", name=file.name, reason=error.strerror or str(error)) from error
    if len(data) > LARGEST:
        raise UsageError("import.no_file", name=file.name, reason="> 1 MB")
    return data.decode("utf-8-sig", "replace")
