"""改写渠道稿: other words for one channel, stored with a new revision, so that every approval is void."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from syndicate.errors import InputError, NotAllowed, NotFound
from syndicate.flow.checking import channels_of, kept_warnings, render_all
from syndicate.flow.items import add_revision
from syndicate.flow.workspace import Workspace
from syndicate.model.item import Content, ItemKind
from syndicate.model.review import Actor, ItemAction
from syndicate.records import items
from syndicate.records.values import ItemRecord
from syndicate.render.adapting import Adaptable, adaptable
from syndicate.render.words import one_line

_LONGEST = 200_000
"""Characters; what a channel takes is said by its limits."""


def fields_for(workspace: Workspace, item: ItemRecord, channel: str) -> tuple[Adaptable, ...]:
    """The fields of a channel's rendition of this item that may be worded differently. A bundle has none."""
    if item.kind is ItemKind.BUNDLE:
        return ()
    return adaptable(workspace.channel(channel).kind, reprint=item.kind is ItemKind.REPRINT)


def adapt(
    workspace: Workspace, actor: Actor, item: ItemRecord, channel: str, words: Mapping[str, str]
) -> ItemRecord | None:
    """Store a new revision with other words for one channel; None where they are what stands there already.

    An empty text, or the very one that would be made without it, gives the field back to the template. `item` is what
    the person saw. Raises Conflict when somebody changed it since, NotFound for a channel it does not go to, NotAllowed
    for a field that must stay as it is, InputError for a text beyond every limit.
    """
    account = next((one for one in channels_of(workspace, item) if one.id == channel), None)
    if account is None:
        raise NotFound("desk.no_rendition")
    known = fields_for(workspace, item, channel)
    if set(words) - {one.field for one in known}:
        raise NotAllowed("writing.not_adaptable", channel=account.title)
    if any(len(text) > _LONGEST for text in words.values()):
        raise InputError("desk.bad_request")
    latest = items.latest_revision(item.id)
    own = _without(latest.content, channel, frozenset(words))
    rendered = render_all(workspace, item, own)
    made = next(one.rendition for one in rendered if one.rendition.channel == channel).fields
    wanted = {one.field: _written(one, words[one.field]) for one in known if one.field in words}
    kept = {field: text for field, text in wanted.items() if text and text != made.get(field)}
    mine = {**own.adaptations.get(channel, {}), **kept}
    content = replace(own, adaptations={**own.adaptations, channel: mine} if mine else _others(own, channel))
    if content.hash == latest.content.hash:
        return None
    request = (ItemAction.EDIT, f"{account.title}渠道稿")
    return add_revision(workspace, actor, item, content, request, kept_warnings(latest.id))


def _without(content: Content, channel: str, fields: frozenset[str]) -> Content:
    """The content as it would be without other words for these fields of the channel."""
    left = {name: text for name, text in content.adaptations.get(channel, {}).items() if name not in fields}
    others = _others(content, channel)
    return replace(content, adaptations={**others, channel: left} if left else others)


def _others(content: Content, channel: str) -> dict[str, Mapping[str, str]]:
    return {name: words for name, words in content.adaptations.items() if name != channel}


def _written(field: Adaptable, text: str) -> str:
    if field.many_lines:
        return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()
    return one_line(text)
