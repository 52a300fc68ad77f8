"""Which files may be published at all, under which extension, and which channels show them as pictures."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from syndicate.model.channel import ChannelKind


@dataclass(frozen=True)
class MediaType:
    """A type of file that may be published. HTML and SVG are not among them: both can carry scripts."""

    extension: str
    pictures_on: frozenset[str]
    """Kinds of channels that take it as a picture; empty for what is no picture."""


@cache
def media_types() -> Mapping[str, MediaType]:
    """Everything that may be published, by media type in lower case."""
    text = files("syndicate.render").joinpath("media_types.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return MappingProxyType(
        {row["media_type"]: MediaType(row["extension"], frozenset(row["pictures_on"].split())) for row in rows}
    )


def extension(media_type: str) -> str | None:
    """The extension of a type's files without the dot; None where files of this type are never published."""
    known = media_types().get(media_type.lower())
    return known.extension if known else None


def is_picture_for(media_type: str, kind: ChannelKind) -> bool:
    """Whether a channel of this kind shows such a file as a picture."""
    known = media_types().get(media_type.lower())
    return known is not None and kind in known.pictures_on
