"""What changed between two texts of one original, clause by clause, for people to read. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from syndicate.model.item import Content
from syndicate.text.difference import Pair, clauses, paired
from syndicate.text.plain import from_html

MOST = 60
"""Changes that are listed; a text that was rewritten is read as a whole."""


class Part(StrEnum):
    """Where something changed."""

    TITLE = "title"
    SOURCE = "source"
    PUBLISHED = "published"
    AUTHOR = "author"
    SUMMARY = "summary"
    FIELD = "field"
    BODY = "body"
    FILE = "file"
    CHANNEL = "channel"


@dataclass(frozen=True)
class Change:
    """One change. `before` or `after` is empty where something was added or taken out.

    `name` is the label of a field; for words of a channel `channel:field`.
    """

    part: Part
    before: str
    after: str
    name: str = ""


def changes(before: Content, after: Content) -> tuple[Change, ...]:
    """Every change from one text to the other: facts, the clauses of the body in their order, files, words for channels."""
    return (*_facts(before, after), *_clauses(before, after), *_files(before, after), *_adaptations(before, after))


def _facts(before: Content, after: Content) -> Iterator[Change]:
    pairs = [
        (Part.TITLE, before.title, after.title),
        (Part.SOURCE, before.source_name, after.source_name),
        (Part.PUBLISHED, _moment(before), _moment(after)),
        (Part.AUTHOR, before.author, after.author),
        (Part.SUMMARY, before.summary, after.summary),
    ]
    yield from (Change(part, old, new) for part, old, new in pairs if old != new)
    for name in dict.fromkeys((*before.fields, *after.fields)):
        old, new = before.fields.get(name, ""), after.fields.get(name, "")
        if old != new:
            yield Change(Part.FIELD, old, new, name)


def _moment(content: Content) -> str:
    return f"{content.published_at:%Y-%m-%d %H:%M}" if content.published_at else ""


def body_pairs(before: Content, after: Content) -> Iterator[Pair]:
    """Every clause of both bodies in reading order, each beside what it became."""
    return paired(clauses(from_html(before.body).text), clauses(from_html(after.body).text))


def _clauses(before: Content, after: Content) -> Iterator[Change]:
    pairs = (pair for pair in body_pairs(before, after) if pair.before != pair.after)
    return (Change(Part.BODY, pair.before, pair.after) for pair in pairs)


def _adaptations(before: Content, after: Content) -> Iterator[Change]:
    old, new = (
        {f"{channel}:{field}": text for channel, words in one.adaptations.items() for field, text in words.items()}
        for one in (before, after)
    )
    for name in dict.fromkeys((*old, *new)):
        if old.get(name) != new.get(name):
            yield Change(Part.CHANNEL, old.get(name, ""), new.get(name, ""), name)


def _files(before: Content, after: Content) -> Iterator[Change]:
    old = {file.sha256: file.name for file in before.attachments}
    new = {file.sha256: file.name for file in after.attachments}
    gone = [name for sha256, name in old.items() if sha256 not in new]
    come = [name for sha256, name in new.items() if sha256 not in old]
    paired = min(len(gone), len(come))
    yield from (Change(Part.FILE, gone[number], come[number]) for number in range(paired))
    yield from (Change(Part.FILE, name, "") for name in gone[paired:])
    yield from (Change(Part.FILE, "", name) for name in come[paired:])
