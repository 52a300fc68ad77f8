"""`content/sources/*.yaml` → Source. The file's name is the source's name."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from syndicate.config.list_rules import OFTEN, READING, check_reading
from syndicate.config.patterns import HOST_AND_PORT, IDENTIFIER, NAME, WEB_ADDRESS
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.presets import PresetFile, with_preset
from syndicate.config.shapes import Field, Many, Record, Text, Whole, YesNo, note
from syndicate.config.yaml_nodes import MappingNode, Node, compose
from syndicate.model.source import LOWEST_AUTHORITY, Source


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


ENCODING = _Encoding()
_SHAPE = Record(
    Source,
    {
        "name": Field(NAME),
        "title": Field(Text(longest=100), required=True),
        "url": Field(WEB_ADDRESS, required=True),
        "column": Field(NAME, required=True),
        "organ": Field(Text(longest=100), required=True),
        "white_list": Field(Many(Text(longest=100))),
        **READING,
        "interval": Field(OFTEN),
        "silence": Field(OFTEN),
        "deadline": Field(OFTEN),
        "must_reprint": Field(YesNo()),
        "first_run": Field(Whole(0, 10_000)),
        "encoding": Field(ENCODING),
        "full_text": Field(YesNo()),
        "authority": Field(Whole(1, LOWEST_AUTHORITY)),
        "robots": Field(YesNo()),
        "allow": Field(Many(HOST_AND_PORT)),
    },
    also={"name": ""},
)
SOURCE_KEYS = (*_SHAPE.fields, "preset")
"""What a source file may say; docs/howto/follow-a-source.md shows every one."""


def read_sources(
    files: Iterable[ConfigFile],
    presets: Mapping[str, PresetFile],
    columns: tuple[str, ...] | None,
    problems: Problems,
) -> Mapping[str, Source]:
    """The sources by name. `columns` None: they could not be read, so columns named here are not judged."""
    sources: dict[str, Source] = {}
    for file in files:
        name = file_id(file, problems)
        written = compose(file, problems)
        node = None if written is None else with_preset(written, presets, problems)
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
    check_reading(node, problems)


def note_no_column(node: Node, name: str, columns: tuple[str, ...], problems: Problems) -> None:
    """Note that a column does not exist."""
    note(problems, node, "no_such_column", name=name, known=", ".join(columns) or "—")


def file_id(file: ConfigFile, problems: Problems) -> str:
    """The id that a file gives to what it holds: its name without the ending."""
    name = PurePosixPath(file.name).stem
    if not re.fullmatch(IDENTIFIER, name):
        problems.add(file, 1, "bad_file_name", name=name)
    return name
