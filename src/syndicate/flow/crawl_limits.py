"""How often, how much and how long the patrol of the public site looks: `crawl_limits.tsv`."""

from __future__ import annotations

import csv
from datetime import timedelta
from functools import cache
from importlib.resources import files

from syndicate.inspection.link_state import Ladder


@cache
def crawl_limits() -> dict[str, int]:
    """The figures by key; units and basis stand in the file."""
    text = files("syndicate.flow").joinpath("crawl_limits.tsv").read_text("utf-8")
    return {row["key"]: int(row["value"]) for row in csv.DictReader(text.splitlines(), delimiter="\t")}


def link_ladder() -> Ladder:
    """When addresses of other sites are looked at again, and when one counts as broken."""
    limits = crawl_limits()
    return Ladder(
        tries=limits["link_tries"],
        over=timedelta(hours=limits["link_over"]),
        again=timedelta(hours=limits["link_again"]),
        cycle=timedelta(days=limits["link_cycle"]),
    )
