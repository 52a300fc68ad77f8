"""`content/presets/*.yaml` → families of publishing systems, so that a source file that names one is five lines long."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from syndicate.config.list_rules import READING, Pattern, check_reading
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Field, Many, Record, Text, YesNo, note
from syndicate.config.yaml_nodes import MappingNode, Node, compose
from syndicate.model.source import Preset, Sign

_SIGN = Record(
    Sign,
    {
        "text": Field(Pattern(), required=True),
        "basis": Field(Text(longest=200), required=True),
        "confirmed": Field(YesNo(), required=True),
    },
)
_HEAD = Record(
    lambda title, signs, source: (title, signs, source),
    {
        "title": Field(Text(longest=100), required=True),
        "signs": Field(Many(_SIGN, 1), required=True),
        "source": Field(Record(lambda **keys: keys, READING), required=True),
    },
)


@dataclass(frozen=True)
class PresetFile:
    """A preset and the node of its `source:`, which is laid under the files that name it."""

    preset: Preset
    node: MappingNode


def read_presets(files: Iterable[ConfigFile], problems: Problems) -> Mapping[str, PresetFile]:
    """The presets by name, which is their file's name."""
    presets: dict[str, PresetFile] = {}
    for file in files:
        name = file.name.rpartition("/")[2].removesuffix(".yaml")
        node = compose(file, problems)
        read = None if node is None else _HEAD.read(node, problems)
        source = node.at("source") if isinstance(node, MappingNode) else None
        if isinstance(source, MappingNode):
            check_reading(source, problems)
            if read is not None:
                title, signs, keys = read
                presets[name] = PresetFile(Preset(name, title, signs, **keys), source)
    return presets


def with_preset(node: Node, presets: Mapping[str, PresetFile], problems: Problems) -> Node:
    """A source file's node with what its preset says where the file itself says nothing; `preset` itself is gone."""
    if not isinstance(node, MappingNode) or "preset" not in node.entries:
        return node
    name = node.text("preset")
    own = replace(node, entries={key: entry for key, entry in node.entries.items() if key != "preset"})
    if name not in presets:
        note(problems, node.at("preset"), "no_such_preset", name=name[:40], known=", ".join(presets) or "—")
        # What the preset would have said cannot be judged.
        return own
    return _laid_over(own, presets[name].node)


def _laid_over(own: MappingNode, below: MappingNode) -> MappingNode:
    entries = {**below.entries, **own.entries}
    for key in own.entries.keys() & below.entries.keys():
        mine, theirs = own.entries[key][1], below.entries[key][1]
        if isinstance(mine, MappingNode) and isinstance(theirs, MappingNode):
            entries[key] = (own.entries[key][0], _laid_over(mine, theirs))
    return replace(own, entries=entries)
