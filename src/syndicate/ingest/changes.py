"""What changed between two texts of one original, clause by clause, for people to read. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from syndicate.model.item import Content
from syndicate.text.plain import from_html

MOST = 60
"""Changes that are listed; a text that was rewritten is read as a whole."""
_LONGEST = 1_000
"""Clauses of a text that are compared; further ones count as one."""
_CLAUSE = re.compile(r"[^。！？；\n]+[。！？；]?")


class Part(StrEnum):
    """Where something changed."""

    TITLE = "title"
    SOURCE = "source"
    PUBLISHED = "published"
    FIELD = "field"
    BODY = "body"
    FILE = "file"


@dataclass(frozen=True)
class Change:
    """One change. `before` or `after` is empty where something was added or taken out.

    The first `start` and the last `end` characters of both are the same. `name` is the label of a field.
    """

    part: Part
    before: str
    after: str
    name: str = ""

    @property
    def start(self) -> int:
        """How many characters both begin with."""
        return _common(self.before, self.after)

    @property
    def end(self) -> int:
        """How many characters both end with, beyond the common beginning."""
        return _common(self.before[self.start :][::-1], self.after[self.start :][::-1])


def changes(before: Content, after: Content) -> tuple[Change, ...]:
    """Every change from one text to the other: facts first, then the clauses of the body in their order, then files."""
    return (*_facts(before, after), *_clauses(before, after), *_files(before, after))


def _common(first: str, second: str) -> int:
    """How many characters two texts begin with together."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(first), len(second)))


def _facts(before: Content, after: Content) -> Iterator[Change]:
    pairs = [
        (Part.TITLE, before.title, after.title),
        (Part.SOURCE, before.source_name, after.source_name),
        (Part.PUBLISHED, _moment(before), _moment(after)),
    ]
    yield from (Change(part, old, new) for part, old, new in pairs if old != new)
    for name in dict.fromkeys((*before.fields, *after.fields)):
        old, new = before.fields.get(name, ""), after.fields.get(name, "")
        if old != new:
            yield Change(Part.FIELD, old, new, name)


def _moment(content: Content) -> str:
    return f"{content.published_at:%Y-%m-%d %H:%M}" if content.published_at else ""


def _clauses(before: Content, after: Content) -> Iterator[Change]:
    old, new = _split(before), _split(after)
    for kind, start, end, new_start, new_end in SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            continue
        paired = min(end - start, new_end - new_start)
        for number in range(paired):
            yield Change(Part.BODY, old[start + number], new[new_start + number])
        yield from (Change(Part.BODY, clause, "") for clause in old[start + paired : end])
        yield from (Change(Part.BODY, "", clause) for clause in new[new_start + paired : new_end])


def _split(content: Content) -> list[str]:
    clauses = [clause for one in _CLAUSE.findall(from_html(content.body).text) if (clause := one.strip())]
    return [*clauses[:_LONGEST], *(["".join(clauses[_LONGEST:])] if len(clauses) > _LONGEST else [])]


def _files(before: Content, after: Content) -> Iterator[Change]:
    old = {file.sha256: file.name for file in before.attachments}
    new = {file.sha256: file.name for file in after.attachments}
    gone = [name for sha256, name in old.items() if sha256 not in new]
    come = [name for sha256, name in new.items() if sha256 not in old]
    paired = min(len(gone), len(come))
    yield from (Change(Part.FILE, gone[number], come[number]) for number in range(paired))
    yield from (Change(Part.FILE, name, "") for name in gone[paired:])
    yield from (Change(Part.FILE, "", name) for name in come[paired:])
