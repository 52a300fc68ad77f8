"""`content/sources/*.yaml` → Source. The file's name is the source's name."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePosixPath

from syndicate.config.patterns import HOST_AND_PORT, IDENTIFIER, NAME, WEB_ADDRESS
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.selectors import check_selectors
from syndicate.config.shapes import Choice, Duration, Field, Many, Raw, Record, Table, Text, Whole, YesNo, note
from syndicate.config.yaml_nodes import MappingNode, Node, compose
from syndicate.model.source import ArticleRules, ListRules, Source, SourceKind

_SELECTOR = Text(longest=500)
_LIST = Record(
    ListRules,
    {
        # The empty path of a JSON list is the document itself.
        "rows": Field(Raw(), required=True),
        "url": Field(_SELECTOR, required=True),
        "title": Field(_SELECTOR, required=True),
        "published": Field(Raw()),
    },
)
_ARTICLE = Record(
    ArticleRules,
    {
        "body": Field(Raw()),
        "title": Field(Raw()),
        "published": Field(Raw()),
        "source_name": Field(Raw()),
        "remove": Field(Many(_SELECTOR)),
        "fields": Field(Table(_SELECTOR)),
    },
)
_OFTEN = Duration(least=timedelta(minutes=1))


class _Encoding:
    """The name of a character encoding that Python knows."""

    def read(self, node: Node, problems: Problems) -> str | None:
        """The name."""
        name = Text(r"[A-Za-z0-9_.:-]{1,40}", "encoding").read(node, problems)
        if name is None:
            return None
        try:
            # Python's table also holds codecs that are no character encodings, such as base64.
            known = codecs.lookup(name).encode("")[0] == b""
            "".encode(name)
        except (LookupError, ValueError, TypeError):
            known = False
        if not known:
            note(problems, node, "no_such_encoding", value=name)
        return name if known else None


_SHAPE = Record(
    Source,
    {
        "name": Field(NAME),
        "title": Field(Text(longest=100), required=True),
        "kind": Field(Choice(SourceKind), required=True),
        "url": Field(WEB_ADDRESS, required=True),
        "column": Field(NAME, required=True),
        "organ": Field(Text(longest=100), required=True),
        "white_list": Field(Many(Text(longest=100))),
        "list": Field(_LIST, into="list_rules"),
        "article": Field(_ARTICLE, into="article_rules"),
        "interval": Field(_OFTEN),
        "silence": Field(_OFTEN),
        "deadline": Field(_OFTEN),
        "first_run": Field(Whole(0, 10_000)),
        "encoding": Field(_Encoding()),
        "full_text": Field(YesNo()),
        "allow": Field(Many(HOST_AND_PORT)),
    },
    also={"name": ""},
)
SOURCE_KEYS = tuple(_SHAPE.fields)
"""What a source file may say; docs/howto/follow-a-source.md shows every one."""


def read_sources(
    files: Iterable[ConfigFile], columns: tuple[str, ...] | None, problems: Problems
) -> Mapping[str, Source]:
    """The sources by name. `columns` None: they could not be read, so columns named here are not judged."""
    sources: dict[str, Source] = {}
    for file in files:
        name = file_id(file, problems)
        node = compose(file, problems)
        source = None if node is None else _SHAPE.read(node, problems)
        if isinstance(node, MappingNode):
            _check(node, name, columns, problems)
        if source is not None:
            sources[name] = replace(source, name=name)
    return sources


def _check(node: MappingNode, name: str, columns: tuple[str, ...] | None, problems: Problems) -> None:
    """What one key alone cannot tell; judged also where other keys are wrong."""
    if node.text("name") not in ("", name):
        note(problems, node.at("name"), "name_differs", name=node.text("name"), file=name)
    column = node.text("column")
    if column and columns is not None and column not in columns:
        note_no_column(node.at("column"), column, columns, problems)
    kind, has_list = node.text("kind"), "list" in node.entries
    if kind == SourceKind.FEED and has_list:
        note(problems, node.at("list"), "list_unused")
    if kind in (SourceKind.JSON, SourceKind.HTML) and not has_list:
        note(problems, node.at("kind"), "list_needed", kind=kind)
    if kind == SourceKind.HTML and has_list and not node.text("list", "rows"):
        note(problems, node.at("list", "rows"), "empty_text")
    # A JSON list is read by paths, its articles by selectors like all others.
    for key in ("article", "list") if kind == SourceKind.HTML else ("article",):
        if key in node.entries:
            check_selectors(node.at(key), problems)


def note_no_column(node: Node, name: str, columns: tuple[str, ...], problems: Problems) -> None:
    """Note that a column does not exist."""
    note(problems, node, "no_such_column", name=name, known=", ".join(columns) or "—")


def file_id(file: ConfigFile, problems: Problems) -> str:
    """The id that a file gives to what it holds: its name without the ending."""
    name = PurePosixPath(file.name).stem
    if not re.fullmatch(IDENTIFIER, name):
        problems.add(file, 1, "bad_file_name", name=name)
    return name
