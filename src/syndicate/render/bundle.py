"""The bundle 群发: up to eight approved renditions of an official account as one message to its followers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from syndicate.model.channel import Channel, ChannelKind, FileReference, Rendered, Rendition
from syndicate.model.finding import Finding, Severity
from syndicate.model.item import Content, FileRole
from syndicate.render.facts import RenderFacts
from syndicate.render.findings import finding

BUNDLE = "bundle"
"""Field that marks such a rendition; its body is a list of articles: `[{"hash": …, "fields": {…}, "body": "…"}]`."""
MOST = 8
"""Articles of one draft (the platform's 45008)."""


def render_bundle(content: Content, facts: RenderFacts, channel: Channel) -> Rendered:
    """The members' renditions, unchanged, in their order; each one's hash is part of what is approved."""
    found: list[Finding] = []
    if channel.kind is not ChannelKind.WECHAT:
        found.append(finding("render.bundle_channel", Severity.BLOCK, channel, "群发"))
    if not 1 <= len(facts.members) <= MOST:
        found.append(finding("render.bundle_size", Severity.BLOCK, channel, "群发", len(facts.members), limit=MOST))
    listed = [{"hash": one.hash, "fields": dict(one.fields), "body": one.body} for one in facts.members]
    fields = {BUNDLE: "1", "title": content.title}
    body = json.dumps(listed, ensure_ascii=False, sort_keys=True)
    return Rendered(Rendition(channel.id, fields, body, _files(facts.members)), tuple(found))


def _files(members: Iterable[Rendition]) -> tuple[FileReference, ...]:
    """Every picture once; each article's cover under its number."""
    pictures: dict[str, FileReference] = {}
    covers = []
    for number, member in enumerate(members):
        for file in member.files:
            if file.role == FileRole.IMAGE:
                pictures.setdefault(file.sha256, file)
            else:
                covers.append(replace(file, role=f"cover:{number}" if number else "cover"))
    return (*pictures.values(), *covers)


def shown_body(rendition: Rendition) -> str:
    """The markup that a reader of the desk sees: of a bundle one article after the other."""
    if BUNDLE not in rendition.fields:
        return rendition.body
    return "<hr>".join(one["body"] for one in json.loads(rendition.body))
