"""How long, how much, how often: the bounds of every GET, from `limits.tsv`."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


def table(name: str) -> list[dict[str, str]]:
    """The rows of one of this package's TSV files."""
    lines = files("syndicate.net").joinpath(name).read_text("utf-8").splitlines()
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


@dataclass(frozen=True)
class Limits:
    """One row of `limits.tsv` each; times in seconds, sizes in bytes."""

    connect: float
    read: float
    page: float
    """All hops and tries of one `get` together; waiting for a turn is not counted."""
    download: float
    """The same for one `download`."""
    page_bytes: int
    download_bytes: int
    redirects: int
    tries: int
    retry: float
    """First wait before a repetition; it doubles."""
    gap: float
    """Between the end of a request to a host and the next one."""
    longest_gap: float
    """No Crawl-delay keeps requests further apart."""
    busy: float
    """For a 429 without Retry-After."""
    longest_busy: float
    """No Retry-After keeps us away for longer."""
    addresses: int
    """So many addresses of one name are tried."""


@cache
def shipped_limits() -> Limits:
    """The bounds as this package ships them."""
    value = {row["key"]: int(row["value"]) for row in table("limits.tsv")}
    return Limits(**value)
