"""链接状态: what several looks at one address beyond the site say together. Three tries over a day make a link broken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from urllib.parse import urlsplit

from syndicate.inspection.wording import rows

_GOVERNMENT = ".gov.cn"


class LinkState(StrEnum):
    """How a link stands."""

    NEW = "new"
    """Not looked at yet."""
    FINE = "fine"
    FAILING = "failing"
    """Did not open at the last looks, and too few of them for a verdict."""
    BROKEN = "broken"
    UNSURE = "unsure"
    """A wall, a time-out, a log-in: a person with a browser must look."""
    OFF = "off"
    """Opens, but onto a parked, expired or given-up domain, or from a government's site onto another one."""


@dataclass(frozen=True)
class Look:
    """One look: the message key of what went wrong (empty: it opened), and what stood there."""

    failure: str = ""
    final_url: str = ""
    title: str = ""
    why: str = ""
    """What went wrong, for people."""


@dataclass(frozen=True)
class Ladder:
    """When an address is looked at again. `tries` failures, the first at least `over` ago, make it broken."""

    tries: int
    over: timedelta
    again: timedelta
    """After a look that failed or told nothing."""
    cycle: timedelta
    """After one that opened, and after the verdict."""


@dataclass(frozen=True)
class Standing:
    """How an address stands, how often in a row and since when it failed, and when to look again."""

    state: LinkState
    failures: int = 0
    failing_since: datetime | None = None
    due_at: datetime | None = None


def after(before: Standing, look: Look, url: str, now: datetime, ladder: Ladder) -> Standing:
    """How an address stands after one more look."""
    outcome = outcomes().get(look.failure, "unsure") if look.failure else "fine"
    if outcome == "fine":
        state = LinkState.OFF if leads_off(url, look) else LinkState.FINE
        return Standing(state, due_at=now + ladder.cycle)
    if outcome == "unsure":
        kept = before.state is LinkState.BROKEN  # a wall today does not heal what was broken yesterday
        state = LinkState.BROKEN if kept else LinkState.UNSURE
        return Standing(state, before.failures, before.failing_since, now + ladder.again)
    failures, since = before.failures + 1, before.failing_since or now
    broken = before.state is LinkState.BROKEN or (failures >= ladder.tries and now - since >= ladder.over)
    if broken:
        return Standing(LinkState.BROKEN, failures, since, now + ladder.cycle / 7)
    return Standing(LinkState.FAILING, failures, since, now + ladder.again)


def leads_off(url: str, look: Look) -> bool:
    """Whether what opened is a parked domain's page, or a government's address that leads out of the government's sites."""
    title = look.title.lower()
    if any(row["sign"].lower() in title for row in rows("parked_signs.tsv")):
        return True
    return _is_government(url) and bool(look.final_url) and not _is_government(look.final_url)


def _is_government(url: str) -> bool:
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return False
    return host.endswith(_GOVERNMENT) or host == _GOVERNMENT[1:]


@cache
def outcomes() -> dict[str, str]:
    """What each way to fail means: `dead`, `unsure` or `fine`, by message key."""
    return {row["key"]: row["outcome"] for row in rows("link_outcomes.tsv")}
