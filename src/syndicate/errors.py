"""The error tree, cut by what the caller must do next, and the words people read about it.

SyndicateError
├── ConfigurationError   fix every file and line named, then run again
├── UsageError           call again with other arguments
├── NotFound             name something that exists
├── NotAllowed           state, role or rule forbids it; the message says who may or what must happen first
├── Conflict             somebody was faster; reload and decide again
├── InputError           this one document, file or feed cannot be read; record it and go on with the rest
├── FetchError           a GET brought nothing usable
│   ├── FetchLater       nothing was wrong with the request; the same GET may be repeated
│   ├── FetchRefused     the other side refuses (gone, wall, no rights); a person must look
│   └── FetchForbidden   our own rules refuse the address, the size or the type
└── StorageError         disk or database cannot take it; nothing was written; make room, then run again

Delivery outcomes are values, not errors: see `syndicate.model.delivery`.
"""

from __future__ import annotations

import errno
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Wording:
    """One row of `messages/*.tsv`: what happened and what to do, in both languages, with `{name}` slots."""

    zh: str
    en: str
    action_zh: str
    action_en: str


_MESSAGES = Path(__file__).parent / "messages"


def wording(key: str) -> Wording:
    """The text for people with that key, `area.name`. Raises `KeyError` where there is none."""
    return _area(key.partition(".")[0])[key]


@cache
def wordings() -> Mapping[str, Wording]:
    """Every text for people, by key; the area is the name of its TSV file. Pages ask for hundreds of words: put together once."""
    table: dict[str, Wording] = {}
    for file in _MESSAGES.glob("*.tsv"):
        table.update(_area(file.stem))
    return MappingProxyType(table)


@cache
def _area(name: str) -> Mapping[str, Wording]:
    """The texts of one area; most runs need few of them."""
    try:
        heading, *lines = (_MESSAGES / f"{name}.tsv").read_text("utf-8").splitlines()
    except FileNotFoundError:
        return {}
    rows = (dict(zip(heading.split("\t"), line.split("\t"), strict=True)) for line in lines if line)
    return {f"{name}.{row.pop('key')}": Wording(**row) for row in rows}


@dataclass(frozen=True)
class Message:
    """Something to tell a person: a key of `messages/*.tsv` and the values for its slots.

    A value may itself be a message (a state's word, say) and is then said in the same language. Stored as key and values; shown in the reader's language. Never put a secret or personal data into `values`.
    """

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    @property
    def zh(self) -> str:
        """What happened, in Chinese."""
        return wording(self.key).zh.format_map(_said(self.values, "zh"))

    @property
    def en(self) -> str:
        """What happened, in English."""
        return wording(self.key).en.format_map(_said(self.values, "en"))

    @property
    def action_zh(self) -> str:
        """What to do next, in Chinese."""
        return wording(self.key).action_zh.format_map(_said(self.values, "zh"))

    @property
    def action_en(self) -> str:
        """What to do next, in English."""
        return wording(self.key).action_en.format_map(_said(self.values, "en"))

    def __str__(self) -> str:
        return f"{self.zh} {self.action_zh}\n{self.en} {self.action_en}"


def _said(values: Mapping[str, object], language: str) -> dict[str, object]:
    """The values with every message among them in one language; several messages are listed."""
    return {name: _in_language(value, language) for name, value in values.items()}


def _in_language(value: object, language: str) -> object:
    if isinstance(value, Message):
        return value.zh if language == "zh" else value.en
    if isinstance(value, tuple):
        return ("、" if language == "zh" else ", ").join(str(_in_language(one, language)) for one in value)
    return value


class SyndicateError(Exception):
    """Base of everything this package raises on purpose. `message` tells a person what happened and what to do."""

    def __init__(self, key: str, **values: object) -> None:
        self.message = Message(key, values)
        super().__init__(key, values)

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a configuration file: where it is, the line itself, and what is wrong with it."""

    file: str
    line: int
    text: str
    message: Message

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message.zh} {self.message.action_zh}\n    {self.text.strip()}"


class ConfigurationError(SyndicateError):
    """The configuration has mistakes; `problems` lists all of them. Nothing was started."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__("core.configuration", count=len(problems))

    def __str__(self) -> str:
        return "\n".join([*map(str, self.problems), str(self.message)])


class UsageError(SyndicateError):
    """The call itself is wrong."""


class NotFound(SyndicateError):
    """What was named does not exist."""


class NotAllowed(SyndicateError):
    """The state, the role or a rule forbids it."""


class Conflict(SyndicateError):
    """Somebody changed it in the meantime."""


class InputError(SyndicateError):
    """One document, file or feed cannot be read."""


class FetchError(SyndicateError):
    """A GET brought nothing usable."""


class FetchLater(FetchError):
    """Timeout, reset, 429, 5xx: the same GET may be repeated."""


class FetchRefused(FetchError):
    """404, 410, 403, a wall: a person must look."""


class FetchForbidden(FetchError):
    """Our own rules refuse the address, the size or the type."""


class StorageError(SyndicateError):
    """Disk or database cannot take it; nothing was written."""


_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def disk_refusal(path: object, error: OSError) -> StorageError:
    """What a failed write of `path` means: a full disk (or quota) is told as such, anything else by its reason."""
    reason = error.strerror or type(error).__name__
    return StorageError("site.disk_full" if error.errno in _FULL else "site.disk", path=str(path), reason=reason)
