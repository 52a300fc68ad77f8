"""`content/sources/*.yaml` → Source. The file's name is the source's name."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePosixPath

from syndicate.config.patterns import HOST_AND_PORT, IDENTIFIER, IDENTIFIER_FORM, NAME, WEB_ADDRESS
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Choice, Duration, Field, Many, Raw, Record, Table, Text, Whole, YesNo, note
from syndicate.config.yaml_nodes import MappingNode, Node, compose
from syndicate.model.site import Column
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
        name = Text(r"[A-Za-z0-9_.:-]{1,40}", "utf-8, gb18030 …").read(node, problems)
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


def read_sources(
    files: Iterable[ConfigFile], columns: Mapping[str, Column] | None, problems: Problems
) -> Mapping[str, Source]:
    """The sources by name. `columns` None: they could not be read, so columns named here are not judged."""
    sources: dict[str, Source] = {}
    for file in files:
        name = file_id(file, problems)
        node = compose(file, problems)
        source = None if node is None else _SHAPE.read(node, problems)
        if isinstance(node, MappingNode) and source is not None:
            _check(node, source, name, columns, problems)
            sources[name] = replace(source, name=name)
    return sources


def _check(
    node: MappingNode, source: Source, name: str, columns: Mapping[str, Column] | None, problems: Problems
) -> None:
    """What one key alone cannot tell."""
    if source.name not in ("", name):
        note(problems, node.at("name"), "name_differs", name=source.name, file=name)
    if columns is not None and source.column not in columns:
        note_no_column(node.at("column"), source.column, columns, problems)
    if source.kind is SourceKind.FEED and source.list_rules is not None:
        note(problems, node.at("list"), "list_unused")
    if source.kind is not SourceKind.FEED and source.list_rules is None:
        note(problems, node.at("kind"), "list_needed", kind=source.kind.value)
    if source.kind is SourceKind.HTML and source.list_rules is not None and not source.list_rules.rows.strip():
        note(problems, node.at("list", "rows"), "empty_text")


def note_no_column(node: Node, name: str, columns: Mapping[str, Column], problems: Problems) -> None:
    """Note that a column does not exist."""
    note(problems, node, "no_such_column", name=name, known=", ".join(columns) or "—")


def file_id(file: ConfigFile, problems: Problems) -> str:
    """The id that a file gives to what it holds: its name without the ending."""
    name = PurePosixPath(file.name).stem
    if not re.fullmatch(IDENTIFIER, name):
        problems.add(file, 1, "bad_file_name", name=name, form=IDENTIFIER_FORM)
    return name
