"""Two revisions of an item side by side, for people: facts, then the text with what was taken out and put in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from syndicate.desk.wording import word
from syndicate.flow.workspace import Workspace
from syndicate.ingest.changes import Change, Part, body_pairs, changes
from syndicate.records.values import RevisionRecord
from syndicate.render.adapting import adaptable
from syndicate.text.difference import Fate, Pair, Piece, pieces

MOST_LINES = 400
"""Lines of a comparison; a text that was rewritten is read as a whole."""
_CONTEXT = 60
"""Characters of an unchanged piece shown on each side of what changed."""
_AROUND = 1
"""Unchanged clauses shown before and after a changed one."""


@dataclass(frozen=True)
class Told:
    """One change: where, and its pieces."""

    where: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True)
class Line:
    """One clause of the text, or how many unchanged ones are left out here."""

    pieces: tuple[Piece, ...]
    changed: bool
    left_out: int = 0


@dataclass(frozen=True)
class Comparison:
    """All that is different between two revisions of one item."""

    before: RevisionRecord
    after: RevisionRecord
    facts: tuple[Told, ...]
    lines: tuple[Line, ...]
    """The text; empty where no word of it changed."""
    more: int
    """Changed clauses beyond the longest list."""
    only_form: bool
    """The contents differ, and no word does: links, alignment, order of pictures."""


def compare(workspace: Workspace, before: RevisionRecord, after: RevisionRecord) -> Comparison:
    """What changed from one revision to another one, in either direction of time."""
    found = changes(before.content, after.content)
    facts = tuple(told_change(workspace, one) for one in found if one.part is not Part.BODY)
    lines = tuple(_lines(tuple(body_pairs(before.content, after.content))))
    is_same = not found and before.content.hash == after.content.hash
    return Comparison(
        before,
        after,
        facts,
        lines[:MOST_LINES],
        sum(line.changed for line in lines[MOST_LINES:]),
        only_form=not found and not is_same,
    )


def told_change(workspace: Workspace, change: Change) -> Told:
    """One change with its pieces; long unchanged ones keep what is next to the change."""
    found = pieces(change.before, change.after)
    last = len(found) - 1
    return Told(
        _where(workspace, change), tuple(_shortened(piece, at == 0, at == last) for at, piece in enumerate(found))
    )


def _where(workspace: Workspace, change: Change) -> str:
    if change.part is Part.CHANNEL:
        name, _, field = change.name.partition(":")
        channel = workspace.snapshot.channels.get(name)
        fields = adaptable(channel.kind, reprint=False) if channel else ()
        label = next((one.label for one in fields if one.field == field), field)
        return f"{channel.title if channel else name} {label}"
    return change.name if change.part is Part.FIELD else word("part", change.part)


def _shortened(piece: Piece, first: bool, last: bool) -> Piece:
    text = piece.text
    if piece.fate is not Fate.KEPT or len(text) <= 2 * _CONTEXT:
        return piece
    start = "" if first else text[:_CONTEXT]
    return Piece(Fate.KEPT, f"{start}…{'' if last else text[-_CONTEXT:]}")


def _lines(pairs: Sequence[Pair]) -> Iterator[Line]:
    """The changed clauses with their neighbours; runs of others are counted. Nothing for a text without a change."""
    changed = [at for at, pair in enumerate(pairs) if pair.before != pair.after]
    shown = {near for at in changed for near in range(at - _AROUND, at + _AROUND + 1)}
    if not changed:
        return
    for is_shown, run in groupby(enumerate(pairs), key=lambda one: one[0] in shown):
        if not is_shown:
            yield Line((), False, sum(1 for _ in run))
            continue
        for _, pair in run:
            yield Line(pieces(pair.before, pair.after), pair.before != pair.after)
