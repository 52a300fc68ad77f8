"""How large and how many uploaded files may be, and what an archive must not hold: `upload_limits.tsv`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def _values() -> Mapping[str, str]:
    text = files("syndicate.flow").joinpath("upload_limits.tsv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return MappingProxyType({row["key"]: row["value"] for row in rows})


def upload_limit(key: str) -> int:
    """One limit: bytes, or a number of files or frames, as the key says."""
    return int(_values()[key])


@cache
def refused_in_zip() -> frozenset[str]:
    """Endings, without the dot, of what an uploaded archive must not hold."""
    return frozenset(_values()["refused_in_zip"].split())
