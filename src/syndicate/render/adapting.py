"""改写: which fields of a channel's rendition people may word differently, within which limit."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from syndicate.model.channel import ChannelKind
from syndicate.text.weibo_length import weibo_length


@dataclass(frozen=True)
class Adaptable:
    """A field that may be worded differently. `limit` is the key of its limit, `label` its name for people."""

    field: str
    limit: str
    label: str
    counts_as_weibo: bool
    """The platform counts two Latin characters as one, and links by a rule of their own."""
    many_lines: bool
    on_reprints: bool
    """False for what a reprint must have as its source has it."""

    def length(self, text: str) -> int:
        """How long a text is by the platform's own count."""
        return weibo_length(text) if self.counts_as_weibo else len(text)


@cache
def _table() -> Mapping[str, tuple[Adaptable, ...]]:
    text = files("syndicate.render").joinpath("adaptable.tsv").read_text("utf-8")
    rows = tuple(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
    kinds = dict.fromkeys(row["kind"] for row in rows)
    return MappingProxyType({kind: tuple(_read(row) for row in rows if row["kind"] == kind) for kind in kinds})


def _read(row: Mapping[str, str]) -> Adaptable:
    measure, lines, reprint = row["measure"] == "weibo", row["lines"] == "many", row["reprint"] == "yes"
    return Adaptable(row["field"], row["limit"], row["label"], measure, lines, reprint)


def adaptable(kind: ChannelKind, *, reprint: bool) -> tuple[Adaptable, ...]:
    """The fields of this kind of channel that may be worded differently for a reprint, or for our own text."""
    return tuple(one for one in _table().get(kind, ()) if one.on_reprints or not reprint)
