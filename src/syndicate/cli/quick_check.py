"""The plain command lines of `syndicate check`, read without the library for command lines.

That library takes longer to load than checking a page. Whatever is not plain here (help, an abbreviation, a mistake) is
left to it, so that every answer about a command line is its answer.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from syndicate.cli.checking import Format, Wish
from syndicate.model.finding import Severity

FLAGS: Mapping[str, str] = MappingProxyType({"--json": "as_json", "--watch": "watch"})
OPTIONS: Mapping[str, tuple[str, Callable[[str], object]]] = MappingProxyType(
    {
        "--format": ("shown_as", Format),
        "--date": ("day", str),
        "--fail-on": ("fail_on", Severity),
        "--explain": ("rule", str),
        "--jsonl": ("jsonl", str),
        "--home": ("home", Path),
    }
)
"""Option → field of the wish, and how its word is read. Raises `ValueError` for a word that is none."""


def plain_wish(words: Sequence[str]) -> Wish | None:
    """What the words behind `check` ask for; None where they are not plain."""
    fields: dict[str, object] = {"home": Path(os.environ.get("SYNDICATE_HOME") or ".")}
    targets: list[str] = []
    rest = iter(words)
    for word in rest:
        name, mark, value = word.partition("=")
        if word == "-" or not word.startswith("-"):
            targets.append(word)
        elif word in FLAGS:
            fields[FLAGS[word]] = True
        elif name in OPTIONS:
            field, read = OPTIONS[name]
            value = value if mark else next(rest, "--")
            try:
                fields[field] = read(value)
            except ValueError:
                return None
            if value.startswith("--"):
                return None
        else:
            return None
    return _WISH(targets=targets, **fields)


_WISH: Callable[..., Wish] = Wish
