"""采纳建议: what a finding suggests, put into the text as a new revision. Never on a reprint."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from html import escape, unescape

from syndicate.errors import Conflict, InputError, NotAllowed
from syndicate.flow.items import add_revision
from syndicate.flow.workspace import Workspace
from syndicate.model.finding import Finding
from syndicate.model.item import Content, ItemKind
from syndicate.model.review import Actor, ItemAction
from syndicate.records import findings as finding_records
from syndicate.records import items
from syndicate.records.values import ItemRecord

_PARTS = ("title", "body")
_NOTE = ("（", "）")
"""A suggestion in brackets, such as （删去）, tells a person what to do; it is no text to put in."""


def key_of(finding: Finding) -> str:
    """What names a finding within its revision."""
    return f"{finding.part}:{finding.start}:{finding.end}:{finding.rule}"


def can_accept(content: Content, finding: Finding) -> bool:
    """Whether a suggestion can take the place of what was found: our own text, found as it stands, not across a tag."""
    suggestion = finding.suggestion or ""
    if content.kind is not ItemKind.ORIGINAL or finding.part not in _PARTS or not suggestion:
        return False
    if suggestion.startswith(_NOTE[0]) and suggestion.endswith(_NOTE[1]):
        return False
    written = _source(content, finding.part)[finding.start : finding.end]
    return bool(written) and "<" not in written and _read(finding.part, written) == finding.text


def accept(workspace: Workspace, actor: Actor, item: ItemRecord, revision: int, keys: Collection[str]) -> ItemRecord:
    """Store a new revision in which the findings named by `keys` are as suggested; all approvals are void.

    `item` and `revision` (its row) are what the person saw. Raises NotAllowed for a reprint, Conflict where the item or
    its text changed since, InputError where nothing of what was named can be put in.
    """
    if item.kind is not ItemKind.ORIGINAL:
        raise NotAllowed("item.reprint")
    latest = items.latest_revision(item.id)
    if latest.id != revision:
        raise Conflict("records.changed", item=item.id)
    named = [one for one in finding_records.of_revision(latest.id) if key_of(one) in keys]
    chosen = _apart([one for one in named if can_accept(latest.content, one)])
    if not chosen:
        raise InputError("writing.nothing_to_accept")
    told = "；".join(f"{one.text}→{one.suggestion}（{one.rule}）" for one in chosen)
    return add_revision(workspace, actor, item, with_suggestions(latest.content, chosen), (ItemAction.EDIT, told))


def with_suggestions(content: Content, findings: Collection[Finding]) -> Content:
    """The content with every suggestion in the place of what was found; the findings lie apart."""
    texts = {part: _source(content, part) for part in _PARTS}
    for one in sorted(findings, key=lambda finding: finding.start, reverse=True):
        put_in = one.suggestion or ""
        written = escape(put_in, quote=False) if one.part == "body" else put_in
        texts[one.part] = texts[one.part][: one.start] + written + texts[one.part][one.end :]
    return replace(content, title=texts["title"], body=texts["body"])


def _apart(findings: list[Finding]) -> list[Finding]:
    """Those that do not lie in one another: of two on the same words the graver, else the earlier one."""
    taken: list[Finding] = []
    for one in sorted(findings, key=lambda finding: (-finding.severity.weight, finding.start)):
        if all(one.part != other.part or one.end <= other.start or one.start >= other.end for other in taken):
            taken.append(one)
    return sorted(taken, key=lambda finding: (finding.part, finding.start))


def _source(content: Content, part: str) -> str:
    return content.title if part == "title" else content.body


def _read(part: str, written: str) -> str:
    return unescape(written) if part == "body" else written
