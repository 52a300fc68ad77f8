"""The tables of this stage: selectors, signs and names that change with the web, each with its basis."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of `ingest/tables/<name>.tsv` by column, in the order of the file, which is the order of preference."""
    text = files("syndicate.ingest").joinpath("tables", f"{name}.tsv").read_text("utf-8")
    return tuple(csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))


@cache
def column(name: str, key: str) -> frozenset[str]:
    """One column of a table as a set."""
    return frozenset(row[key] for row in table(name))
