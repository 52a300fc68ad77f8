"""`channels/*.yaml` → Channel. The file's name is the channel's id; settings and limits are those of its kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from syndicate.config.channel_kinds import KINDS, limit_names
from syndicate.config.ladders import OVERRIDES, check_lease, with_overrides
from syndicate.config.patterns import BASE_ADDRESS, NAME, RELATIVE_PATH, SECRET_NAME
from syndicate.config.places import ConfigFile, Problems
from syndicate.config.shapes import Choice, Field, Many, Record, Text, Whole, YesNo, note
from syndicate.config.sources import file_id, note_no_column
from syndicate.config.website_targets import target_secrets
from syndicate.config.windows import TimeWindow
from syndicate.config.yaml_nodes import ListNode, MappingNode, Node, ScalarNode, compose
from syndicate.model.channel import Channel, ChannelKind, Ladder, is_safe_for_passwords

_KIND = Choice(ChannelKind)
_CHANNEL: Callable[..., Channel] = Channel


def read_channels(
    files: Iterable[ConfigFile],
    ladders: Mapping[ChannelKind, Ladder],
    templates: Mapping[str, str],
    columns: tuple[str, ...] | None,
    problems: Problems,
) -> tuple[Mapping[str, Channel], tuple[tuple[Node, str], ...]]:
    """The channels by id, and every secret that they name with its place.

    `columns` None and `ladders` empty: those files could not be read, so what depends on them is not judged.
    """
    channels: dict[str, Channel] = {}
    secrets: list[tuple[Node, str]] = []
    for file in files:
        name = file_id(file, problems)
        node = compose(file, problems)
        if not isinstance(node, MappingNode):
            if node is not None:
                note(problems, node, "mapping_expected")
            continue
        _check_columns(node, columns, problems)
        if node.text("template") and node.text("template") not in templates:
            note(problems, node.at("template"), "no_such_template", name=node.text("template"))
        channel = _read(node, name, ladders, templates, problems)
        if channel is not None:
            secrets.extend((node.at("secrets", purpose), secret) for purpose, secret in channel.secrets.items())
            secrets.extend((node.at("settings", "targets"), secret) for secret in target_secrets(channel.settings))
            channels[name] = channel
    return channels, tuple(secrets)


def _read(
    node: MappingNode,
    name: str,
    ladders: Mapping[ChannelKind, Ladder],
    templates: Mapping[str, str],
    problems: Problems,
) -> Channel | None:
    """One channel. The kind comes first, because it says how the rest must look."""
    if "kind" not in node.entries:
        note(problems, node, "missing_key", name="kind")
        return None
    kind = _KIND.read(node.at("kind"), problems)
    if kind is None:
        return None
    draft = _shape(kind).read(node, problems)
    if draft is None or kind not in ladders:
        return None
    if kind is ChannelKind.WORDPRESS and not is_safe_for_passwords(node.text("base_url")):
        note(problems, node.at("base_url"), "https_needed", value=node.text("base_url"))
        return None
    ladder = with_overrides(ladders[kind], draft.ladder)
    check_lease(ladder, node.at("ladder"), problems)
    return _CHANNEL(id=name, ladder=ladder, template=templates.get(draft.template, ""), **draft.values)


@dataclass(frozen=True)
class _Draft:
    """A channel as its file says it; `template` is still a path and `ladder` only what differs."""

    template: str
    ladder: Mapping[str, object]
    values: Mapping[str, object]


def _draft(template: str = "", ladder: Mapping[str, object] = MappingProxyType({}), **values: object) -> _Draft:
    return _Draft(template, ladder, values)


def _shape(kind: ChannelKind) -> Record[_Draft]:
    """What a channel file of one kind looks like."""
    rules = KINDS[kind]
    settings: Record[dict[str, object]] = Record(dict, rules.settings)
    limits: Record[dict[str, object]] = Record(dict, {name: Field(Whole()) for name in limit_names(kind)})
    secrets: Record[dict[str, object]] = Record(
        dict,
        {purpose: Field(SECRET_NAME, required=True) for purpose in rules.secrets}
        | {purpose: Field(SECRET_NAME) for purpose in rules.optional_secrets},
    )
    return Record(
        _draft,
        {
            "title": Field(Text(longest=60), required=True),
            "kind": Field(_KIND, required=True),
            "base_url": Field(BASE_ADDRESS, required=rules.remote),
            "settings": Field(settings, required=any(f.required for f in rules.settings.values())),
            "limits": Field(limits),
            "template": Field(RELATIVE_PATH),
            "columns": Field(Many(NAME)),
            "secrets": Field(secrets, required=bool(rules.secrets)),
            "concurrency": Field(Whole(1, 16)),
            "windows": Field(Many(TimeWindow(), least=1)),
            "needs_website": Field(YesNo()),
            "ladder": Field(OVERRIDES),
        },
    )


def _check_columns(node: MappingNode, columns: tuple[str, ...] | None, problems: Problems) -> None:
    """Every column named must exist."""
    for place, name in _named_columns(node) if columns is not None else ():
        if columns is not None and name not in columns:
            note_no_column(place, name, columns, problems)


def _named_columns(node: MappingNode) -> Iterator[tuple[Node, str]]:
    """The columns that a channel carries, and those that have a category on its CMS."""
    listed, settings = node.at("columns"), node.at("settings")
    for item in listed.items if isinstance(listed, ListNode) else ():
        if isinstance(item, ScalarNode):
            yield item, item.value
    mapped = settings.at("categories") if isinstance(settings, MappingNode) and settings is not node else None
    if isinstance(mapped, MappingNode) and mapped is not settings:
        for name, (key, _) in mapped.entries.items():
            yield key, name
