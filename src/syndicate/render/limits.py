"""Limits of the channels: the account's own value, else the default of its kind in `limits.tsv`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from syndicate.model.channel import Channel


@cache
def default_limits() -> Mapping[tuple[str, str], int]:
    """The defaults by kind and key; characters, bytes, seconds or days as the key says."""
    text = files("syndicate.render").joinpath("limits.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return MappingProxyType({(row["kind"], row["key"]): int(row["value"]) for row in rows})


def limit(channel: Channel, key: str) -> int:
    """One limit of a channel."""
    return channel.limits.get(key, default_limits()[channel.kind, key])


def picture_limit(channel: Channel) -> int | None:
    """Largest picture in bytes; None for channels that carry no pictures."""
    return channel.limits.get("image_bytes", default_limits().get((channel.kind, "image_bytes")))
